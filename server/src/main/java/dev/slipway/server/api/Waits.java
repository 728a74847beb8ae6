package dev.slipway.server.api;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.Backlog;
import dev.slipway.core.control.Gang;
import dev.slipway.core.control.Outlook;
import dev.slipway.core.control.Progress;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Course;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.deployment.QueuedDeployment;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import dev.slipway.server.probe.HealthView;
import dev.slipway.server.probe.ReadinessResult;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Says what is waited for: which instance, since when, and why, in a sentence. Worked out from the
/// state when asked; nothing is kept. For one answer, by one thread.
final class Waits {
  /// More than these of one deployment or app tell nobody anything new.
  static final int MAX = 100;

  private final State state;
  private final Instant now;
  private final HealthView health;
  private final Outlook outlook;
  private final Map<PathId, String> sentences = new HashMap<>();

  Waits(State state, Instant now, HealthView health) {
    outlook = new Outlook(state, now);
    this.state = state;
    this.now = now;
    this.health = health;
  }

  /// What a deployment that goes on waits for: the instances of the step that goes on, then the
  /// apps of later steps.
  List<Wait> of(Deployment deployment) {
    List<Wait> waits = new ArrayList<>();
    deployment.course().failure().ifPresent(failure -> add(waits, failed(failure)));
    var open = new TreeSet<PathId>();
    for (Action action : deployment.currentActions()) {
      Progress progress = Progress.of(state, action);
      if (progress.done()) {
        continue;
      }
      open.add(action.app());
      addInstances(waits, action.app(), progress, deployment.stepStartedAt());
    }
    String first = open.stream().map(PathId::toString).collect(Collectors.joining(", "));
    for (int step = deployment.currentStep() + 1; step <= deployment.steps().size(); step++) {
      for (Action action : deployment.steps().get(step - 1).actions()) {
        String turn = "its turn comes in step %d of %d".formatted(step, deployment.steps().size());
        String reason = first.isEmpty() ? turn : turn + ", after " + first;
        add(waits, app(action.app(), deployment.startedAt(), reason));
      }
    }
    return waits;
  }

  /// What a deployment waits for that has not begun.
  List<Wait> of(QueuedDeployment queued) {
    List<Wait> waits = new ArrayList<>();
    for (DeploymentId blocker : Backlog.blockers(state, queued)) {
      String reason = "waits for deployment %s to end".formatted(blocker);
      for (PathId app : queued.apps().keySet()) {
        add(waits, app(app, queued.queuedAt(), reason));
      }
    }
    return waits;
  }

  private static Wait failed(Course.Failure failure) {
    String then =
        switch (failure.then()) {
          case PAUSE -> "paused until somebody resumes, cancels or replaces the deployment: ";
          case NONE -> "goes on although it has failed: ";
          case ROLLBACK -> "is about to be changed back: ";
        };
    return app(failure.app(), failure.at(), then + failure.reason());
  }

  /// What an app waits for, whether a deployment goes on or not.
  List<Wait> of(PathId app) {
    List<Wait> waits = new ArrayList<>();
    Progress progress = Progress.of(state, new Action(Action.Kind.SCALE, app));
    if (!progress.done()) {
      addInstances(waits, app, progress, now);
    }
    return waits;
  }

  private void addInstances(List<Wait> waits, PathId app, Progress progress, Instant since) {
    int before = waits.size();
    progress
        .blockers()
        .forEach(
            blocker ->
                add(
                    waits,
                    app(
                        app,
                        since,
                        "waits for %s to be ready%s".formatted(blocker, ready(blocker)))));
    progress.unready().forEach(instance -> add(waits, instance(instance, reason(instance))));
    progress.ending().forEach(instance -> add(waits, instance(instance, ending(instance))));
    if (waits.size() > before) {
      return;
    }
    progress
        .outdated()
        .forEach(instance -> add(waits, instance(instance, "is about to be replaced")));
    if (waits.size() == before) {
      add(waits, app(app, since, "its instances are about to be brought to the wanted number"));
    }
  }

  private String ready(PathId app) {
    return state
        .app(app)
        .map(App::spec)
        .map(
            spec ->
                ", of whose %d instances %d are"
                    .formatted(
                        spec.scheduling().daemon()
                            ? state.roster(app).posts().size()
                            : spec.instances(),
                        state.ready(app)))
        .orElse("");
  }

  private static void add(List<Wait> waits, Wait wait) {
    if (waits.size() < MAX) {
      waits.add(wait);
    }
  }

  private static Wait app(PathId app, Instant since, String reason) {
    return new Wait(app.toString(), Optional.empty(), Timestamps.format(since), reason);
  }

  private static Wait instance(Instance instance, String reason) {
    return new Wait(
        instance.app().toString(),
        Optional.of(instance.id().value()),
        Timestamps.format(instance.since()),
        reason);
  }

