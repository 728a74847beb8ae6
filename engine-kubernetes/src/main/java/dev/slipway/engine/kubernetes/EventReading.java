package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation.Status;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Reads from a pod's events what its status never tells: that one of its volumes does not come.
final class EventReading {
  /// How long a volume may take: attaching and making one takes clouds up to a minute or so.
  static final Duration VOLUME_PATIENCE = Duration.ofMinutes(2);

  private static final Set<String> VOLUME_TROUBLE = Set.of("FailedMount", "FailedAttachVolume");

  private EventReading() {}

  /// What an event says of a pod that is staging.
  ///
  /// @param since when, by our own clock, the pod began to wait
  /// @return nothing when the event speaks of no volume
  static Optional<Reading> read(Event event, Instant since, Instant now) {
    if (!VOLUME_TROUBLE.contains(String.valueOf(event.getReason()))) {
      return Optional.empty();
    }
    String cause = Lines.one(String.valueOf(event.getMessage()), PodEnding.LONGEST_DETAIL);
    Instant until = since.plus(VOLUME_PATIENCE);
    if (now.isBefore(until)) {
      return Optional.of(new Reading.Patience(new Status.Staging(), until, cause));
    }
    return Optional.of(
        new Reading.Hopeless(
            TaskEnd.of(
                TaskEnd.Reason.VOLUME_UNAVAILABLE, "a volume of the pod does not come: " + cause)));
  }
}
