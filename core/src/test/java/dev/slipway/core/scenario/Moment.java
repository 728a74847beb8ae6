package dev.slipway.core.scenario;

/// When a server may die.
enum Moment {
  /// It has decided, and nothing is durable.
  DECIDED,
  /// The events are durable, and nobody has seen anything of it.
  RECORDED,
  /// An order was given.
  ACTED
}
