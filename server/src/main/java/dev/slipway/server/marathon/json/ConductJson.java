package dev.slipway.server.marathon.json;

import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.UnreachableStrategy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How an app behaves, as it is written. Slipway's own fields are absent where they say nothing, so
/// that clients with closed models see them only where somebody asked for them.
final class ConductJson {
  private ConductJson() {}

  /// The field `deployment`.
  record ProgressJson(Optional<Number> progressDeadlineSeconds, Optional<String> onFailure) {
    static Optional<ProgressJson> of(Rollout rollout) {
      boolean usual =
          rollout.progressDeadline().isEmpty() && rollout.onFailure() == Rollout.OnFailure.NONE;
      return usual
          ? Optional.empty()
          : Optional.of(
              new ProgressJson(
                  rollout.progressDeadline().map(Numbers::ofSeconds),
                  Optional.of(word(Conduct.ON_FAILURE, rollout.onFailure()))));
    }
  }

  record PreferenceJson(List<String> constraint, int weight) {
    static PreferenceJson of(Preference preference) {
      return new PreferenceJson(AppJson.constraint(preference.constraint()), preference.weight());
    }
  }

  record ReplacedJson(Number inactiveAfterSeconds, Number expungeAfterSeconds) {}

  record UpgradeStrategyJson(Number maximumOverCapacity, Number minimumHealthCapacity) {}

  record ResourceLimitsJson(Optional<Object> cpus, Optional<Object> mem) {
    private static final double MILLIS = 1000;
    private static final double MEBIBYTE = 1024 * 1024;

    static Optional<ResourceLimitsJson> of(ResourceLimits limits) {
      return limits.equals(ResourceLimits.NONE)
          ? Optional.empty()
          : Optional.of(
              new ResourceLimitsJson(
                  limits.cpus().map(limit -> amount(limit, MILLIS)),
                  limits.mem().map(limit -> amount(limit, MEBIBYTE))));
    }

    private static Object amount(ResourceLimits.Limit limit, double unit) {
      return switch (limit) {
        case ResourceLimits.Limit.Unlimited _ -> Amounts.UNLIMITED;
        case ResourceLimits.Limit.AtMost most -> Numbers.plain(most.amount() / unit);
      };
    }
  }

  /// An object, or the word `disabled`.
  static Object unreachable(UnreachableStrategy strategy) {
    return switch (strategy) {
      case UnreachableStrategy.Disabled _ -> "disabled";
      case UnreachableStrategy.Replaced replaced ->
          new ReplacedJson(
              Numbers.ofSeconds(replaced.inactiveAfter()),
              Numbers.ofSeconds(replaced.expungeAfter()));
    };
  }

  static Optional<String> restart(RestartPolicy policy) {
    return policy == RestartPolicy.ALWAYS
        ? Optional.empty()
        : Optional.of(word(Conduct.RESTART, policy));
  }

  static Optional<Number> jitter(BackoffPolicy backoff) {
    return backoff.jitter() == 0 ? Optional.empty() : Optional.of(Numbers.plain(backoff.jitter()));
  }

  static Optional<Number> minimumUptime(BackoffPolicy backoff) {
    return backoff.minimumUptime().isZero()
        ? Optional.empty()
        : Optional.of(Numbers.ofSeconds(backoff.minimumUptime()));
  }

  private static <T> String word(Map<String, T> words, T value) {
    return words.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value))
        .findFirst()
        .orElseThrow()
        .getKey();
  }
}
