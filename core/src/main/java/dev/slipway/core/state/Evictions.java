package dev.slipway.core.state;

import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What is recorded of giving up instances on silent nodes.
///
/// When many nodes go silent at once, it is rather the way to them that is broken than all of them:
/// then nothing there is replaced or given up until they are heard again, or a person says so. When
/// few do, their instances are replaced, but no faster than a bounded rate.
///
/// @param silent nodes that fell silent, and when, until they are heard again, gone, or a person
///     resumed evictions
/// @param pause while nothing is replaced or given up
/// @param spentUntil when all that was replaced or given up so far will have been paid for, one
///     {@link #INTERVAL} each
public record Evictions(
    PersistentMap<NodeId, Instant> silent, Optional<Pause> pause, Instant spentUntil) {

  /// Evictions are paused when at least so many nodes, and more than a quarter of all, go silent
  /// within the window.
  public static final int LEAST_NODES = 3;

  public static final int ONE_OF = 4;
  public static final Duration WINDOW = Duration.ofSeconds(60);

  /// They go on once fewer have been silent for so long.
  public static final Duration CALM = Duration.ofSeconds(60);

  /// So many instances are replaced at once at most.
  public static final int AT_ONCE = 200;

  /// And then so many a second.
  public static final int A_SECOND = 10;

  private static final Duration INTERVAL = Duration.ofSeconds(1).dividedBy(A_SECOND);
  private static final Duration CREDIT = INTERVAL.multipliedBy(AT_ONCE);

  public static final Evictions NONE =
      new Evictions(PersistentMap.empty(), Optional.empty(), Instant.EPOCH);

  /// Nothing is replaced or given up.
  ///
  /// @param since when it began
  /// @param silent how many nodes had fallen silent within the window
  /// @param nodes how many there were
  /// @param heard when one of those was heard again last, or it began
  public record Pause(Instant since, int silent, int nodes, Instant heard) {
    /// Why, in a sentence.
    public String reason() {
      return "%d of %d nodes went silent within %d s".formatted(silent, nodes, WINDOW.toSeconds());
    }
  }

  /// Whether so many silent nodes of so many are too many to believe.
  public static boolean isMass(long silent, int nodes) {
    return silent >= LEAST_NODES && silent * ONE_OF > nodes;
  }

  /// How many fell silent within the window before now, or seem to after it.
  public long lately(Instant now) {
    return since(now.minus(WINDOW));
  }

  /// How many of those are silent still because of which evictions are paused, and of those that
  /// fell silent later.
  public long remaining() {
    return pause.map(paused -> since(paused.since().minus(WINDOW))).orElse(0L);
  }

  private long since(Instant from) {
    long count = 0;
    for (Instant at : silent.values()) {
      count += at.isBefore(from) ? 0 : 1;
    }
    return count;
  }

  /// When the next instance may be replaced or given up, by their rate alone; not later than now if
  /// at once.
  public Instant next(Instant now) {
    Instant most = now.plus(CREDIT);
    // What is paid for later than that shows that the clock was set back.
    Instant spent = spentUntil.isAfter(most) ? most : spentUntil;
    return spent.plus(INTERVAL).minus(CREDIT);
  }

  Evictions spent(Instant now) {
    Instant most = now.plus(CREDIT);
    Instant from = spentUntil.isBefore(now) ? now : spentUntil;
    Instant spent = from.plus(INTERVAL);
    return new Evictions(silent, pause, spent.isAfter(most) ? most : spent);
  }

  Evictions silent(NodeId node, Instant at) {
    return new Evictions(silent.put(node, at), pause, spentUntil);
  }

  Evictions heard(NodeId node, Instant at) {
    if (silent.get(node) == null) {
      return this;
    }
    Optional<Pause> later =
        pause.map(paused -> new Pause(paused.since(), paused.silent(), paused.nodes(), at));
    return new Evictions(silent.remove(node), later, spentUntil);
  }

  Evictions paused(Pause begun) {
    return new Evictions(silent, Optional.of(begun), spentUntil);
  }

  /// Those that are silent still are believed to be. The first are replaced slowly, in case they
  /// come back as well.
  Evictions resumed(Instant now) {
    return new Evictions(PersistentMap.empty(), Optional.empty(), now.plus(CREDIT));
  }
}
