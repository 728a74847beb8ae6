package dev.slipway.server.probe;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.health.ProbeResult;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.server.control.LoopClock;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;

/// Asks one instance one question, and says what came of it. Blocks until there is an answer or the
/// check's timeout is over.
///
/// Each HTTP probe has a connection of its own that is closed after the status line: a kept
/// connection would hold a server that serves one at a time, and might reach another task that has
/// the port by then.
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
        case HealthCheck.Probe.Tcp tcp -> askTcp(tcp.target(), instance, node, check.timeout());
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
    String path = http.path().startsWith("/") ? http.path() : "/" + http.path();
    var uri =
        URI.create((http.tls() ? "https://" : "http://") + host(node) + ":" + port.get() + path);
    var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    if (connection instanceof HttpsURLConnection secure) {
      AnyCertificate.accept(secure);
    }
    int timeout = Math.toIntExact(check.timeout().toMillis());
    connection.setConnectTimeout(timeout);
    connection.setReadTimeout(timeout);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Connection", "close");
    connection.setRequestProperty("User-Agent", "slipway-health-check");
    try (var deadline = Deadline.after(check.timeout(), connection::disconnect)) {
      int status = connection.getResponseCode();
      if (deadline.passed()) {
        return late(check.timeout());
      }
      if (check.ignoreHttp1xx() && status >= 100 && status < 200) {
        return new ProbeResult.Ignored();
      }
      return status >= 200 && status <= LAST_GOOD_STATUS
          ? new ProbeResult.Success(clock.now())
          : new ProbeResult.Failure(clock.now(), "GET " + path + " answered " + status);
    } finally {
      connection.disconnect();
    }
  }

  private ProbeResult askTcp(
      HealthCheck.Target target, Instance instance, Node node, Duration timeout)
      throws IOException {
    Optional<Integer> port = port(target, instance);
    if (port.isEmpty()) {
      return noPort(target);
    }
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(node.address(), port.get()), Math.toIntExact(timeout.toMillis()));
      return new ProbeResult.Success(clock.now());
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

  private static String host(Node node) {
    return node.address().contains(":") ? "[" + node.address() + "]" : node.address();
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
