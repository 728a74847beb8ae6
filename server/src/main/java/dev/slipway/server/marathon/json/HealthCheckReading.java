package dev.slipway.server.marathon.json;

import dev.slipway.core.app.HealthCheck;
import java.time.Duration;
import java.util.Optional;

/// Reads a health check. Those that Marathon left to Mesos (`MESOS_HTTP` and so on) are made by the
/// platform like the others.
final class HealthCheckReading {
  private static final Duration GRACE = Duration.ofMinutes(5);
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int FAILURES = 3;
  private static final double LEAST_SECONDS = 0.001;

  private HealthCheckReading() {}

  static Optional<HealthCheck> read(Fields fields) {
    Optional<HealthCheck.Probe> probe = probe(fields, fields.text("protocol").orElse("HTTP"));
    if (fields.text("ipProtocol").filter(version -> !version.equals("IPv4")).isPresent()) {
      fields
          .faults()
          .value(
              fields.path("ipProtocol"),
              "only IPv4 is available yet; leave it out for a task that listens on IPv4");
    }
    int failures = fields.integer("maxConsecutiveFailures").orElse(FAILURES);
    AppReading.isWithin(fields, "maxConsecutiveFailures", failures, 0, AppLimits.MOST_FAILURES);
    Duration grace = AppReading.seconds(fields, "gracePeriodSeconds", 0).orElse(GRACE);
    Duration interval =
        AppReading.seconds(fields, "intervalSeconds", LEAST_SECONDS).orElse(INTERVAL);
    Duration timeout = AppReading.seconds(fields, "timeoutSeconds", LEAST_SECONDS).orElse(TIMEOUT);
    boolean ignore = fields.flag("ignoreHttp1xx").orElse(false);
    return probe.map(
        asked -> new HealthCheck(asked, grace, interval, timeout, Math.max(0, failures), ignore));
  }

  private static Optional<HealthCheck.Probe> probe(Fields fields, String protocol) {
    return switch (protocol) {
      case "HTTP", "MESOS_HTTP" -> http(fields, false);
      case "HTTPS", "MESOS_HTTPS" -> http(fields, true);
      case "TCP", "MESOS_TCP" -> target(fields).map(HealthCheck.Probe.Tcp::new);
      case "COMMAND" -> exec(fields);
      default -> {
        fields
            .faults()
            .value(
                fields.path("protocol"),
                "must be one of HTTP, HTTPS, TCP, COMMAND, MESOS_HTTP, MESOS_HTTPS and MESOS_TCP");
        yield Optional.empty();
      }
    };
  }

  private static Optional<HealthCheck.Probe> http(Fields fields, boolean tls) {
    String path = fields.text("path").orElse("/");
    boolean printable = path.chars().allMatch(letter -> letter > ' ' && letter < 127);
    if (!path.startsWith("/") || path.length() > AppLimits.NAME_LENGTH || !printable) {
      fields
          .faults()
          .value(
              fields.path("path"),
              "must begin with '/' and have no blanks and no characters beyond ASCII");
      return Optional.empty();
    }
    return target(fields).map(target -> new HealthCheck.Probe.Http(tls, path, target));
  }

  private static Optional<HealthCheck.Probe> exec(Fields fields) {
    Optional<String> line = fields.object("command").flatMap(command -> command.text("value"));
    boolean usable =
        line.filter(text -> !text.isBlank() && text.length() <= AppLimits.COMMAND_LENGTH)
            .filter(AppLimits::isPlain)
            .isPresent();
    if (!usable) {
      fields
          .faults()
          .value(fields.path("command"), "a COMMAND check needs a shell line as command.value");
      return Optional.empty();
    }
    return line.map(HealthCheck.Probe.Exec::new);
  }

  private static Optional<HealthCheck.Target> target(Fields fields) {
    Optional<Integer> port = fields.integer("port");
    int index = fields.integer("portIndex").orElse(0);
    boolean good =
        port.map(number -> AppReading.isWithin(fields, "port", number, 1, 65535)).orElse(true)
            && AppReading.isWithin(fields, "portIndex", index, 0, AppLimits.PORTS);
    return good ? Optional.of(new HealthCheck.Target(port, index)) : Optional.empty();
  }
}
