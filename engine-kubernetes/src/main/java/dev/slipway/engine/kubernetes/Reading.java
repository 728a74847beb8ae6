package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation.Status;
import java.time.Instant;

/// What a pod tells of its task.
sealed interface Reading {
  /// So it is.
  record Observed(Status status) implements Reading {}

  /// So it is now, and it will not stay so: look at the pod again at that time if it has not
  /// changed until then.
  ///
  /// @param reason what is being waited for, to be handed to the next reading
  record Patience(Status status, Instant until, String reason) implements Reading {}

  /// The pod still stands, and its task will never run: it is to be ended with that end.
  record Hopeless(TaskEnd end) implements Reading {}

  /// What the engine remembers of a pod that it reads.
  ///
  /// @param changed since when, by our own clock, the pod is as it is
  /// @param ran whether its task was seen running
  /// @param cause the reason of the last patience, empty without one
  record Memory(Instant changed, boolean ran, String cause) {
    static Memory fresh(Instant now) {
      return new Memory(now, false, "");
    }
  }
}
