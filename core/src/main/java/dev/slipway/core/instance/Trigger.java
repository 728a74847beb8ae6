package dev.slipway.core.instance;

/// What moves an instance from one condition to another.
public enum Trigger {
  /// Placement put it on a node.
  PLACED,
  /// The engine prepares it.
  STAGED,
  /// The engine runs it.
  STARTED,
  /// Its node went silent.
  LOST,
  /// Its node has been silent for as long as its app waits for it.
  WAITED_FOR,
  /// An end was ordered.
  KILL_ORDERED,
  /// Its process ended with success.
  EXITED_WELL,
  /// Its process ended otherwise, or never started.
  EXITED_BADLY,
  /// Its process ended as ordered.
  ENDED_AS_ORDERED,
  /// It vanished with its machine.
  VANISHED
}
