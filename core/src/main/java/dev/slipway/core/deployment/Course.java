package dev.slipway.core.deployment;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.Sorted;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/// How a deployment fares, beside its plan.
///
/// @param reverts the deployment whose changes it takes back
/// @param patient whether its apps wait for apps of other deployments that they depend on
/// @param held the apps of the step that goes on whose turn has not come, since others that they
///     depend on are not ready, and which those are
/// @param marks how far the apps of the step have come that have a progress deadline
/// @param failure why it failed, where it goes on all the same or is paused
public record Course(
    Optional<DeploymentId> reverts,
    boolean patient,
    SortedMap<PathId, SortedSet<PathId>> held,
    SortedMap<PathId, Mark> marks,
    Optional<Failure> failure) {

  /// Nothing out of the ordinary.
  public static final Course PLAIN =
      new Course(
          Optional.empty(), true, new TreeMap<>(), new TreeMap<>(), Optional.<Failure>empty());

  /// The farthest that an app has come in its step.
  ///
  /// @param ready the most instances of the wanted version that were ready at once
  /// @param left the fewest instances that were still to go
  /// @param done whether there was nothing more to wait for
  /// @param at since when; the progress deadline counts from here
  public record Mark(int ready, int left, boolean done, Instant at) {
    /// Before anything has moved.
    public static Mark begun(Instant at) {
      return new Mark(0, Integer.MAX_VALUE, false, at);
    }

    /// As of now where a clock that was set back shows a time before it, so that the deadline does
    /// not wait until the clock is where it was.
    public Mark notAfter(Instant now) {
      return at.isAfter(now) ? new Mark(ready, left, done, now) : this;
    }

    /// The mark after a look at what is so now: this one when nothing moved.
    public Mark after(int nowReady, int nowLeft, boolean nowDone, Instant now) {
      boolean moved = nowReady > ready || nowLeft < left || nowDone != done;
      return moved
          ? new Mark(Math.max(ready, nowReady), Math.min(left, nowLeft), nowDone, now)
          : this;
    }
  }

  /// That a deployment came no further for too long.
  ///
  /// @param app the app that came no further
  /// @param then what followed
  /// @param reason a sentence for people
  public record Failure(PathId app, Rollout.OnFailure then, String reason, Instant at) {}

  public Course {
    held = Sorted.copyOf(held);
    marks = Sorted.copyOf(marks);
  }

  public static Course reverting(DeploymentId deployment) {
    return new Course(Optional.of(deployment), false, PLAIN.held(), PLAIN.marks(), PLAIN.failure());
  }

  public static Course of(boolean patient) {
    return new Course(PLAIN.reverts(), patient, PLAIN.held(), PLAIN.marks(), PLAIN.failure());
  }

  public Course withHeld(SortedMap<PathId, SortedSet<PathId>> apps) {
    return new Course(reverts, patient, apps, marks, failure);
  }

  public Course withMarks(SortedMap<PathId, Mark> next) {
    return new Course(reverts, patient, held, next, failure);
  }

  public Course withMark(PathId app, Mark mark) {
    var next = new TreeMap<>(marks);
    next.put(app, mark);
    return withMarks(next);
  }

  /// The app's turn has come.
  public Course released(PathId app, Instant at) {
    var next = new TreeMap<>(held);
    next.remove(app);
    return withHeld(next).withMark(app, Mark.begun(at));
  }

  public Course failed(Failure why) {
    return new Course(reverts, patient, held, marks, Optional.of(why));
  }

  /// As if it had not failed; deadlines count from now on.
  public Course resumed() {
    return new Course(reverts, patient, held, PLAIN.marks(), Optional.empty());
  }
}
