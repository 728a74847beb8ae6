package dev.slipway.server.marathon.json;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.AppSpecBuilder;
import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.UpgradeStrategy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a client says of how an app is updated, and of what follows when its tasks fail or vanish.
/// `deployment`, `restartPolicy`, `backoffMinimumUptimeSeconds` and `backoffJitter` are Slipway's
/// own.
record Conduct(
    Strategy strategy,
    Optional<List<ReadinessCheck>> readiness,
    Optional<Progress> progress,
    Backoff backoff,
    Optional<RestartPolicy> restartPolicy,
    Optional<UnreachableStrategy> unreachable,
    Optional<Duration> killGrace) {

  static final String SINGLE_INSTANCE_LABEL = "MARATHON_SINGLE_INSTANCE_APP";
  private static final double RESIDENT_HEALTH = 0.5;

  static final Map<String, Rollout.OnFailure> ON_FAILURE = new LinkedHashMap<>();
  static final Map<String, RestartPolicy> RESTART = new LinkedHashMap<>();

  static {
    ON_FAILURE.put("rollback", Rollout.OnFailure.ROLLBACK);
    ON_FAILURE.put("pause", Rollout.OnFailure.PAUSE);
    ON_FAILURE.put("none", Rollout.OnFailure.NONE);
    RESTART.put("always", RestartPolicy.ALWAYS);
    RESTART.put("onFailure", RestartPolicy.ON_FAILURE);
    RESTART.put("never", RestartPolicy.NEVER);
  }

  /// The upgrade strategy; a half that is not given takes the default of the app's kind.
  record Strategy(boolean given, Optional<Double> health, Optional<Double> over) {
    UpgradeStrategy over(UpgradeStrategy usual) {
      return new UpgradeStrategy(
          health.orElse(usual.minimumHealthCapacity()), over.orElse(usual.maximumOverCapacity()));
    }
  }

  /// The field `deployment`.
  record Progress(Optional<Duration> deadline, Rollout.OnFailure onFailure) {}

  /// The parts of the backoff that were given; they are fields of the app itself.
  record Backoff(
      Optional<Duration> initial,
      Optional<Double> factor,
      Optional<Duration> limit,
      Optional<Duration> minimumUptime,
      Optional<Double> jitter) {
    BackoffPolicy over(BackoffPolicy before) {
      return new BackoffPolicy(
          initial.orElse(before.initial()),
          factor.orElse(before.factor()),
          limit.orElse(before.limit()),
          minimumUptime.orElse(before.minimumUptime()),
          jitter.orElse(before.jitter()));
    }
  }

  static Conduct read(Fields app) {
    return new Conduct(
        strategy(app),
        CheckReading.readiness(app),
        app.object("deployment").map(Conduct::progress),
        new Backoff(
            Numbers.seconds(app, "backoffSeconds", 0),
            Numbers.bounded(
                app,
                "backoffFactor",
                app.number("backoffFactor"),
                1.0,
                AppLimits.MOST_BACKOFF_FACTOR),
            Numbers.seconds(app, "maxLaunchDelaySeconds", 0),
            Numbers.seconds(app, "backoffMinimumUptimeSeconds", 0),
            Numbers.bounded(app, "backoffJitter", app.number("backoffJitter"), 0.0, 1.0)),
        app.word("restartPolicy", RESTART),
        unreachable(app),
        Numbers.seconds(app, "taskKillGracePeriodSeconds", 0));
  }

  private static Strategy strategy(Fields app) {
    Optional<Fields> given = app.object("upgradeStrategy");
    return new Strategy(
        given.isPresent(),
        given.flatMap(inner -> part(inner, "minimumHealthCapacity")),
        given.flatMap(inner -> part(inner, "maximumOverCapacity")));
  }

  private static Optional<Double> part(Fields strategy, String name) {
    Optional<Double> value = strategy.number(name);
    if (value.filter(number -> number > 1).isPresent()) {
      strategy.wrong(name, "is greater than 1");
    }
    if (value.filter(number -> number < 0).isPresent()) {
      strategy.wrong(name, "is less than 0");
    }
    return value;
  }

  private static Progress progress(Fields fields) {
    Optional<Duration> deadline =
        Numbers.seconds(fields, "progressDeadlineSeconds", HealthCheckReading.LEAST_SECONDS);
    Rollout.OnFailure onFailure =
        fields.word("onFailure", ON_FAILURE).orElse(Rollout.OnFailure.NONE);
    if (onFailure != Rollout.OnFailure.NONE && !fields.has("progressDeadlineSeconds")) {
      fields.wrong(
          "onFailure", "needs 'progressDeadlineSeconds': without a deadline no deployment fails");
    }
    return new Progress(deadline, onFailure);
  }

  private static Optional<UnreachableStrategy> unreachable(Fields app) {
    if (app.node("unreachableStrategy").filter(node -> node.isString()).isPresent()) {
      return app.text("unreachableStrategy")
          .filter(
              word -> {
                boolean known = word.equals("disabled");
                if (!known) {
                  app.wrong("unreachableStrategy", "must be \"disabled\" or an object");
                }
                return known;
              })
          .map(word -> new UnreachableStrategy.Disabled());
    }
    return app.object("unreachableStrategy").flatMap(Conduct::replaced);
  }

  private static Optional<UnreachableStrategy> replaced(Fields fields) {
    Duration inactive = Numbers.seconds(fields, "inactiveAfterSeconds", 0).orElse(Duration.ZERO);
    Duration expunge = Numbers.seconds(fields, "expungeAfterSeconds", 0).orElse(Duration.ZERO);
    if (inactive.compareTo(expunge) > 0) {
      fields.wrong(
          "inactiveAfterSeconds (%s) must be less or equal to expungeAfterSeconds, which is %s"
              .formatted(Numbers.plainSeconds(inactive), Numbers.plainSeconds(expunge)));
      return Optional.empty();
    }
    return Optional.of(new UnreachableStrategy.Replaced(inactive, expunge));
  }

  /// Puts what results into an app that is otherwise complete.
  ///
  /// @param described the app with its labels and volumes, on which defaults depend
  void over(Optional<AppSpec> before, AppSpec described, AppSpecBuilder into) {
    into.upgradeStrategy(
            strategy.given()
                ? strategy.over(usual(described))
                : before.map(AppSpec::upgradeStrategy).orElse(usual(described)))
        .rollout(rollout(before.map(AppSpec::rollout).orElse(Rollout.DEFAULT)))
        .backoff(backoff.over(before.map(AppSpec::backoff).orElse(BackoffPolicy.DEFAULT)))
        .restartPolicy(
            restartPolicy.or(() -> before.map(AppSpec::restartPolicy)).orElse(RestartPolicy.ALWAYS))
        .unreachableStrategy(
            unreachable
                .or(() -> before.map(AppSpec::unreachableStrategy))
                .orElse(
                    isResident(described)
                        ? new UnreachableStrategy.Disabled()
                        : UnreachableStrategy.DEFAULT))
        .taskKillGracePeriod(killGrace.or(() -> before.flatMap(AppSpec::taskKillGracePeriod)));
  }

  private Rollout rollout(Rollout before) {
    return new Rollout(
        readiness.isPresent() ? readiness.get().stream().findFirst() : before.readinessCheck(),
        progress.isPresent() ? progress.get().deadline() : before.progressDeadline(),
        progress.map(Progress::onFailure).orElse(before.onFailure()));
  }

  static boolean isSingle(AppSpec app) {
    return "true".equalsIgnoreCase(app.labels().get(SINGLE_INSTANCE_LABEL));
  }

  static boolean isResident(AppSpec app) {
    return !app.persistentVolumes().isEmpty();
  }

  private static UpgradeStrategy usual(AppSpec app) {
    if (isSingle(app)) {
      return new UpgradeStrategy(0, 0);
    }
    return isResident(app) ? new UpgradeStrategy(RESIDENT_HEALTH, 0) : UpgradeStrategy.DEFAULT;
  }
}
