package dev.slipway.server.marathon.json;

import dev.slipway.core.app.HealthCheck;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Reads a health check (`healthCheck.raml`). Those of the protocols `MESOS_*` are asked on the
/// task's node.
final class HealthCheckReading {
  private static final Duration GRACE = Duration.ofMinutes(5);
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  static final Duration DELAY = Duration.ofSeconds(15);
  private static final int FAILURES = 3;
  static final double LEAST_SECONDS = 0.001;
  private static final int MOST_PORT = 65535;

  static final String MESOS = "MESOS_";

  private static final Map<String, Boolean> IPV6 = new LinkedHashMap<>();

  static {
    IPV6.put("IPv4", false);
    IPV6.put("IPv6", true);
  }

  private HealthCheckReading() {}

  static Optional<HealthCheck> read(Fields fields) {
    String protocol = fields.text("protocol").orElse("HTTP");
    Optional<HealthCheck.Probe> probe = probe(fields, protocol);
    int failures = fields.integer("maxConsecutiveFailures").orElse(FAILURES);
    Numbers.isWithin(fields, "maxConsecutiveFailures", failures, 0, AppLimits.MOST_FAILURES);
    Duration grace = Numbers.seconds(fields, "gracePeriodSeconds", 0).orElse(GRACE);
    Duration interval = Numbers.checkSeconds(fields, "intervalSeconds").orElse(INTERVAL);
    Duration timeout = Numbers.checkSeconds(fields, "timeoutSeconds").orElse(TIMEOUT);
    boolean ignore = fields.flag("ignoreHttp1xx").orElse(false);
    var origin = origin(fields, protocol);
    return probe.map(
        asked ->
            new HealthCheck(
                asked, grace, interval, timeout, Math.max(0, failures), ignore, origin));
  }

  private static HealthCheck.Origin origin(Fields fields, String protocol) {
    Duration delay = Numbers.seconds(fields, "delaySeconds", 0).orElse(DELAY);
    boolean ipv6 = fields.word("ipProtocol", IPV6).orElse(false);
    boolean node = protocol.startsWith(MESOS);
    return new HealthCheck.Origin(
        node, node ? delay : Duration.ZERO, ipv6 && !protocol.equals("COMMAND"));
  }

  private static Optional<HealthCheck.Probe> probe(Fields fields, String protocol) {
    return switch (protocol) {
      case "HTTP", "MESOS_HTTP" -> http(fields, false);
      case "HTTPS", "MESOS_HTTPS" -> http(fields, true);
      case "TCP", "MESOS_TCP" -> target(fields).map(HealthCheck.Probe.Tcp::new);
      case "COMMAND" -> exec(fields);
      default -> {
        fields.wrong(
            "protocol",
            "must be one of HTTP, HTTPS, TCP, COMMAND, MESOS_HTTP, MESOS_HTTPS and MESOS_TCP");
        yield Optional.empty();
      }
    };
  }

  static Optional<HealthCheck.Probe> http(Fields fields, boolean tls) {
    Optional<String> path = path(fields);
    Optional<HealthCheck.Target> target = target(fields);
    return path.flatMap(text -> target.map(asked -> new HealthCheck.Probe.Http(tls, text, asked)));
  }

  /// The path of a request; nothing and a fault where it cannot be one.
  static Optional<String> path(Fields fields) {
    String path = fields.text("path").orElse("/");
    boolean printable = path.chars().allMatch(letter -> letter > ' ' && letter < 127);
    if (!path.startsWith("/") || path.length() > AppLimits.NAME_LENGTH || !printable) {
      fields.wrong("path", "must begin with '/' and have no blanks and no characters beyond ASCII");
      return Optional.empty();
    }
    if (!isPath(path)) {
      fields.wrong("path", "is not the path of a URL; '%' stands before two hexadecimal digits");
      return Optional.empty();
    }
    return Optional.of(path);
  }

  private static boolean isPath(String path) {
    try {
      return new URI("http://host:80" + path).getRawPath().startsWith("/");
    } catch (URISyntaxException notOne) {
      return false;
    }
  }

  private static Optional<HealthCheck.Probe> exec(Fields fields) {
    Optional<String> line = fields.object("command").flatMap(command -> command.text("value"));
    if (line.filter(HealthCheckReading::isLine).isEmpty()) {
      fields.wrong("command", "a COMMAND check needs a shell line as command.value");
      return Optional.empty();
    }
    return line.map(HealthCheck.Probe.Exec::new);
  }

  static boolean isLine(String text) {
    return !text.isBlank() && text.length() <= AppLimits.COMMAND_LENGTH && AppLimits.isPlain(text);
  }

  static Optional<HealthCheck.Target> target(Fields fields) {
    Optional<Integer> port = fields.integer("port");
    int index = fields.integer("portIndex").orElse(0);
    boolean good =
        port.map(number -> Numbers.isWithin(fields, "port", number, 1, MOST_PORT)).orElse(true)
            && Numbers.isWithin(fields, "portIndex", index, 0, AppLimits.PORTS);
    // A port beats the index, which is not kept then.
    return good
        ? Optional.of(new HealthCheck.Target(port, port.isPresent() ? 0 : index))
        : Optional.empty();
  }
}
