package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.Surroundings;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.state.State;
import dev.slipway.core.task.TaskEnvironment;
import dev.slipway.core.volume.VolumeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The orders for engines that follow from what is recorded, so that a lost one can be given again.
final class Orders {
  private Orders() {}

  /// The order to launch a placed instance; none if its version is not kept any more.
  static Optional<Effect> launch(State state, Instance instance) {
    Optional<App> app = state.app(instance.app(), instance.version());
    Optional<Node> node =
        instance.place().flatMap(place -> state.node(place.node())).map(record -> record.node());
    if (app.isEmpty() || node.isEmpty()) {
      return Optional.empty();
    }
    AppSpec spec = app.get().spec();
    return Optional.of(
        new Effect.Launch(
            new TaskLaunch(
                instance.id().task(),
                instance.app(),
                node.get().id(),
                state.platform().epoch(),
                spec.command(),
                TaskEnvironment.of(app.get(), instance, node.get()),
                spec.resources(),
                spec.fetch(),
                spec.user(),
                instance.place().get().hostPorts(),
                instance.place().get().devices(),
                Surroundings.of(spec, volumes(state, instance)),
                instance.version(),
                spec.killGrace())));
  }

  private static List<MountedVolume> volumes(State state, Instance instance) {
    List<MountedVolume> mounted = new ArrayList<>();
    for (VolumeId id : instance.place().map(Instance.Place::volumes).orElse(List.of())) {
      state
          .nodes()
          .volume(instance.app(), id)
          .map(known -> new MountedVolume(id, known.containerPath(), known.sizeBytes()))
          .ifPresent(mounted::add);
    }
    return mounted;
  }

  /// The order that is to be given for an instance now, if there is one.
  static Optional<Effect> open(State state, Instance instance) {
    return instance.condition() == Condition.KILLING
        ? Optional.of(kill(state, instance))
        : launch(state, instance);
  }

  /// Whether no engine has spoken of a placed instance yet. The order to launch it may still be on
  /// its way then, whatever a picture shows, so that its room stays its own until an engine says
  /// that it is over.
  static boolean isUnanswered(Instance instance) {
    return instance.stagedAt().isEmpty() && instance.startedAt().isEmpty();
  }

  static Effect kill(State state, Instance instance) {
    return new Effect.Kill(instance.id().task(), grace(state, instance), state.platform().epoch());
  }

  /// How long the instance may take to end.
  static Duration grace(State state, Instance instance) {
    return state
        .app(instance.app(), instance.version())
        .map(app -> app.spec().killGrace())
        .orElse(AppSpec.DEFAULT_KILL_GRACE);
  }
}
