package dev.slipway.server.marathon.json;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.Step;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A deployment that goes on (`deploymentEventsInfo.raml`).
///
/// @param currentStep 0 before the first step, then counted from 1
public record DeploymentJson(
    String id,
    String version,
    List<String> affectedApps,
    List<String> affectedPods,
    List<StepJson> steps,
    List<CurrentActionJson> currentActions,
    int currentStep,
    int totalSteps) {

  public record ActionJson(String action, String app) {
    static ActionJson fromCore(Action action) {
      return new ActionJson(action.kind().marathonName(), action.app().toString());
    }
  }

  public record StepJson(List<ActionJson> actions) {
    public static StepJson fromCore(Step step) {
      return new StepJson(step.actions().stream().map(ActionJson::fromCore).toList());
    }

    public static StepJson current(Deployment deployment) {
      return fromCore(new Step(deployment.currentActions()));
    }
  }

  /// @param readinessCheckResults of the tasks that the action waits for
  public record CurrentActionJson(
      String action, String app, List<ReadinessResultJson> readinessCheckResults) {}

  /// The plan as events carry it.
  ///
  /// @param original with `target`, the roots before and after as Marathon up to 1.6 sent them,
  /// here
  ///     without their contents; absent in the light form
  public record PlanJson(
      String id,
      Optional<RootJson> original,
      Optional<RootJson> target,
      List<StepJson> steps,
      String version) {

    public static PlanJson light(Deployment deployment) {
      return plan(deployment, Optional.empty(), Optional.empty());
    }

    public static PlanJson heavy(Deployment deployment) {
      Instant before =
          deployment.apps().values().stream()
              .flatMap(change -> change.before().stream())
              .map(App::version)
              .max(Comparator.naturalOrder())
              .orElse(Instant.EPOCH);
      return plan(
          deployment,
          Optional.of(RootJson.at(before)),
          Optional.of(RootJson.at(deployment.version())));
    }

    private static PlanJson plan(
        Deployment deployment, Optional<RootJson> original, Optional<RootJson> target) {
      return new PlanJson(
          deployment.id().value(),
          original,
          target,
          deployment.steps().stream().map(StepJson::fromCore).toList(),
          Timestamps.format(deployment.version()));
    }
  }

  public record RootJson(
      String id,
      List<Object> apps,
      List<Object> groups,
      List<Object> pods,
      List<Object> dependencies,
      String version) {
    static RootJson at(Instant version) {
      return new RootJson(
          "/", List.of(), List.of(), List.of(), List.of(), Timestamps.format(version));
    }
  }

  /// @param readiness what the readiness checks of an app's tasks said
  public static DeploymentJson fromCore(
      Deployment deployment, Function<PathId, List<ReadinessResultJson>> readiness) {
    return new DeploymentJson(
        deployment.id().value(),
        Timestamps.format(deployment.version()),
        deployment.apps().keySet().stream().map(PathId::toString).toList(),
        List.of(),
        deployment.steps().stream().map(StepJson::fromCore).toList(),
        deployment.currentActions().stream()
            .map(
                action ->
                    new CurrentActionJson(
                        action.kind().marathonName(),
                        action.app().toString(),
                        readiness.apply(action.app())))
            .toList(),
        deployment.currentStep(),
        deployment.steps().size());
  }
}
