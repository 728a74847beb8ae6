package dev.slipway.cli;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// How long a command waits for what it began.
final class Waiting {
  private static final Duration LONGEST = Duration.ofDays(7);

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = TimeConverter.class,
      description = "How long to wait, like 90s, 10m or 1h30m; default 10m.")
  Duration timeout = Duration.ofMinutes(10);

  @Option(names = "--detach", description = "Do not wait for the end.")
  boolean detach;

  /// Follows the deployment that the answer names, or only names it.
  Exit forDeployment(Session session, Api.Answer answer, Goal goal, List<String> apps) {
    String id = answer.json().at("deploymentId").text();
    if (id.isEmpty()) {
      throw Complaint.of(Exit.FAILED, "The server's answer names no deployment")
          .mend("See `slipway deployments`.");
    }
    if (!detach) {
      return new DeploymentWatch(session, id, goal, apps).follow(timeout);
    }
    if (session.json()) {
      session.printRaw(answer.body());
    } else {
      session.print("Deployment " + id + " goes on at the server; see `slipway deployments`");
    }
    return Exit.OK;
  }

  /// Reads `90s`, `10m`, `1h30m`.
  static final class TimeConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      Duration total = Duration.ZERO;
      int number = -1;
      for (int index = 0; index < text.length(); index++) {
        char character = text.charAt(index);
        if (Character.isDigit(character) && number < 100_000_000) {
          number = Math.max(0, number) * 10 + Character.digit(character, 10);
          continue;
        }
        if (number < 0) {
          throw wrong(text);
        }
        total =
            switch (character) {
              case 's' -> total.plusSeconds(number);
              case 'm' -> total.plusMinutes(number);
              case 'h' -> total.plusHours(number);
              default -> throw wrong(text);
            };
        number = -1;
      }
      if (number >= 0 || total.isZero() || total.compareTo(LONGEST) > 0) {
        throw wrong(text);
      }
      return total;
    }

    private static TypeConversionException wrong(String text) {
      return new TypeConversionException(
          "'" + text + "' is no time; write 90s, 10m or 1h30m (at most 7 days)");
    }
  }
}
