package dev.slipway.server.probe;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.StatusCheck;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.health.ProbeResult;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.task.Endpoint;
import dev.slipway.core.task.Reach;
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

  ProbeResult ask(TaskId task, Reach reach, HealthCheck check) throws InterruptedException {
    boolean ipv6 = check.origin().ipv6();
    try {
      return switch (check.probe()) {
        case HealthCheck.Probe.Http http ->
            askHttp(http, Site.of(reach.of(http.target()), ipv6), check);
        case HealthCheck.Probe.Tcp tcp -> {
          connect(Site.of(reach.of(tcp.target()), ipv6), check.timeout());
          yield new ProbeResult.Success(clock.now());
        }
        case HealthCheck.Probe.Exec exec -> askCommand(exec, task, check.timeout());
      };
    } catch (IOException e) {
      return new ProbeResult.Failure(clock.now(), cause(e));
    }
  }

  private ProbeResult askHttp(HealthCheck.Probe.Http http, Site site, HealthCheck check)
      throws IOException {
    String path = http.path().startsWith("/") ? http.path() : "/" + http.path();
    URI uri = Web.uri(http.tls(), site, path);
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

  private static void connect(Site site, Duration timeout) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(site.address(), site.port()), Web.millis(timeout));
    }
  }

  /// What a status check says; nothing when an HTTP server or a command gave no answer.
  Optional<CheckResult> ask(TaskId task, Reach reach, StatusCheck check)
      throws InterruptedException {
    try {
      return switch (check.probe()) {
        case HealthCheck.Probe.Http http -> {
          URI uri = Web.uri(http.tls(), Site.of(reach.of(http.target()), false), http.path());
          yield Web.get(uri, check.timeout(), false)
              .map(answer -> new CheckResult.Http(answer.status()));
        }
        case HealthCheck.Probe.Tcp tcp ->
            Optional.of(new CheckResult.Tcp(isOpen(reach.of(tcp.target()), check)));
        case HealthCheck.Probe.Exec exec -> {
          var command = new Command.Shell(exec.line());
          CommandOutcome outcome = engine.execute(task, command, check.timeout());
          yield Optional.of(new CheckResult.Exec(outcome.exitCode()));
        }
      };
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isOpen(Endpoint endpoint, StatusCheck check) {
    try {
      connect(Site.of(endpoint, false), check.timeout());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private ProbeResult askCommand(HealthCheck.Probe.Exec exec, TaskId task, Duration timeout)
      throws IOException, InterruptedException {
    CommandOutcome outcome = engine.execute(task, new Command.Shell(exec.line()), timeout);
    return outcome.exitCode() == 0
        ? new ProbeResult.Success(clock.now())
        : new ProbeResult.Failure(
            clock.now(), "the command exited with code " + outcome.exitCode());
  }

  private ProbeResult late(Duration timeout) {
    return new ProbeResult.Failure(clock.now(), "no answer within " + timeout.toMillis() + " ms");
  }

  private static String cause(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
