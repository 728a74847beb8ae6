package dev.slipway.core.app;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;

/// Times as Marathon writes them: `2015-04-02T09:37:00.596Z`, always UTC, always three digits of
/// a second (`Timestamp.scala`). Clients parse them letter by letter, so no other form is
/// written.
public final class Timestamps {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC)
          .withResolverStyle(ResolverStyle.STRICT);

  private Timestamps() {}

  /// The time in Marathon's form; what is finer than a millisecond is cut off.
  public static String format(Instant time) {
    return FORM.format(time);
  }

  /// Reads exactly what {@link #format} writes; nothing when the text is anything else.
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(FORM.parse(text, Instant::from));
    } catch (DateTimeParseException notATime) {
      return Optional.empty();
    }
  }
}
