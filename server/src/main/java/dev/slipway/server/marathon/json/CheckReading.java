package dev.slipway.server.marathon.json;

import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.StatusCheck;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads `check`, whose result is only shown (`check.raml`), and `readinessChecks`
/// (`readinessCheck.raml`).
final class CheckReading {
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration READINESS_INTERVAL = Duration.ofSeconds(30);
  private static final Duration READINESS_TIMEOUT = Duration.ofSeconds(10);
  private static final List<Integer> READY = List.of(200);
  private static final int LEAST_STATUS = 100;
  private static final int MOST_STATUS = 999;
  private static final List<String> KINDS = List.of("http", "tcp", "exec");

  private static final Map<String, Boolean> SCHEMES = new LinkedHashMap<>();

  static {
    SCHEMES.put("HTTP", false);
    SCHEMES.put("HTTPS", true);
  }

  private CheckReading() {}

  static Optional<StatusCheck> status(Fields app) {
    return app.object("check").flatMap(CheckReading::one);
  }

  private static Optional<StatusCheck> one(Fields fields) {
    if (KINDS.stream().filter(fields::has).count() != 1) {
      fields.wrong("Must specify a single type of check, http, tcp, or exec");
      return Optional.empty();
    }
    Duration interval = Numbers.checkSeconds(fields, "intervalSeconds").orElse(INTERVAL);
    Duration timeout = Numbers.checkSeconds(fields, "timeoutSeconds").orElse(TIMEOUT);
    Duration delay = Numbers.seconds(fields, "delaySeconds", 0).orElse(HealthCheckReading.DELAY);
    Optional<HealthCheck.Probe> probe =
        fields
            .object("http")
            .flatMap(
                http -> HealthCheckReading.http(http, http.word("scheme", SCHEMES).orElse(false)))
            .or(
                () ->
                    fields
                        .object("tcp")
                        .flatMap(HealthCheckReading::target)
                        .map(HealthCheck.Probe.Tcp::new))
            .or(() -> fields.object("exec").flatMap(CheckReading::exec));
    return probe.map(asked -> new StatusCheck(asked, interval, timeout, delay));
  }

  private static Optional<HealthCheck.Probe> exec(Fields fields) {
    Optional<Fields> command = fields.object("command");
    Optional<String> line =
        command
            .flatMap(inner -> inner.text("shell"))
            .or(
                () ->
                    command
                        .flatMap(inner -> inner.textList("argv", AppLimits.ARGUMENTS))
                        .map(CheckReading::quoted));
    if (line.filter(HealthCheckReading::isLine).isEmpty()) {
      fields.wrong("command", "needs a shell line as command.shell, or words as command.argv");
      return Optional.empty();
    }
    return line.map(HealthCheck.Probe.Exec::new);
  }

  /// Words as a line from which the shell makes the same words.
  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }

  /// At most one; an empty list takes the check away.
  static Optional<List<ReadinessCheck>> readiness(Fields app) {
    Optional<List<ReadinessCheck>> checks =
        app.list(
            "readinessChecks",
            AppLimits.HEALTH_CHECKS,
            (node, path) -> Fields.of(node, path, app.faults()).flatMap(CheckReading::ready));
    if (checks.isPresent() && checks.get().size() > 1) {
      app.wrong("readinessChecks", "got " + checks.get().size() + ", expected 1 or less");
    }
    return checks;
  }

  private static Optional<ReadinessCheck> ready(Fields fields) {
    Duration interval = Numbers.checkSeconds(fields, "intervalSeconds").orElse(READINESS_INTERVAL);
    Duration timeout = Numbers.checkSeconds(fields, "timeoutSeconds").orElse(READINESS_TIMEOUT);
    if (timeout.compareTo(interval) >= 0) {
      fields.wrong(
          "timeoutSeconds",
          "got %s, expected less than %s"
              .formatted(Numbers.plainSeconds(timeout), Numbers.plainSeconds(interval)));
    }
    boolean tls = fields.word("protocol", SCHEMES).orElse(false);
    String name = fields.shortText("name", AppLimits.NAME_LENGTH).orElse("readinessCheck");
    String port = fields.shortText("portName", AppLimits.NAME_LENGTH).orElse("http-api");
    boolean preserve = fields.flag("preserveLastResponse").orElse(false);
    List<Integer> statuses = statuses(fields);
    return HealthCheckReading.path(fields)
        .map(
            path ->
                new ReadinessCheck(name, tls, path, port, interval, timeout, statuses, preserve));
  }

  private static List<Integer> statuses(Fields fields) {
    List<Integer> given =
        fields
            .list("httpStatusCodesForReady", AppLimits.STATUSES, fields::integer)
            .orElse(List.of());
    if (given.stream().anyMatch(status -> status < LEAST_STATUS || status > MOST_STATUS)) {
      fields.wrong("httpStatusCodesForReady", "each must be between 100 and 999");
    }
    return given.isEmpty() ? READY : given.stream().distinct().toList();
  }
}
