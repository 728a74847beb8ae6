package dev.slipway.server.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.state.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Asks a real server whether it is ready.
class StartChecksTest {
  private static final PathId WEB = PathId.of("/web");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private final AtomicInteger status = new AtomicInteger(503);
  private final BlockingQueue<Integer> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<Input> sights = new LinkedBlockingQueue<>();
  private HttpServer server;
  private State state = State.EMPTY;
  private StartChecks checks;

  StartChecksTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    checks = new StartChecks(() -> state, sights::add, new Semaphore(4));
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/ready",
        exchange -> {
          byte[] body = "not yet".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/x-mood");
          exchange.sendResponseHeaders(status.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
          asked.add(status.get());
        });
    server.start();
  }

  @AfterEach
  void stop() {
    checks.close();
    server.stop(0);
  }

  @Test
  void asksUntilTheInstanceIsReadyAndShowsTheLastAnswer() throws Exception {
    Instance instance = deploy();
    checks.compare(state);

    assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo(503);
    assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo(503);
    assertThat(checks.result(instance.id()))
        .contains(
            new ReadinessResult(
                "ready?",
                instance.id().task(),
                false,
                Optional.of(new ReadinessResult.Response(503, "text/x-mood", "not yet"))));
    assertThat(sights).isEmpty();

    status.set(200);
    assertThat(sights.poll(10, TimeUnit.SECONDS)).isEqualTo(new Input.ReadySeen(instance.id()));
  }

  @Test
  void answersItselfForWhoDoesNot() throws Exception {
    server.stop(0);
    Instance instance = deploy();
    checks.compare(state);

    Optional<ReadinessResult> result = Optional.empty();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (result.isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
      result = checks.result(instance.id());
    }
    var response = result.flatMap(ReadinessResult::lastResponse).orElseThrow();
    assertThat(response.status()).isEqualTo(504);
    assertThat(response.contentType()).isEqualTo("text/plain");
    assertThat(response.body()).startsWith("Marathon could not query http://127.0.0.1:");
  }

  @Test
  void asksNoMoreWhenNobodyWaits() throws Exception {
    Instance instance = deploy();
    checks.compare(state);
    assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo(503);

    tell(new Input.ReadySeen(instance.id()));
    checks.compare(state);

    assertThat(state.locks().isEmpty()).isTrue();
    assertThat(checks.result(instance.id())).isEmpty();
  }

  /// An app of one instance that runs at the server's port.
  private Instance deploy() {
    int port = server.getAddress().getPort();
    tell(new Input.TakeLeadership(new Epoch(1), "test"));
    var node =
        new Node(
            new NodeId("n1"),
            "n1",
            "127.0.0.1",
            Resources.of(1, 128, 128, 0),
            new PortRange(port, port),
            new PortRange(1, 65535),
            new TreeMap<>());
    tell(new Input.EngineSeen(new EnginePicture(List.of(node), List.of())));
    var check =
        new ReadinessCheck(
            "ready?",
            false,
            "/ready",
            "default",
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            List.of(200),
            true);
    AppSpec app =
        AppSpec.builder(WEB, new Command.Shell("serve"))
            .instances(1)
            .resources(Resources.of(0.1, 32, 0, 0))
            .ports(List.of(PortDefinition.any()))
            .rollout(new Rollout(Optional.of(check), Optional.empty(), Rollout.OnFailure.NONE))
            .build();
    tell(
        new Input.ChangeApps(
            List.of(new AppChange(WEB, before -> new AppChange.Result.Revised(app))),
            Input.Expectation.ANY,
            false));
    Instance instance = state.instancesOf(WEB).values().iterator().next();
    tell(
        new Input.TaskSeen(
            new TaskObservation(
                instance.id().task(), node.id(), NOW, new TaskObservation.Status.Running())));
    return state.instance(instance.id()).orElseThrow();
  }

  private void tell(Input input) {
    state = Decider.decide(state, input, NOW).after();
  }
}
