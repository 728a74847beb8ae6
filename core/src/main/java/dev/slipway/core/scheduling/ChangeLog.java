package dev.slipway.core.scheduling;

import java.util.Arrays;

/// Which nodes changed, in order. Each reader remembers up to where it has read, and so looks only
/// at what changed since; who was away for too long begins anew.
final class ChangeLog {
  private final int[] ring;
  private final int mask;
  private final long[] latest;
  private long end;
  private long readTo;

  /// @param capacity changes that are kept; a power of two
  ChangeLog(int capacity, int nodes) {
    ring = new int[capacity];
    mask = capacity - 1;
    latest = new long[nodes];
    Arrays.fill(latest, -1);
  }

  void add(int node) {
    if (latest[node] >= 0 && latest[node] == end - 1 && readTo < end) {
      // It is the last one already, and nobody has seen that.
      return;
    }
    ring[(int) (end & mask)] = node;
    latest[node] = end;
    end++;
  }

  /// The position after the last change.
  long end() {
    return end;
  }

  /// Whether all changes from `position` on are still here.
  boolean reachesTo(long position) {
    return end - position <= ring.length;
  }

  int nodeAt(long position) {
    return ring[(int) (position & mask)];
  }

  /// Whether the node changed again after this.
  boolean isOutdated(long position) {
    return latest[nodeAt(position)] != position;
  }

  /// Told of every reader how far it has read.
  void noteRead(long position) {
    readTo = Math.max(readTo, position);
  }
}
