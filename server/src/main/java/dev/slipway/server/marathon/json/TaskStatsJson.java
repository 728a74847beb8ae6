package dev.slipway.server.marathon.json;

import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// How an app's tasks are, by what they were started with. A class without tasks is left out.
public record TaskStatsJson(
    Optional<ClassJson> startedAfterLastScaling,
    Optional<ClassJson> withLatestConfig,
    Optional<ClassJson> withOutdatedConfig,
    Optional<ClassJson> totalSummary) {

  public record ClassJson(StatsJson stats) {}

  public record StatsJson(CountsJson counts, Optional<LifeTimeJson> lifeTime) {}

  public record CountsJson(int staged, int running, int healthy, int unhealthy) {}

  /// Of the tasks that run.
  public record LifeTimeJson(double averageSeconds, double medianSeconds) {}

  public static TaskStatsJson fromCore(
      VersionInfo versions, List<Instance> placed, boolean hasChecks, Instant now) {
    return new TaskStatsJson(
        stats(placed, task -> !task.version().isBefore(versions.lastScalingAt()), hasChecks, now),
        stats(
            placed,
            task -> !task.version().isBefore(versions.lastConfigChangeAt()),
            hasChecks,
            now),
        stats(
            placed, task -> task.version().isBefore(versions.lastConfigChangeAt()), hasChecks, now),
        stats(placed, task -> true, hasChecks, now));
  }

  public static CountsJson counts(List<Instance> placed, boolean hasChecks) {
    int staged = 0;
    int running = 0;
    int healthy = 0;
    int unhealthy = 0;
    for (Instance instance : placed) {
      Condition condition = instance.condition();
      if (condition == Condition.PROVISIONED || condition == Condition.STAGING) {
        staged++;
      }
      if (condition != Condition.RUNNING) {
        continue;
      }
      running++;
      if (hasChecks && instance.health().isPresent()) {
        healthy += instance.health().get() ? 1 : 0;
        unhealthy += instance.health().get() ? 0 : 1;
      }
    }
    return new CountsJson(staged, running, healthy, unhealthy);
  }

  private static Optional<ClassJson> stats(
      List<Instance> placed, Predicate<Instance> member, boolean hasChecks, Instant now) {
    List<Instance> members = placed.stream().filter(member).toList();
    if (members.isEmpty()) {
      return Optional.empty();
    }
    double[] ages =
        members.stream()
            .filter(instance -> instance.condition() == Condition.RUNNING)
            .flatMap(instance -> instance.startedAt().stream())
            .mapToDouble(started -> Duration.between(started, now).toMillis() / 1000.0)
            .sorted()
            .toArray();
    return Optional.of(new ClassJson(new StatsJson(counts(members, hasChecks), lifeTime(ages))));
  }

  private static Optional<LifeTimeJson> lifeTime(double[] sortedAges) {
    if (sortedAges.length == 0) {
      return Optional.empty();
    }
    double average = Arrays.stream(sortedAges).average().orElse(0);
    int middle = sortedAges.length / 2;
    double median =
        sortedAges.length % 2 == 1
            ? sortedAges[middle]
            : (sortedAges[middle - 1] + sortedAges[middle]) / 2;
    return Optional.of(new LifeTimeJson(average, median));
  }
}
