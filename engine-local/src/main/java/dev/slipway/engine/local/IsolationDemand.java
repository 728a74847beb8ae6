package dev.slipway.engine.local;

/// Which tiers an engine may use: it takes the best that works between the two, or refuses to
/// start.
public record IsolationDemand(IsolationTier weakest, IsolationTier strongest) {
  public static final IsolationDemand BEST = atLeast(IsolationTier.PROCESS);

  public IsolationDemand {
    if (weakest.compareTo(strongest) > 0) {
      throw new IllegalArgumentException(weakest + " is stronger than " + strongest);
    }
  }

  public static IsolationDemand atLeast(IsolationTier weakest) {
    return new IsolationDemand(weakest, IsolationTier.BUBBLEWRAP);
  }

  public static IsolationDemand exactly(IsolationTier tier) {
    return new IsolationDemand(tier, tier);
  }

  boolean allows(IsolationTier tier) {
    return tier.compareTo(weakest) >= 0 && tier.compareTo(strongest) <= 0;
  }
}
