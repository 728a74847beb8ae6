package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.StatusCheck;
import java.util.List;
import java.util.Optional;

/// A check whose result is only shown (`check.raml`).
public record CheckJson(
    Optional<EndpointJson> http,
    Optional<EndpointJson> tcp,
    Optional<ExecJson> exec,
    Number intervalSeconds,
    Number timeoutSeconds,
    Number delaySeconds) {

  public record EndpointJson(
      Optional<Integer> port,
      Optional<Integer> portIndex,
      Optional<String> path,
      Optional<String> scheme) {
    private static EndpointJson of(
        HealthCheck.Target target, Optional<String> path, Optional<String> scheme) {
      return new EndpointJson(
          target.port(),
          target.port().isPresent() ? Optional.empty() : Optional.of(target.portIndex()),
          path,
          scheme);
    }
  }

  public record ExecJson(ShellJson command) {}

  public record ShellJson(String shell) {}

  /// A readiness check (`readinessCheck.raml`).
  public record ReadinessJson(
      String name,
      String protocol,
      String path,
      String portName,
      Number intervalSeconds,
      Number timeoutSeconds,
      @JsonInclude(Include.NON_EMPTY) List<Integer> httpStatusCodesForReady,
      boolean preserveLastResponse) {
    static ReadinessJson fromCore(ReadinessCheck check) {
      return new ReadinessJson(
          check.name(),
          scheme(check.tls()),
          check.path(),
          check.portName(),
          Numbers.ofSeconds(check.interval()),
          Numbers.ofSeconds(check.timeout()),
          check.readyStatuses(),
          check.preserveLastResponse());
    }
  }

  static CheckJson fromCore(StatusCheck check) {
    return switch (check.probe()) {
      case HealthCheck.Probe.Http http ->
          of(
              check,
              Optional.of(
                  EndpointJson.of(
                      http.target(), Optional.of(http.path()), Optional.of(scheme(http.tls())))),
              Optional.empty(),
              Optional.empty());
      case HealthCheck.Probe.Tcp tcp ->
          of(
              check,
              Optional.empty(),
              Optional.of(EndpointJson.of(tcp.target(), Optional.empty(), Optional.empty())),
              Optional.empty());
      case HealthCheck.Probe.Exec exec ->
          of(
              check,
              Optional.empty(),
              Optional.empty(),
              Optional.of(new ExecJson(new ShellJson(exec.line()))));
    };
  }

  private static String scheme(boolean tls) {
    return tls ? "HTTPS" : "HTTP";
  }

  private static CheckJson of(
      StatusCheck check,
      Optional<EndpointJson> http,
      Optional<EndpointJson> tcp,
      Optional<ExecJson> exec) {
    return new CheckJson(
        http,
        tcp,
        exec,
        Numbers.ofSeconds(check.interval()),
        Numbers.ofSeconds(check.timeout()),
        Numbers.ofSeconds(check.delay()));
  }
}
