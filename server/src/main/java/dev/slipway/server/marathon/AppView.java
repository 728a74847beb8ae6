package dev.slipway.server.marathon;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.Failures;
import dev.slipway.core.state.State;
import dev.slipway.server.marathon.json.AppInfoJson;
import dev.slipway.server.marathon.json.AppJson;
import dev.slipway.server.marathon.json.CheckResultJson;
import dev.slipway.server.marathon.json.IdJson;
import dev.slipway.server.marathon.json.LastTaskFailureJson;
import dev.slipway.server.marathon.json.ReadinessResultJson;
import dev.slipway.server.marathon.json.ShownInstances;
import dev.slipway.server.marathon.json.TaskJson;
import dev.slipway.server.marathon.json.TaskStatsJson;
import dev.slipway.server.probe.HealthView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Apps and their tasks in one snapshot of the state, in Marathon's JSON.
record AppView(State state, HealthView health, Instant now) {

  AppInfoJson info(App app, Set<Embed> embed) {
    List<Instance> placed = placed(app.id());
    boolean hasChecks = !app.spec().healthChecks().isEmpty();
    Optional<TaskStatsJson.CountsJson> counts =
        when(embed, Embed.COUNTS, () -> TaskStatsJson.counts(placed, hasChecks));
    return new AppInfoJson(
        AppJson.fromCore(app, ShownInstances.of(state, app)),
        counts.map(TaskStatsJson.CountsJson::staged),
        counts.map(TaskStatsJson.CountsJson::running),
        counts.map(TaskStatsJson.CountsJson::healthy),
        counts.map(TaskStatsJson.CountsJson::unhealthy),
        when(embed, Embed.DEPLOYMENTS, () -> deployments(app.id())),
        when(embed, Embed.READINESS, () -> readiness(app.id())),
        when(embed, Embed.TASKS, () -> tasks(placed)),
        embed.contains(Embed.LAST_TASK_FAILURE) ? lastFailure(app.id()) : Optional.empty(),
        when(
            embed,
            Embed.TASK_STATS,
            () -> TaskStatsJson.fromCore(app.versions(), placed, hasChecks, now)));
  }

  /// An app that was just created: it has no tasks, whatever has happened since.
  AppInfoJson created(App app, DeploymentId deployment) {
    return new AppInfoJson(
        AppJson.fromCore(app, ShownInstances.of(state, app)),
        Optional.of(0),
        Optional.of(0),
        Optional.of(0),
        Optional.of(0),
        Optional.of(List.of(new IdJson(deployment.value()))),
        Optional.empty(),
        Optional.of(List.of()),
        Optional.empty(),
        Optional.empty());
  }

  List<Instance> placed(PathId app) {
    List<Instance> result = new ArrayList<>();
    for (Instance instance : state.instancesOf(app).values()) {
      if (isTask(instance)) {
        result.add(instance);
      }
    }
    return result;
  }

  List<TaskJson> tasks(List<Instance> instances) {
    return instances.stream().flatMap(instance -> task(instance).stream()).toList();
  }

  /// Nothing for an instance that stands nowhere, or was given up with its silent node.
  Optional<TaskJson> task(Instance instance) {
    return task(instance, Optional.empty());
  }

  /// @param servicePorts of its app, to be shown with it
  Optional<TaskJson> task(Instance instance, Optional<List<Integer>> servicePorts) {
    if (!isTask(instance)) {
      return Optional.empty();
    }
    List<HealthRecord> records = health.of(instance.id()).orElse(List.of());
    var check = health.check(instance.id()).map(CheckResultJson::fromCore);
    return TaskJson.fromCore(state, instance, new TaskJson.Known(records, check, servicePorts));
  }

  /// Whether an instance is shown as a task.
  static boolean isTask(Instance instance) {
    return instance.place().isPresent() && !instance.isGivenUp();
  }

  /// What the readiness checks of an app's tasks said, while a deployment holds it.
  List<ReadinessResultJson> readiness(PathId app) {
    return placed(app).stream()
        .flatMap(instance -> health.readiness(instance.id()).stream())
        .map(ReadinessResultJson::fromView)
        .toList();
  }

  private List<IdJson> deployments(PathId app) {
    DeploymentId holder = state.locks().get(app);
    return holder == null ? List.of() : List.of(new IdJson(holder.value()));
  }

  private Optional<LastTaskFailureJson> lastFailure(PathId app) {
    Failures failures = state.failures().get(app);
    return Optional.ofNullable(failures)
        .map(known -> LastTaskFailureJson.fromCore(app, known.last(), state));
  }

  private static <T> Optional<T> when(
      Set<Embed> embed, Embed part, java.util.function.Supplier<T> value) {
    return embed.contains(part) ? Optional.of(value.get()) : Optional.empty();
  }
}
