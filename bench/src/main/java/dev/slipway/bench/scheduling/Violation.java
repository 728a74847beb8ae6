package dev.slipway.bench.scheduling;

/// What the [Referee] blames a policy for.
public enum Violation {
  /// Put on a host that is not there.
  NO_SUCH_HOST,
  /// Put somewhere though it stands somewhere already.
  PLACED_TWICE,
  /// Taken away though it stands nowhere, or from another host.
  REMOVED_FROM_NOWHERE,
  /// More of a dimension is taken than the host has.
  OVER_CAPACITY,
  /// A port is somebody else's on this host.
  PORT_TAKEN,
  /// Not as many devices as asked for, devices of another model, or devices that are not there.
  WRONG_DEVICES,
  /// More of a device is taken than there is.
  DEVICE_TAKEN,
  /// The host is for tasks that ask for it.
  DEDICATED,
  /// The host's attribute has another value.
  WRONG_ATTRIBUTE,
  /// One value of an attribute has too many more than another that could have been chosen.
  SKEWED,
  /// More tasks of the app at one value of an attribute than it may have.
  TOO_MANY,
  /// Where tasks are that it must be apart from.
  NOT_APART,
  /// Not where the tasks are that it must be with.
  NOT_TOGETHER,
  /// Told as not placeable though there is a host for it.
  WRONGLY_REFUSED
}
