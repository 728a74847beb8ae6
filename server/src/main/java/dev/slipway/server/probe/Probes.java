package dev.slipway.server.probe;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.StatusCheck;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.health.ProbeResult;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.server.control.LoopClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Asks one instance one question, and says what came of it. Blocks until there is an answer or the
/// check's timeout is over.
final class Probes {
  private static final int LAST_GOOD_STATUS = 399;

  private final Engine engine;
  private final LoopClock clock;

  Probes(Engine engine, LoopClock clock) {
    this.engine = engine;
    this.clock = clock;
  }

  ProbeResult ask(Instance instance, Node node, HealthCheck check) throws InterruptedException {
    try {
      return switch (check.probe()) {
        case HealthCheck.Probe.Http http -> askHttp(http, instance, node, check);
        case HealthCheck.Probe.Tcp tcp -> askTcp(tcp.target(), instance, node, check);
        case HealthCheck.Probe.Exec exec -> askCommand(exec, instance, check.timeout());
      };
    } catch (IOException e) {
      return new ProbeResult.Failure(clock.now(), cause(e));
    }
  }

  private ProbeResult askHttp(
      HealthCheck.Probe.Http http, Instance instance, Node node, HealthCheck check)
      throws IOException, InterruptedException {
    Optional<Integer> port = port(http.target(), instance);
    if (port.isEmpty()) {
      return noPort(http.target());
    }
    String address = Addresses.of(node, check.origin().ipv6());
    String path = http.path().startsWith("/") ? http.path() : "/" + http.path();
    URI uri = Web.uri(http.tls(), address, port.get(), path);
    Optional<Web.Answer> answer = Web.get(uri, check.timeout(), false);
    if (answer.isEmpty()) {
      return late(check.timeout());
    }
    int status = answer.get().status();
    if (check.ignoreHttp1xx() && status >= 100 && status < 200) {
      return new ProbeResult.Ignored();
    }
    return status >= 200 && status <= LAST_GOOD_STATUS
        ? new ProbeResult.Success(clock.now())
        : new ProbeResult.Failure(clock.now(), "GET " + path + " answered " + status);
  }

  private ProbeResult askTcp(
      HealthCheck.Target target, Instance instance, Node node, HealthCheck check)
      throws IOException {
    Optional<Integer> port = port(target, instance);
    if (port.isEmpty()) {
      return noPort(target);
    }
    connect(Addresses.of(node, check.origin().ipv6()), port.get(), check.timeout());
    return new ProbeResult.Success(clock.now());
  }

  private static void connect(String address, int port, Duration timeout) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), Web.millis(timeout));
    }
  }

  /// What a status check says; nothing when an HTTP server or a command gave no answer.
  Optional<CheckResult> ask(Instance instance, Node node, StatusCheck check)
      throws InterruptedException {
    try {
      return switch (check.probe()) {
        case HealthCheck.Probe.Http http -> {
          Optional<Integer> port = port(http.target(), instance);
          if (port.isEmpty()) {
            yield Optional.empty();
          }
          URI uri = Web.uri(http.tls(), node.address(), port.get(), http.path());
          yield Web.get(uri, check.timeout(), false)
              .map(answer -> new CheckResult.Http(answer.status()));
        }
        case HealthCheck.Probe.Tcp tcp ->
            Optional.of(new CheckResult.Tcp(isOpen(tcp.target(), instance, node, check)));
        case HealthCheck.Probe.Exec exec -> {
          var command = new Command.Shell(exec.line());
          CommandOutcome outcome = engine.execute(instance.id().task(), command, check.timeout());
          yield Optional.of(new CheckResult.Exec(outcome.exitCode()));
        }
      };
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isOpen(
      HealthCheck.Target target, Instance instance, Node node, StatusCheck check) {
    Optional<Integer> port = port(target, instance);
    if (port.isEmpty()) {
      return false;
    }
    try {
      connect(node.address(), port.get(), check.timeout());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private ProbeResult askCommand(HealthCheck.Probe.Exec exec, Instance instance, Duration timeout)
      throws IOException, InterruptedException {
    CommandOutcome outcome =
        engine.execute(instance.id().task(), new Command.Shell(exec.line()), timeout);
    return outcome.exitCode() == 0
        ? new ProbeResult.Success(clock.now())
        : new ProbeResult.Failure(
            clock.now(), "the command exited with code " + outcome.exitCode());
  }

  private static Optional<Integer> port(HealthCheck.Target target, Instance instance) {
    return target
        .port()
        .or(
            () ->
                instance
                    .place()
                    .filter(place -> target.portIndex() < place.hostPorts().size())
                    .map(place -> place.hostPorts().get(target.portIndex())));
  }

  private ProbeResult noPort(HealthCheck.Target target) {
    return new ProbeResult.Failure(
        clock.now(), "the instance has no port with index " + target.portIndex());
  }

  private ProbeResult late(Duration timeout) {
    return new ProbeResult.Failure(clock.now(), "no answer within " + timeout.toMillis() + " ms");
  }

  private static String cause(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
