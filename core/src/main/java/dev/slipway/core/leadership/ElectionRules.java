package dev.slipway.core.leadership;

import java.time.Duration;

/// The times of elections.
///
/// @param lease how long a lease lasts that is not renewed
/// @param renewEvery from the start of one renewal to the next
/// @param renewAgain how long after a failed renewal the next is tried
/// @param lookEvery how often a standby looks at the lease
/// @param lookPause between two looks at least, whatever is told
/// @param hesitation a candidate waits up to this long before it takes a free lease
/// @param patience how long an order to the journal may take; then it counts as failed
/// @param leastRest after a term that failed or was lost a server rests at least so long
/// @param mostRest and this long at most, after many in a row
/// @param handedOverRest who gave its lease away rests so long and up to twice as long
/// @param steadyAfter a term that lasted so long ends the row of failures
/// @param stalledAfter a leader without progress for so long, while work is pending, hands over
public record ElectionRules(
    Duration lease,
    Duration renewEvery,
    Duration renewAgain,
    Duration lookEvery,
    Duration lookPause,
    Duration hesitation,
    Duration patience,
    Duration leastRest,
    Duration mostRest,
    Duration handedOverRest,
    Duration steadyAfter,
    Duration stalledAfter) {

  public static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
  public static final Duration LONGEST_LEASE = Duration.ofMinutes(1);

  public static final ElectionRules DEFAULT = withLease(Duration.ofSeconds(5));

  public ElectionRules {
    if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
      throw new IllegalArgumentException(
          "the lease must last from %d s to %d s, not %d ms"
              .formatted(SHORTEST_LEASE.toSeconds(), LONGEST_LEASE.toSeconds(), lease.toMillis()));
    }
  }

  /// The default rules for a lease of another length, renewed five times in it.
  public static ElectionRules withLease(Duration lease) {
    return new ElectionRules(
        lease,
        lease.dividedBy(5),
        lease.dividedBy(20),
        lease.dividedBy(10),
        lease.dividedBy(100),
        lease.dividedBy(10),
        lease.dividedBy(4),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30));
  }

  /// The default rules where no other server can open the journal: nobody is waited for.
  public static ElectionRules withoutRivals() {
    ElectionRules rules = DEFAULT;
    return new ElectionRules(
        rules.lease,
        rules.renewEvery,
        rules.renewAgain,
        rules.lookEvery,
        Duration.ZERO,
        Duration.ZERO,
        rules.patience,
        rules.leastRest,
        rules.mostRest,
        rules.handedOverRest,
        rules.steadyAfter,
        rules.stalledAfter);
  }

  /// How long a leader may act after the start of its last renewal that succeeded: two thirds of
  /// the lease. The last third is for clocks that run at different rates and for orders under way.
  public Duration authority() {
    return lease.multipliedBy(2).dividedBy(3);
  }

  /// How long to rest after so many terms in a row that failed: from the least rest to a limit that
  /// doubles each time.
  ///
  /// @param failures at least 1
  /// @param chance from 0 to 1
  Duration rest(int failures, double chance) {
    Duration limit = leastRest.multipliedBy(1L << Math.min(failures, 20));
    Duration most = limit.compareTo(mostRest) < 0 ? limit : mostRest;
    return leastRest.plus(part(most.minus(leastRest), chance));
  }

  static Duration part(Duration whole, double chance) {
    return Duration.ofNanos((long) (whole.toNanos() * Math.clamp(chance, 0, 1)));
  }
}
