package dev.slipway.server.marathon.json;

import dev.slipway.core.app.HealthCheck;
import java.time.Duration;
import java.util.Optional;

/// A health check as Marathon writes it (`healthCheck.raml`). All checks are made by the platform,
/// so that a `MESOS_HTTP` one comes back as `HTTP`.
public record HealthCheckJson(
    Optional<CommandJson> command,
    Number gracePeriodSeconds,
    Optional<Boolean> ignoreHttp1xx,
    Number intervalSeconds,
    Optional<String> ipProtocol,
    int maxConsecutiveFailures,
    Optional<String> path,
    Optional<Integer> port,
    Optional<Integer> portIndex,
    String protocol,
    Number timeoutSeconds) {

  public record CommandJson(String value) {}

  public static HealthCheckJson fromCore(HealthCheck check) {
    return switch (check.probe()) {
      case HealthCheck.Probe.Http http ->
          of(
              check,
              http.tls() ? "HTTPS" : "HTTP",
              Optional.of(http.target()),
              Optional.of(http.path()),
              Optional.empty());
      case HealthCheck.Probe.Tcp tcp ->
          of(check, "TCP", Optional.of(tcp.target()), Optional.empty(), Optional.empty());
      case HealthCheck.Probe.Exec exec ->
          of(
              check,
              "COMMAND",
              Optional.empty(),
              Optional.empty(),
              Optional.of(new CommandJson(exec.line())));
    };
  }

  private static HealthCheckJson of(
      HealthCheck check,
      String protocol,
      Optional<HealthCheck.Target> target,
      Optional<String> path,
      Optional<CommandJson> command) {
    Optional<Integer> port = target.flatMap(HealthCheck.Target::port);
    return new HealthCheckJson(
        command,
        seconds(check.gracePeriod()),
        path.map(http -> check.ignoreHttp1xx()),
        seconds(check.interval()),
        target.map(network -> "IPv4"),
        check.maxConsecutiveFailures(),
        path,
        port,
        port.isPresent() ? Optional.empty() : target.map(HealthCheck.Target::portIndex),
        protocol,
        seconds(check.timeout()));
  }

  private static Number seconds(Duration duration) {
    return Json.number(duration.toMillis() / 1000.0);
  }
}
