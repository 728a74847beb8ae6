package dev.slipway.core.scenario;

import dev.slipway.core.control.Input;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.Optional;

/// Asks running tasks again and again whether they are well, and tells the server that leads what
/// it does not know yet.
final class Prober {
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final World world;

  Prober(World world) {
    this.world = world;
    world.timeline().after(EVERY, this::probe);
  }

  private void probe() {
    if (world.server().isAlive()) {
      for (var machine : world.engine().machines().values()) {
        if (world.engine().hears(machine.node().id())) {
          machine.alive().values().forEach(this::probe);
        }
      }
    }
    world.timeline().after(EVERY, this::probe);
  }

  private void probe(SimulatedMachine.Task task) {
    Instance instance = world.state().instance(task.launch().id().instance()).orElse(null);
    if (instance == null || task.since().isEmpty()) {
      return;
    }
    Duration age = Duration.between(task.since().get(), world.timeline().now());
    Script script = task.script();
    if (instance.awaitsReadiness() && script.health(age).orElse(false)) {
      world.server().tell(new Input.ReadySeen(instance.id()));
    }
    if (!hasChecks(world.state(), instance)) {
      return;
    }
    if (script.isHopeless(age) && instance.condition() == Condition.RUNNING) {
      world.server().tell(new Input.UnhealthySeen(instance.id(), "answered 500"));
      return;
    }
    script
        .health(age)
        .filter(well -> !instance.health().equals(Optional.of(well)))
        .ifPresent(well -> world.server().tell(new Input.HealthSeen(instance.id(), well)));
  }

  /// As the platform's prober: what the app is held to now counts also for instances that were
  /// launched before its health checks changed.
  static boolean hasChecks(State state, Instance instance) {
    return state
        .formation(instance.app())
        .map(Formation::app)
        .filter(app -> app.generation().equals(instance.generation()))
        .or(() -> state.app(instance.app(), instance.version()))
        .filter(app -> !app.spec().healthChecks().isEmpty())
        .isPresent();
  }
}
