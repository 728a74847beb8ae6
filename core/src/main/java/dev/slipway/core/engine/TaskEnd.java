package dev.slipway.core.engine;

import java.util.Optional;

/// How a task ended.
///
/// @param exitCode the process's own, where it exited
/// @param signal the signal that ended it, where one did
/// @param message one line for people: what happened and, where known, why
public record TaskEnd(
    Reason reason, Optional<Integer> exitCode, Optional<Integer> signal, String message) {

  public enum Reason {
    /// The process exited by itself; its exit code tells how.
    EXITED,
    /// A signal that the platform did not send ended it.
    SIGNALED,
    /// The platform was asked to end it.
    KILLED,
    /// It used more memory than it requested.
    OUT_OF_MEMORY,
    /// Its sandbox grew past the disk it requested.
    DISK_LIMIT,
    /// An artifact could not be fetched.
    FETCH_FAILED,
    /// The program does not exist or may not be executed, or the account is unknown.
    COMMAND_INVALID,
    /// One of its ports is in use by a process that is not ours.
    PORT_IN_USE,
    /// Its image could not be had from the registry.
    IMAGE_UNAVAILABLE,
    /// A volume of its own could not be attached.
    VOLUME_UNAVAILABLE,
    /// Its node took its room back, for lack of something or for somebody of higher rank.
    EVICTED,
    /// The engine could not start it for another reason.
    LAUNCH_FAILED,
    /// It vanished with its machine, or with a restart of the machine.
    GONE
  }

  public static TaskEnd of(Reason reason, String message) {
    return new TaskEnd(reason, Optional.empty(), Optional.empty(), message);
  }

  /// Whether the task did what it should: it exited with code 0.
  public boolean successful() {
    return reason == Reason.EXITED && exitCode.filter(code -> code == 0).isPresent();
  }
}
