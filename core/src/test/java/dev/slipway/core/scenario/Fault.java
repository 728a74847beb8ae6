package dev.slipway.core.scenario;

/// What goes wrong in a simulation. Each kind can be left out, to see which a failure needs.
enum Fault {
  /// Sights, orders, requests and answers are lost, late, repeated and out of order.
  NETWORK,
  /// The server dies at some moment of its work.
  CRASH,
  /// The server stands still while another takes over, and goes on.
  ZOMBIE,
  /// The clock jumps forwards or backwards.
  CLOCK,
  /// The journal has no room for a while, or takes its time.
  JOURNAL,
  /// A machine is cut off for a while.
  SILENCE,
  /// A machine restarts without its tasks.
  REBOOT,
  /// A machine goes silent and never comes back; later its engine may learn that it is gone.
  DEATH,
  /// A machine is taken away, or not offered any more, and another one comes.
  FLEET,
  /// A machine is closed to new tasks for a while.
  CLOSING,
  /// A task ends by itself.
  EXIT,
  /// A task cannot be started.
  LAUNCH,
  /// A running task gets another network address.
  ADDRESS,
  /// Tasks of a machine were measured to press on each other, or not any more.
  NOISE
}
