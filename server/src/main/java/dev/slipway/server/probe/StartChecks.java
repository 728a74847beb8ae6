package dev.slipway.server.probe;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.control.Input;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import dev.slipway.core.task.Endpoint;
import dev.slipway.core.task.Reach;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Asks the instances that a deployment launched whether they are ready, from when they run until
/// they say so, and tells the control loop (Marathon's `ReadinessCheckExecutor`).
final class StartChecks implements AutoCloseable {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final int GATEWAY_TIMEOUT = 504;

  private final Supplier<State> state;
  private final Consumer<Input> sights;
  private final SerialChecks<ReadinessCheck, ReadinessResult> checks;

  StartChecks(Supplier<State> state, Consumer<Input> sights, Semaphore room) {
    this.state = state;
    this.sights = sights;
    this.checks = new SerialChecks<>("readiness", room, this::ask);
  }

  Optional<ReadinessResult> result(InstanceId instance) {
    return checks.result(instance);
  }

  void compare(State now) {
    List<SerialChecks.Plan<ReadinessCheck>> wanted = new ArrayList<>();
    for (PathId app : now.locks().keys()) {
      boolean asks =
          now.formation(app)
              .filter(one -> one.app().spec().rollout().readinessCheck().isPresent())
              .isPresent();
      if (asks) {
        now.instancesOf(app).values().forEach(one -> want(now, one, wanted));
      }
    }
    checks.compare(now, wanted, (id, check) -> now.locks().containsKey(id.app()));
  }

  private static void want(
      State now, Instance instance, List<SerialChecks.Plan<ReadinessCheck>> wanted) {
    if (!instance.awaitsReadiness() || instance.condition() != Condition.RUNNING) {
      return;
    }
    Optional<ReadinessCheck> check =
        version(now, instance).flatMap(app -> app.spec().rollout().readinessCheck());
    if (check.isEmpty()) {
      return;
    }
    wanted.add(new SerialChecks.Plan<>(instance, check.get(), FIRST, check.get().interval()));
  }

  /// The newest version that the instance is good enough for; the one that it was launched with
  /// otherwise.
  static Optional<App> version(State state, Instance instance) {
    return state
        .formation(instance.app())
        .map(Formation::app)
        .filter(app -> app.generation().equals(instance.generation()))
        .or(() -> state.app(instance.app(), instance.version()));
  }

  private Optional<ReadinessResult> ask(Instance instance, ReadinessCheck check) {
    Optional<Reach> reach = Reach.of(state.get(), instance.id());
    if (reach.isEmpty()) {
      return Optional.empty();
    }
    ReadinessResult.Response response = response(reach.get().named(check.portName()), check);
    boolean ready = check.readyStatuses().contains(response.status());
    if (ready) {
      sights.accept(new Input.ReadySeen(instance.id()));
    }
    return Optional.of(
        new ReadinessResult(
            check.name(),
            instance.id().task(),
            ready,
            Optional.of(response).filter(shown -> check.preserveLastResponse())));
  }

  private static ReadinessResult.Response response(Endpoint endpoint, ReadinessCheck check) {
    String shown = check.path();
    try {
      Site site = Site.of(endpoint, false);
      shown = (check.tls() ? "https://" : "http://") + site + check.path();
      Optional<Web.Answer> answer =
          Web.get(
              Web.uri(check.tls(), site, check.path()),
              check.timeout(),
              check.preserveLastResponse());
      return answer.isEmpty()
          ? none(shown, "no answer within " + check.timeout().toMillis() + " ms")
          : new ReadinessResult.Response(
              answer.get().status(), answer.get().contentType(), answer.get().body());
    } catch (IOException e) {
      return none(shown, String.valueOf(e.getMessage()));
    }
  }

  /// In Marathon's words (`ReadinessCheckExecutorImpl.scala`).
  private static ReadinessResult.Response none(String uri, String why) {
    return new ReadinessResult.Response(
        GATEWAY_TIMEOUT,
        "text/plain",
        "Marathon could not query %s due to: %s".formatted(uri, why));
  }

  @Override
  public void close() {
    checks.close();
  }
}
