package dev.slipway.core.rebalancing;

import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is recorded of moving instances.
///
/// @param run the rebalancing that goes on, or the last one
/// @param moving what is being moved now, by app: of one app one instance at a time, so that it is
///     clear which replaces which
/// @param resting instances that were moved, or could not be, and since when they are left alone;
///     at most {@link #MOST_RESTING}
public record Rebalancing(
    Optional<Run> run,
    PersistentMap<PathId, UnderWay> moving,
    PersistentMap<InstanceId, Instant> resting) {
  public static final int MOST_RESTING = 10_000;

  /// How long what was moved is left alone.
  public static final Duration REST = Duration.ofMinutes(10);

  public static final Rebalancing NONE =
      new Rebalancing(Optional.empty(), PersistentMap.empty(), PersistentMap.empty());

  /// The rebalancing that goes on.
  public Optional<Run> goingOn() {
    return run.filter(Run::isGoingOn);
  }

  /// The move of this very instance that is under way.
  public Optional<UnderWay> moveOf(Instance instance) {
    return Optional.ofNullable(moving.get(instance.app()))
        .filter(one -> one.move().instance().equals(instance.id()));
  }

  /// Whether it was moved, or could not be, so lately that it is left alone; what was recorded at a
  /// time that is still to come does not count.
  public boolean isResting(InstanceId instance, Instant now) {
    Instant since = resting.get(instance);
    return since != null && !since.isAfter(now) && since.plus(REST).isAfter(now);
  }

  /// Begins, or goes on with another plan.
  public Rebalancing planned(boolean automatic, String summary, List<Move> moves, Instant at) {
    Run next =
        goingOn()
            .map(known -> known.withPlan(summary, moves, at))
            .orElseGet(() -> Run.begun(automatic, summary, moves, at));
    return new Rebalancing(Optional.of(next), moving, rested(at));
  }

  private PersistentMap<InstanceId, Instant> rested(Instant now) {
    List<InstanceId> over = new ArrayList<>();
    for (var resting : resting) {
      if (!isResting(resting.getKey(), now)) {
        over.add(resting.getKey());
      }
    }
    PersistentMap<InstanceId, Instant> left = resting;
    for (InstanceId id : over) {
      left = left.remove(id);
    }
    return left;
  }

  /// One of the planned moves begins.
  public Rebalancing ordered(InstanceId instance, Instant at) {
    return run.flatMap(
            known ->
                known.planned().stream()
                    .filter(move -> move.instance().equals(instance))
                    .findFirst()
                    .map(
                        move ->
                            new Rebalancing(
                                Optional.of(known.without(instance)),
                                moving.put(
                                    instance.app(), new UnderWay(move, at, Optional.empty())),
                                resting)))
        .orElse(this);
  }

  public Rebalancing begun(InstanceId instance, InstanceId replacement) {
    UnderWay known = moving.get(instance.app());
    return known == null || !known.move().instance().equals(instance)
        ? this
        : new Rebalancing(run, moving.put(instance.app(), known.replacedBy(replacement)), resting);
  }

  /// A move was made, or will not be; one that had not begun, too.
  public Rebalancing ended(InstanceId instance, boolean done, String reason, Instant at) {
    UnderWay known = moving.get(instance.app());
    if (known == null || !known.move().instance().equals(instance)) {
      return run.flatMap(
              one ->
                  one.planned().stream()
                      .filter(move -> move.instance().equals(instance))
                      .findFirst()
                      .map(move -> passedOver(one, new Run.Outcome(move, false, reason, at))))
          .orElse(this);
    }
    var outcome = new Run.Outcome(known.move(), done, reason, at);
    InstanceId left = known.replacement().filter(any -> done).orElse(instance);
    return new Rebalancing(
        run.map(one -> one.with(outcome)),
        moving.remove(instance.app()),
        resting.size() < MOST_RESTING ? resting.put(left, at) : resting);
  }

  private Rebalancing passedOver(Run known, Run.Outcome outcome) {
    return new Rebalancing(
        Optional.of(known.without(outcome.move().instance()).with(outcome)), moving, resting);
  }

  public Rebalancing stopped() {
    return new Rebalancing(run.map(Run::stopped), moving, resting);
  }

  public Rebalancing over(String reason, Instant at) {
    return new Rebalancing(run.map(known -> known.ended(reason, at)), moving, resting);
  }
}
