package dev.slipway.core.engine;

/// The fencing number of one leadership: it only rises, and whoever saw a higher one refuses a
/// lower.
public record Epoch(long value) implements Comparable<Epoch> {
  @Override
  public int compareTo(Epoch other) {
    return Long.compare(value, other.value);
  }

  public Epoch next() {
    return new Epoch(value + 1);
  }
}
