package dev.slipway.server.api;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.Progress;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Course;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.QueuedDeployment;
import dev.slipway.core.state.Failures;
import dev.slipway.core.state.State;
import dev.slipway.server.probe.HealthView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A deployment that waits, goes on or is over, as the API shows it.
///
/// @param step counted from 1; 0 before the first
/// @param actions those of this step
/// @param waits what it waits for; empty when it is over
/// @param failures of the versions that it brings, since it began
record DeploymentText(
    String id,
    String version,
    String state,
    String startedAt,
    Optional<String> endedAt,
    int step,
    int steps,
    List<Step> actions,
    List<String> apps,
    Optional<String> reason,
    List<Wait> waits,
    List<AppFailure> failures) {

  /// @param action Marathon's word for it
  record Step(String action, String app, boolean done) {}

  record AppFailure(
      String app,
      int count,
      String task,
      String node,
      String message,
      String reason,
      Optional<Integer> exitCode,
      Optional<Integer> signal) {
    static AppFailure of(PathId app, Failures failures) {
      var text = FailureText.of(failures);
      return new AppFailure(
          app.toString(),
          text.failures(),
          text.task(),
          text.node(),
          text.message(),
          text.reason(),
          text.exitCode(),
          text.signal());
    }
  }

  static DeploymentText of(State state, Deployment deployment, Instant now, HealthView health) {
    return text(
        state,
        deployment,
        deployment.isPaused() ? "paused" : "running",
        Optional.empty(),
        deployment.course().failure().map(Course.Failure::reason),
        action -> Progress.of(state, action).done(),
        new Waits(state, now, health).of(deployment));
  }

  /// One that waits for others to end.
  static DeploymentText of(State state, QueuedDeployment queued, Instant now, HealthView health) {
    return new DeploymentText(
        queued.id().value(),
        Timestamps.format(state.root().version()),
        "queued",
        Timestamps.format(queued.queuedAt()),
        Optional.empty(),
        0,
        0,
        List.of(),
        queued.apps().keySet().stream().map(PathId::toString).toList(),
        Optional.empty(),
        new Waits(state, now, health).of(queued),
        List.of());
  }

  static DeploymentText of(State state, Deployment.Ended ended) {
    return text(
        state,
        ended.deployment(),
        outcome(ended.outcome()),
        Optional.of(ended.at()),
        Optional.of(ended.reason()).filter(reason -> !reason.isEmpty()),
        action -> ended.outcome() == Deployment.Outcome.SUCCEEDED,
        List.of());
  }

  private static DeploymentText text(
      State state,
      Deployment deployment,
      String word,
      Optional<Instant> endedAt,
      Optional<String> reason,
      Predicate<Action> done,
      List<Wait> waits) {
    return new DeploymentText(
        deployment.id().value(),
        Timestamps.format(deployment.version()),
        word,
        Timestamps.format(deployment.startedAt()),
        endedAt.map(Timestamps::format),
        deployment.currentStep(),
        deployment.steps().size(),
        deployment.currentActions().stream()
            .map(
                action ->
                    new Step(
                        action.kind().marathonName(), action.app().toString(), done.test(action)))
            .toList(),
        deployment.apps().keySet().stream().map(PathId::toString).toList(),
        reason,
        waits,
        failures(state, deployment, endedAt));
  }

  private static String outcome(Deployment.Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED -> "succeeded";
      case ROLLED_BACK -> "rolledBack";
      case CANCELLED -> "cancelled";
      case SUPERSEDED -> "superseded";
      case FAILED -> "failed";
    };
  }

  private static List<AppFailure> failures(
      State state, Deployment deployment, Optional<Instant> endedAt) {
    List<AppFailure> result = new ArrayList<>();
    deployment
        .apps()
        .forEach(
            (app, change) -> {
              Failures failures = state.failures().get(app);
              if (failures != null && isOf(change, failures, deployment.startedAt(), endedAt)) {
                result.add(AppFailure.of(app, failures));
              }
            });
    return result;
  }

  private static boolean isOf(
      Change<App> change, Failures failures, Instant from, Optional<Instant> to) {
    Instant at = failures.last().at();
    return change.after().map(App::generation).filter(failures.generation()::equals).isPresent()
        && !at.isBefore(from)
        && to.filter(at::isAfter).isEmpty();
  }
}
