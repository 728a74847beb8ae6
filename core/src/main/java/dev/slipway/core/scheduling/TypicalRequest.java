package dev.slipway.core.scheduling;

import java.util.List;

/// A request that many tasks make: what nodes have to be of use to.
///
/// @param amounts one a dimension, from 0 to {@link NodeTable#MOST}
/// @param thousandths of devices, as a {@link Shape} requests them
/// @param weight how much it counts beside the others, from 1 to {@link #MOST_WEIGHT}
public record TypicalRequest(List<Long> amounts, int thousandths, long weight) {
  /// The largest weight, so that sums never overflow.
  public static final long MOST_WEIGHT = 1L << 50;

  public TypicalRequest {
    amounts = List.copyOf(amounts);
    if (weight < 1 || weight > MOST_WEIGHT) {
      throw new IllegalArgumentException("a weight lies within 1 to " + MOST_WEIGHT);
    }
  }

  /// The same, counting so much.
  TypicalRequest weighing(long other) {
    return new TypicalRequest(amounts, thousandths, other);
  }

  boolean asksForAnything() {
    return thousandths > 0 || amounts.stream().anyMatch(amount -> amount > 0);
  }

  /// How much of each of its devices it takes.
  int ofEachDevice() {
    return Math.min(thousandths, NodeTable.DEVICE);
  }

  /// How many devices it takes, a shared one included.
  int devices() {
    return Math.ceilDiv(thousandths, NodeTable.DEVICE);
  }
}
