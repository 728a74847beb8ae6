package dev.slipway.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a client says that it takes: the header `Accept`, or `Accept-Encoding`, which is written
/// alike (RFC 9110, 12.5). Parts that cannot be read are passed over.
public final class Accept {
  /// More parts than any client needs are not looked at.
  private static final int MAX_PARTS = 100;

  private record Part(String name, double quality) {}

  private final List<Part> parts;

  private Accept(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /// @param header the header's value; absent and empty ones say nothing, so that everything is
  ///     taken
  public static Accept of(@Nullable String header) {
    List<Part> parts = new ArrayList<>();
    if (header == null || header.isBlank()) {
      return new Accept(List.of(new Part("*/*", 1), new Part("*", 1)));
    }
    for (String text : header.toLowerCase(Locale.ROOT).split(",", MAX_PARTS)) {
      String[] words = text.split(";", -1);
      if (!words[0].isBlank()) {
        parts.add(new Part(words[0].strip(), quality(words)));
      }
    }
    return new Accept(parts);
  }

  private static double quality(String[] words) {
    for (int i = 1; i < words.length; i++) {
      String word = words[i].strip();
      if (word.startsWith("q=")) {
        try {
          return Math.clamp(Double.parseDouble(word.substring(2)), 0, 1);
        } catch (NumberFormatException unreadable) {
          return 1;
        }
      }
    }
    return 1;
  }

  /// Whether the client names it, not only by a wildcard, and takes it.
  public boolean names(String name) {
    return named(name).filter(quality -> quality > 0).isPresent();
  }

  /// How gladly `name` is taken, from 0 (not at all) to 1; the part that fits it best decides.
  public double quality(String name) {
    int slash = name.indexOf('/');
    String family = slash < 0 ? "*" : name.substring(0, slash) + "/*";
    return named(name).or(() -> named(family)).or(() -> named(slash < 0 ? "*" : "*/*")).orElse(0.0);
  }

  private Optional<Double> named(String name) {
    return parts.stream().filter(part -> part.name.equals(name)).map(Part::quality).findFirst();
  }
}
