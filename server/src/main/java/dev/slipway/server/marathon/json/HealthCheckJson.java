package dev.slipway.server.marathon.json;

import dev.slipway.core.app.HealthCheck;
import java.util.Optional;

/// A health check as Marathon writes it (`healthCheck.raml`).
///
/// @param delaySeconds of checks that are asked on the task's node alone
public record HealthCheckJson(
    Optional<CommandJson> command,
    Optional<Number> delaySeconds,
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
    boolean node = check.origin().node() && command.isEmpty();
    boolean tellsOf1xx = check.ignoreHttp1xx() || (path.isPresent() && !node);
    return new HealthCheckJson(
        command,
        node ? Optional.of(Numbers.ofSeconds(check.origin().delay())) : Optional.empty(),
        Numbers.ofSeconds(check.gracePeriod()),
        tellsOf1xx ? Optional.of(check.ignoreHttp1xx()) : Optional.empty(),
        Numbers.ofSeconds(check.interval()),
        target.map(network -> check.origin().ipv6() ? "IPv6" : "IPv4"),
        check.maxConsecutiveFailures(),
        path,
        port,
        port.isPresent() ? Optional.empty() : target.map(HealthCheck.Target::portIndex),
        node ? HealthCheckReading.MESOS + protocol : protocol,
        Numbers.ofSeconds(check.timeout()));
  }
}
