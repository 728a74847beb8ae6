package dev.slipway.server.marathon.event;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where an event stands, told to clients as `id` and sent back by them as `Last-Event-ID`.
///
/// What follows from a durable event stands at the same place whenever it is worked out, so that a
/// client can go on where it left although the server was started anew. What is in no journal
/// stands between, at places of its own.
///
/// @param sequence the number in the journal of the last durable event before or at it
/// @param part counts what follows from that durable event
/// @param aside counts what is in no journal since
record Position(long sequence, long part, long aside) implements Comparable<Position> {
  static final Position START = after(0);

  private static final Pattern FORM =
      Pattern.compile("^([0-9]{1,18})\\.([0-9]{1,18})(?:\\.([0-9]{1,18}))?$");
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::sequence)
          .thenComparingLong(Position::part)
          .thenComparingLong(Position::aside);

  /// Before all that follows from a durable event.
  static Position after(long sequence) {
    return new Position(sequence, 0, 0);
  }

  static Optional<Position> parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String aside = matcher.group(3);
    return Optional.of(
        new Position(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            aside == null ? 0 : Long.parseLong(aside)));
  }

  Position next() {
    return new Position(sequence, part + 1, 0);
  }

  Position nextAside() {
    return new Position(sequence, part, aside + 1);
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    String durable = sequence + "." + part;
    return aside == 0 ? durable : durable + "." + aside;
  }
}
