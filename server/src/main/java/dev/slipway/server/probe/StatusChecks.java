package dev.slipway.server.probe;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.StatusCheck;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import dev.slipway.core.task.Reach;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Asks the status checks of all running instances, whose results are only shown.
final class StatusChecks implements AutoCloseable {
  private final Supplier<State> state;
  private final Supplier<Instant> now;
  private final SerialChecks<StatusCheck, CheckResult> checks;

  private PersistentMap<PathId, Formation> formations = State.EMPTY.formations();
  private List<App> checked = List.of();

  StatusChecks(Supplier<State> state, Supplier<Instant> now, Semaphore room, Probes probes) {
    this.state = state;
    this.now = now;
    this.checks =
        new SerialChecks<>("status", room, (instance, check) -> ask(probes, instance.id(), check));
  }

  private Optional<CheckResult> ask(Probes probes, InstanceId instance, StatusCheck check)
      throws InterruptedException {
    Optional<Reach> reach = Reach.of(state.get(), instance);
    return reach.isEmpty() ? Optional.empty() : probes.ask(instance.task(), reach.get(), check);
  }

  Optional<CheckResult> result(InstanceId instance) {
    return checks.result(instance);
  }

  void compare(State current) {
    List<SerialChecks.Plan<StatusCheck>> wanted = new ArrayList<>();
    for (App app : checked(current)) {
      for (Instance instance : current.instancesOf(app.id()).values()) {
        boolean asked =
            instance.condition() == Condition.RUNNING
                && instance.generation().equals(app.generation());
        if (asked) {
          wanted.add(plan(app.spec().check().get(), instance));
        }
      }
    }
    checks.compare(
        current,
        wanted,
        (id, check) -> current.formation(id.app()).filter(asks(check)).isPresent());
  }

  /// The apps with a check, which hardly any has: looked for only when what apps are held to has
  /// changed, not at every change of an instance.
  private List<App> checked(State current) {
    if (!current.formations().equals(formations)) {
      formations = current.formations();
      List<App> found = new ArrayList<>();
      for (Formation formation : formations.values()) {
        if (formation.app().spec().check().isPresent()) {
          found.add(formation.app());
        }
      }
      checked = List.copyOf(found);
    }
    return checked;
  }

  private static Predicate<Formation> asks(StatusCheck check) {
    return formation -> formation.app().spec().check().filter(check::equals).isPresent();
  }

  private SerialChecks.Plan<StatusCheck> plan(StatusCheck check, Instance instance) {
    Instant first = instance.startedAt().orElse(instance.since()).plus(check.delay());
    Duration wait = Duration.between(now.get(), first);
    return new SerialChecks.Plan<>(
        instance, check, wait.isNegative() ? Duration.ZERO : wait, check.interval());
  }

  @Override
  public void close() {
    checks.close();
  }
}
