package dev.slipway.core.rebalancing;

import dev.slipway.core.instance.InstanceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A rebalancing from its first plan to its end.
///
/// @param automatic whether nobody asked for it
/// @param plannedAt when its last plan was made
/// @param summary of that plan
/// @param planned moves that have not begun, in their order
/// @param outcomes what became of the last moves, oldest first, at most {@link #MOST_OUTCOMES}
/// @param done how many moves were made
/// @param givenUp how many were not
/// @param stopping whether nothing more is to begin
public record Run(
    Instant startedAt,
    boolean automatic,
    Instant plannedAt,
    String summary,
    List<Move> planned,
    List<Outcome> outcomes,
    int done,
    int givenUp,
    boolean stopping,
    Optional<Ending> ending) {
  public static final int MOST_OUTCOMES = 100;

  public Run {
    planned = List.copyOf(planned);
    outcomes = List.copyOf(outcomes);
  }

  /// What became of a move.
  ///
  /// @param done whether the instance stands elsewhere now
  /// @param reason why not; empty where it does
  public record Outcome(Move move, boolean done, String reason, Instant at) {}

  /// That it is over, and why.
  public record Ending(String reason, Instant at) {}

  public static Run begun(boolean automatic, String summary, List<Move> planned, Instant at) {
    return new Run(at, automatic, at, summary, planned, List.of(), 0, 0, false, Optional.empty());
  }

  public boolean isGoingOn() {
    return ending.isEmpty();
  }

  public Run withPlan(String next, List<Move> more, Instant at) {
    List<Move> all = new ArrayList<>(planned);
    all.addAll(more);
    return new Run(startedAt, automatic, at, next, all, outcomes, done, givenUp, stopping, ending);
  }

  /// Without a move that has begun or will not.
  public Run without(InstanceId instance) {
    List<Move> left = planned.stream().filter(move -> !move.instance().equals(instance)).toList();
    return new Run(
        startedAt, automatic, plannedAt, summary, left, outcomes, done, givenUp, stopping, ending);
  }

  public Run with(Outcome outcome) {
    List<Outcome> last = new ArrayList<>(outcomes);
    last.add(outcome);
    int tooMany = Math.max(0, last.size() - MOST_OUTCOMES);
    return new Run(
        startedAt,
        automatic,
        plannedAt,
        summary,
        planned,
        last.subList(tooMany, last.size()),
        done + (outcome.done() ? 1 : 0),
        givenUp + (outcome.done() ? 0 : 1),
        stopping,
        ending);
  }

  public Run stopped() {
    return new Run(
        startedAt, automatic, plannedAt, summary, List.of(), outcomes, done, givenUp, true, ending);
  }

  public Run ended(String reason, Instant at) {
    return new Run(
        startedAt,
        automatic,
        plannedAt,
        summary,
        List.of(),
        outcomes,
        done,
        givenUp,
        stopping,
        Optional.of(new Ending(reason, at)));
  }
}
