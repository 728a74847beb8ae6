package dev.slipway.server.marathon.event;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where an event stands, told to clients as `id` and sent back by them as `Last-Event-ID`.
///
/// @param sequence the number in the journal of the last durable event before or at it
/// @param part counts what is told since that number
record Position(long sequence, long part) implements Comparable<Position> {
  static final Position START = new Position(0, 0);

  private static final Pattern FORM = Pattern.compile("^([0-9]{1,18})\\.([0-9]{1,18})$");
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::sequence).thenComparingLong(Position::part);

  static Optional<Position> parse(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Position(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  Position next() {
    return new Position(sequence, part + 1);
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return sequence + "." + part;
  }
}