  private String reason(Instance instance) {
    String node = instance.place().map(place -> place.node().value()).orElse("no node");
    return switch (instance.condition()) {
      case SCHEDULED ->
          outlook
              .of(instance)
              .orElseGet(() -> sentences.computeIfAbsent(instance.app(), this::scheduled));
      case PROVISIONED -> "waits for " + node + " to take the order to start it";
      case STAGING -> node + " prepares its sandbox and fetches its artifacts";
      case RUNNING -> running(instance);
      case UNREACHABLE, UNREACHABLE_INACTIVE ->
          node
              + " is unreachable; the task may still run there"
              + outlook.ofUnreachable(instance).map(why -> "; " + why).orElse("");
      case KILLING -> ending(instance);
      case FINISHED, FAILED, KILLED, GONE, DROPPED -> "has ended";
    };
  }

  private String scheduled(PathId app) {
    Optional<Formation> formation = state.formation(app);
    if (formation.isEmpty()) {
      return "is about to be dropped";
    }
    App version = formation.get().app();
    return backoff(state, version, now)
        .map(
            backoff ->
                "delayed until %s after failures (delay %s s)"
                    .formatted(Timestamps.format(backoff.until()), seconds(backoff)))
        .orElseGet(
            () -> {
              if (Gang.isAllOrNone(state, version)) {
                return ofGang(version);
              }
              return formation.get().isDaemon()
                  ? Verdicts.of(state, version.spec()).ofPosts()
                  : roomless(version.spec());
            });
  }

  private String ofGang(App version) {
    Gang.Trial trial = Gang.attempt(state, version, now);
    if (trial.fitting() == trial.waiting()) {
      return "all %d instances of the gang fit; they are about to be placed"
          .formatted(trial.waiting());
    }
    return "%d of %d instances of the gang fit together; for the next one %s"
        .formatted(
            trial.fitting(),
            trial.waiting(),
            Verdicts.sentence(Verdicts.survey(trial.then(), version.spec())));
  }

  /// What the nodes lack, and what others of lower priority may do about it.
  private String roomless(AppSpec app) {
    String nodes = Verdicts.sentence(Verdicts.survey(state, app));
    return outlook.of(app).map(others -> nodes + "; " + others).orElse(nodes);
  }

  /// The delay that holds up the next launch of a version now.
  static Optional<Backoff> backoff(State state, App version, Instant now) {
    return Optional.ofNullable(state.backoffs().get(version.id()))
        .filter(backoff -> backoff.generation().equals(version.generation()))
        .filter(backoff -> backoff.until().isAfter(now));
  }

  private static String seconds(Backoff backoff) {
    return BigDecimal.valueOf(backoff.delay().toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  /// Of several checks, the one that fails is told; before any result there is no more to say than
  /// that.
  private String running(Instance instance) {
    List<HealthRecord> checks = health.of(instance.id()).orElse(List.of());
    for (HealthRecord check : checks) {
      if (check.known() && !check.alive()) {
        String times =
            check.consecutiveFailures() > 1
                ? " (%d times in a row)".formatted(check.consecutiveFailures())
                : "";
        return "runs, but its health check fails%s%s%s"
            .formatted(
                times, check.lastFailureCause().map(cause -> ": " + cause).orElse(""), doubt());
      }
    }
    boolean well = instance.health().orElse(checks.isEmpty());
    if (instance.awaitsReadiness() && well) {
      return "runs; waits for its readiness check to say that it is ready"
          + health
              .readiness(instance.id())
              .flatMap(ReadinessResult::lastResponse)
              .map(response -> " (it answered %d)".formatted(response.status()))
              .orElse("");
    }
    return instance.health().orElse(true)
        ? "runs; waits for its first successful health check"
        : "runs, but its health check fails";
  }

  /// That checks end nothing now, since they are doubted themselves.
  private String doubt() {
    return health
        .alarm()
        .map(
            alarm ->
                "; it is not ended, since %d of %d instances of %d apps fail at once"
                    .formatted(alarm.failing(), alarm.checked(), alarm.apps()))
        .orElse("");
  }

  private String ending(Instance instance) {
    String why =
        instance.kill().map(kill -> why(kill.reason())).map(text -> ", " + text).orElse("");
    String grace =
        state
            .app(instance.app(), instance.version())
            .or(() -> state.formation(instance.app()).map(Formation::app))
            .map(app -> "; it has %d s".formatted(app.spec().killGrace().toSeconds()))
            .orElse("");
    return "waits for the old task to end" + why + grace;
  }

  private static String why(KillReason reason) {
    return switch (reason) {
      case REQUESTED -> "as was asked";
      case SCALED_DOWN -> "since fewer are wanted";
      case REPLACED -> "since a newer version takes its place";
      case APP_REMOVED -> "since its app is removed";
      case UNHEALTHY -> "since its health checks failed";
      case NODE_DRAINED -> "since its node is being emptied";
      case REBALANCED -> "since another stands ready elsewhere";
      case PREEMPTED -> "since it makes room for an instance of higher priority";
      case EXPUNGED -> "since it was given up with its unreachable node";
    };
  }
}
