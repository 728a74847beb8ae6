package dev.slipway.server.probe;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.control.Input;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.io.IOException;
import java.net.URI;
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

  private record Asked(ReadinessCheck check, int port) {}

  private final Supplier<State> state;
  private final Consumer<Input> sights;
  private final SerialChecks<Asked, ReadinessResult> checks;

  StartChecks(Supplier<State> state, Consumer<Input> sights, Semaphore room) {
    this.state = state;
    this.sights = sights;
    this.checks = new SerialChecks<>("readiness", room, this::ask);
  }

  Optional<ReadinessResult> result(InstanceId instance) {
    return checks.result(instance);
  }

  void compare(State now) {
    List<SerialChecks.Plan<Asked>> wanted = new ArrayList<>();
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

  private static void want(State now, Instance instance, List<SerialChecks.Plan<Asked>> wanted) {
    if (!instance.awaitsReadiness() || instance.condition() != Condition.RUNNING) {
      return;
    }
    Optional<AppSpec> spec = version(now, instance).map(App::spec);
    Optional<ReadinessCheck> check = spec.flatMap(one -> one.rollout().readinessCheck());
    if (check.isEmpty()) {
      return;
    }
    int port = port(spec.get(), check.get().portName(), instance);
    wanted.add(
        new SerialChecks.Plan<>(
            instance, new Asked(check.get(), port), FIRST, check.get().interval()));
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

  /// The port of that name on the instance's node; 0 when it has none.
  private static int port(AppSpec spec, String name, Instance instance) {
    List<Optional<String>> names =
        spec.isOnHostNetwork()
            ? spec.ports().stream().map(PortDefinition::name).toList()
            : spec.portMappings().stream().map(Container.PortMapping::name).toList();
    int index = names.indexOf(Optional.of(name));
    return instance
        .place()
        .filter(place -> index >= 0 && index < place.hostPorts().size())
        .map(place -> place.hostPorts().get(index))
        .orElse(0);
  }

  private Optional<ReadinessResult> ask(Instance instance, Asked asked)
      throws InterruptedException {
    var node = instance.place().flatMap(place -> state.get().node(place.node()));
    if (node.isEmpty()) {
      return Optional.empty();
    }
    ReadinessCheck check = asked.check();
    ReadinessResult.Response response = response(node.get().node().address(), asked.port(), check);
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

  private static ReadinessResult.Response response(String address, int port, ReadinessCheck check) {
    String shown =
        (check.tls() ? "https://" : "http://")
            + Addresses.host(address)
            + ":"
            + port
            + check.path();
    try {
      URI uri = Web.uri(check.tls(), address, port, check.path());
      return Web.get(uri, check.timeout(), check.preserveLastResponse())
          .map(
              answer ->
                  new ReadinessResult.Response(
                      answer.status(), answer.contentType(), answer.body()))
          .orElseGet(() -> none(shown, "no answer within " + check.timeout().toMillis() + " ms"));
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
