package dev.slipway.core.scheduling;

import java.util.List;

/// Of what use nodes without devices are to typical requests; see {@link RemainingUse}.
final class PlainUse {
  /// What is free where a request does not fit counts so many times against the node.
  private static final double LOST = 2;

  /// Shares are whole numbers, of this.
  private static final int SHARE_BITS = 28;

  private final Slots slots;
  private final long[] worth;
  private final long[] shares;

  /// The part of the best empty node that a request takes, on the mean, as a whole number.
  final long meanShare;

  /// @param classes without devices
  PlainUse(int dimensions, List<RequestClass> classes) {
    slots = new Slots(dimensions, classes.stream().map(RequestClass::request).toList());
    worth = new long[classes.size()];
    shares = new long[classes.size()];
    long all = classes.stream().mapToLong(one -> one.request().weight()).sum();
    long mean = 0;
    for (int request = 0; request < shares.length; request++) {
      double share = classes.get(request).request().weight() / (double) all;
      shares[request] = Math.round(share * (1 << SHARE_BITS));
      worth[request] = Math.round(share / classes.get(request).most() * RemainingUse.ONE);
      mean += worth[request];
    }
    meanShare = mean;
  }

  boolean isNone() {
    return shares.length == 0;
  }

  /// @param scarce what is free of the scarcest dimensions, as a part of the node
  long of(long[] free, int at, double scarce) {
    long use = 0;
    long lacking = 0;
    for (int request = 0; request < shares.length; request++) {
      long fit = slots.of(request, free, at);
      use += fit * worth[request];
      lacking += fit == 0 ? shares[request] : 0;
    }
    return use - Math.round(LOST * scarce * (RemainingUse.ONE / (1 << SHARE_BITS)) * lacking);
  }
}
