package dev.slipway.core.engine;

import java.util.Optional;
import java.util.function.IntSupplier;

/// Whose orders an engine takes, as it is kept beside the tasks. So the tasks know whose they are,
/// whatever becomes of a journal.
///
/// A leadership begins above `epoch`, also where its journal lost one. A journal that is empty or
/// another platform's must not lead here ([#check]): it would take the tasks for strays and launch
/// what runs already.
///
/// @param epoch the highest that ever gave an order; 0 before the first
/// @param platform the id of the platform that claimed the place; nothing before the first claim
/// @param tasks how many tasks are there that have not ended, counted up to [#MOST_COUNTED]
/// @param place what is fenced, for people: `the namespace 'shop'`
/// @param surrender how a person gives the place up to another platform: `run kubectl ...`
/// @param assignment how a person gives the place, which nobody claimed, to a platform whose tasks
///     ran elsewhere, with [#PLATFORM] for its id; empty where there can be no other place
public record Fenced(
    Epoch epoch,
    Optional<String> platform,
    int tasks,
    String place,
    String surrender,
    String assignment) {
  /// Stands for the id of a platform in an assignment.
  public static final String PLATFORM = "PLATFORM-ID";

  /// More tasks than these are not counted.
  public static final int MOST_COUNTED = 100;

  /// An engine that keeps nothing beyond its process.
  public static final Fenced NOTHING =
      new Fenced(new Epoch(0), Optional.empty(), 0, "the engine", "", "");

  /// Finds out whether a platform may lead here.
  ///
  /// @param candidate the id of the journal's platform, empty where the journal is empty
  /// @throws ForeignPlatform when the place is another platform's; says how to mend it
  public void check(String candidate) {
    if (platform.filter(owner -> !owner.equals(candidate)).isPresent()) {
      throw new ForeignPlatform(refusal(platform.get(), candidate));
    }
  }

  /// Finds out whether a platform may lead here whose tasks were seen by an engine. Where nobody
  /// ever led, they were seen somewhere else: in another cluster that was given the same journal,
  /// or in one that is gone.
  ///
  /// @param candidate the id of the journal's platform, empty where the journal is empty
  /// @param seen how many of its tasks were seen and have not ended; asked where it matters
  /// @throws ForeignPlatform when the place is another platform's, or the tasks are elsewhere; says
  ///     how to mend it
  public void check(String candidate, IntSupplier seen) {
    check(candidate);
    boolean untouched = platform.isEmpty() && epoch.value() == 0 && !assignment.isEmpty();
    int elsewhere = untouched ? seen.getAsInt() : 0;
    if (elsewhere > 0) {
      throw new ForeignPlatform(
          ("%s was never led, but the journal of the platform %s knows %s elsewhere."
                  + " So nothing is ordered: what runs there would run a second time here. Have this server use"
                  + " the engine where they are, as the other servers do. If that is gone for good,"
                  + " %s; then all is launched here")
              .formatted(
                  place,
                  candidate,
                  elsewhere == 1 ? "1 task that runs" : elsewhere + " tasks that run",
                  assignment.replace(PLATFORM, candidate)));
    }
  }

  /// Finds out whether a term may begin under an epoch that was taken for it. One as high as the
  /// engine's is refused like a lower one: it is another term's, since a database that lost commits
  /// gives an epoch out twice.
  ///
  /// @throws StaleEpoch when the next one has to be taken above the engine's
  public void check(Epoch taken) {
    if (taken.compareTo(epoch) <= 0) {
      throw new StaleEpoch(taken, epoch);
    }
  }

  private String refusal(String owner, String candidate) {
    String running =
        switch (tasks) {
          case 0 -> "no task of it runs now";
          case 1 -> "1 task of it runs";
          default -> (tasks < MOST_COUNTED ? "" : "at least ") + tasks + " tasks of it run";
        };
    String journal =
        candidate.isEmpty()
            ? "this journal is empty"
            : "this journal is of the platform " + candidate;
    return ("%s belongs to the platform %s (%s), but %s. So nothing is ordered, and nothing is"
            + " ended. Start with the journal of that platform, or bring it back from a backup"
            + " (slipway journal restore). To give that platform up on purpose, %s; what runs"
            + " of it then goes on as strays.")
        .formatted(place, owner, running, journal, surrender);
  }
}
