package dev.slipway.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Ids and times from text, fast: recovery reads several of each per event, and their grammars are
/// regular expressions.
final class Scalars {
  private static final int SECONDS_END = "2026-01-02T03:04:05".length();
  private static final int MAX_FRACTION_DIGITS = 9;

  private Scalars() {}

  /// Remembers values that were read lately, since an id seldom comes alone; equal values are then
  /// one object too. Entries are immutable, so threads may race for a slot: the loser reads anew.
  static final class Recent<T> implements Function<String, T> {
    private static final int SLOTS = 4096;

    private record Entry(String text, Object value) {}

    private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];
    private final Class<T> type;
    private final Function<String, T> read;

    Recent(Class<T> type, Function<String, T> read) {
      this.type = type;
      this.read = read;
    }

    @Override
    public T apply(String text) {
      int hash = text.hashCode();
      int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
      Entry entry = entries[slot];
      if (entry != null && entry.text().equals(text)) {
        return type.cast(entry.value());
      }
      T value = read.apply(text);
      entries[slot] = new Entry(text, value);
      return value;
    }
  }

  /// {@link Instant#parse} with a short way for what {@link Instant#toString} gives within the
  /// years
  /// 0 to 9999.
  static Instant instant(String text) {
    int last = text.length() - 1;
    boolean usual =
        last >= SECONDS_END
            && last <= SECONDS_END + 1 + MAX_FRACTION_DIGITS
            && text.charAt(last) == 'Z'
            && text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && text.charAt(10) == 'T'
            && text.charAt(13) == ':'
            && text.charAt(16) == ':'
            && (last == SECONDS_END || text.charAt(SECONDS_END) == '.');
    if (!usual) {
      return Instant.parse(text);
    }
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, SECONDS_END);
    int fraction = last == SECONDS_END ? 0 : digits(text, SECONDS_END + 1, last);
    int date = digits(text, 0, 4) | digits(text, 5, 7) | digits(text, 8, 10);
    if ((date | hour | minute | second | fraction) < 0 || hour > 23 || minute > 59 || second > 59) {
      return Instant.parse(text);
    }
    long day =
        LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)).toEpochDay();
    for (int scale = last - SECONDS_END; scale <= MAX_FRACTION_DIGITS; scale++) {
      fraction *= 10;
    }
    return Instant.ofEpochSecond(86_400 * day + 3_600L * hour + 60L * minute + second, fraction);
  }

  /// The number that the digits make; negative when there are none or others stand between them.
  private static int digits(String text, int from, int to) {
    int number = from == to ? -1 : 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
