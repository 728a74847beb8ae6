package dev.slipway.server.marathon.event;

/// Somebody who is told of events.
interface Listener {
  /// Takes an event to tell; never waits.
  void offer(Frame frame);

  /// Has it stop: nothing more is told.
  void end();
}
