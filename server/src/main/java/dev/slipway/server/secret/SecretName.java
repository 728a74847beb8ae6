package dev.slipway.server.secret;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a secret: a path such as `shop/db/password`, of letters, digits, `.`, `_` and `-`.
/// Names are no secrets themselves: apps, answers and logs show them.
///
/// @param value of at most [#MAX_LENGTH] characters in at most [#MAX_SEGMENTS] segments
public record SecretName(String value) implements Comparable<SecretName> {
  public static final int MAX_LENGTH = 200;
  public static final int MAX_SEGMENTS = 10;

  /// Why something is no name.
  static final String GRAMMAR_ADVICE =
      "that is no name of a secret: write a path like shop/db/password, of letters, digits, '.',"
          + " '_' and '-', with at most 10 segments and 200 characters";

  private static final String SEGMENT = "[A-Za-z0-9_][A-Za-z0-9._-]*";
  private static final Pattern GRAMMAR =
      Pattern.compile(SEGMENT + "(/" + SEGMENT + "){0," + (MAX_SEGMENTS - 1) + "}");

  /// @throws IllegalArgumentException when it is no name; the message says how names are written
  public SecretName {
    if (value.length() > MAX_LENGTH || !GRAMMAR.matcher(value).matches()) {
      throw new IllegalArgumentException(GRAMMAR_ADVICE);
    }
  }

  /// The name, or nothing when the text is none.
  public static Optional<SecretName> parse(String text) {
    try {
      return Optional.of(new SecretName(text));
    } catch (IllegalArgumentException noName) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(SecretName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
