package dev.slipway.core.scheduling;

import java.util.Arrays;

/// Which groups of nodes are open to a request.
///
/// @param open those that are
/// @param unmet of each group the weights of preferences that its nodes do not meet, or
///     {@link #CLOSED}
@SuppressWarnings("ArrayRecordComponent") // Read in the innermost loop; nobody writes to them.
record View(int[] open, int[] unmet) {
  static final int CLOSED = -1;

  static View of(int[] unmet) {
    int count = 0;
    int[] open = new int[unmet.length];
    for (int group = 0; group < unmet.length; group++) {
      if (unmet[group] != CLOSED) {
        open[count++] = group;
      }
    }
    return new View(Arrays.copyOf(open, count), unmet);
  }

  /// All groups, without preferences.
  static View ofAll(int groups) {
    return of(new int[groups]);
  }
}
