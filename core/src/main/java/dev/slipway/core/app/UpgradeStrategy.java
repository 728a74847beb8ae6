package dev.slipway.core.app;

/// How far an update may lower and raise the number of instances; both from 0 to 1.
///
/// @param minimumHealthCapacity the part of the instances that stays healthy throughout
/// @param maximumOverCapacity the part by which the instances may be exceeded
public record UpgradeStrategy(double minimumHealthCapacity, double maximumOverCapacity) {
  public static final UpgradeStrategy DEFAULT = new UpgradeStrategy(1, 1);
}
