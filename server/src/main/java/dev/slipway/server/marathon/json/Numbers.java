package dev.slipway.server.marathon.json;

import java.time.Duration;
import java.util.Optional;

/// Numbers within bounds, in Marathon's words where they lie outside.
final class Numbers {
  private static final double MILLIS = 1000;

  /// From here on not every whole number can be told from the next.
  private static final double MOST_WHOLE = 1e15;

  private Numbers() {}

  static <N extends Number & Comparable<N>> Optional<N> bounded(
      Fields fields, String name, Optional<N> value, N least, N most) {
    return value.filter(number -> isWithin(fields, name, number, least, most));
  }

  static <N extends Number & Comparable<N>> boolean isWithin(
      Fields fields, String name, N number, N least, N most) {
    if (number.compareTo(least) < 0) {
      fields.wrong(name, "got %s, expected %s or more".formatted(number, least));
      return false;
    }
    if (number.compareTo(most) > 0) {
      fields.wrong(name, "got %s, expected %s or less".formatted(number, most));
      return false;
    }
    return true;
  }

  /// Seconds, possibly with a fraction; kept to the millisecond.
  static Optional<Duration> seconds(Fields fields, String name, double least) {
    return bounded(fields, name, fields.number(name), least, AppLimits.MOST_SECONDS)
        .map(value -> Duration.ofMillis(Math.round(value * MILLIS)));
  }

  /// The interval or the timeout of a check.
  static Optional<Duration> checkSeconds(Fields fields, String name) {
    Optional<Double> given = fields.number(name);
    return bounded(
            fields, name, given, HealthCheckReading.LEAST_SECONDS, AppLimits.MOST_CHECK_SECONDS)
        .map(value -> Duration.ofMillis(Math.round(value * MILLIS)));
  }

  /// As {@link #seconds} reads them.
  static Number ofSeconds(Duration duration) {
    return Numbers.plain(duration.toMillis() / MILLIS);
  }

  /// A number as Marathon writes it: `1` and not `1.0`, `0.1` as it is.
  static Number plain(double value) {
    if (value == Math.rint(value) && Math.abs(value) < MOST_WHOLE) {
      return (long) value;
    }
    return value;
  }

  static String plainSeconds(Duration duration) {
    return String.valueOf(ofSeconds(duration));
  }
}
