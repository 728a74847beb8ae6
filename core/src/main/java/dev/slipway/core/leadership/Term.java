package dev.slipway.core.leadership;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One leadership of this server, from taking the lease to giving it up. All times are by its own
/// monotonic clock.
///
/// @param epoch the fencing number of all it does
/// @param began when the lease was taken
/// @param renewed the start of the last renewal that succeeded, or of taking the lease
/// @param renewNext when to renew it again
/// @param trouble what was wrong with the last renewal, if it failed
/// @param open whether it takes writes yet
/// @param stalled since when nothing got done of what is to be done, for each strand that is stuck
public record Term(
    Epoch epoch,
    Duration began,
    Duration renewed,
    Duration renewNext,
    Optional<String> trouble,
    boolean open,
    Map<Strand, Duration> stalled) {
  public Term {
    stalled = Collections.unmodifiableMap(new TreeMap<>(stalled));
  }

  static Term begin(Epoch epoch, Duration asked, Duration now, ElectionRules rules) {
    return new Term(
        epoch, now, asked, asked.plus(rules.renewEvery()), Optional.empty(), false, Map.of());
  }

  Term renewed(Duration asked, ElectionRules rules) {
    return new Term(
        epoch, began, asked, asked.plus(rules.renewEvery()), Optional.empty(), open, stalled);
  }

  Term notRenewed(String problem, Duration next) {
    return new Term(epoch, began, renewed, next, Optional.of(problem), open, stalled);
  }

  Term opened() {
    return new Term(epoch, began, renewed, renewNext, trouble, true, stalled);
  }

  Term progress(Strand strand, boolean made, boolean pending, Duration now) {
    Map<Strand, Duration> still = new TreeMap<>(stalled);
    if (made || !pending) {
      still.remove(strand);
    } else {
      still.putIfAbsent(strand, now);
    }
    return new Term(epoch, began, renewed, renewNext, trouble, open, still);
  }

  /// The strand that is stuck for the longest time, if any is.
  Optional<Map.Entry<Strand, Duration>> stuck() {
    return stalled.entrySet().stream().min(Map.Entry.comparingByValue());
  }

  /// Since when nothing got done while work is pending.
  public Optional<Duration> stalledSince() {
    return stuck().map(Map.Entry::getValue);
  }

  /// From then on nothing may be ordered.
  Duration until(ElectionRules rules) {
    return renewed.plus(rules.authority());
  }
}
