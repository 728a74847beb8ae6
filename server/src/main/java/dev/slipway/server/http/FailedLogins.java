package dev.slipway.server.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Counts wrong tokens by address. An address that sent too many is not listened to until its
/// window is over, so that nobody can try tokens, or fill the log, at the speed of the network.
///
/// Any thread may call. The addresses that failed longest ago are forgotten when there are too
/// many.
final class FailedLogins {
  static final int ALLOWED = 10;
  static final Duration WINDOW = Duration.ofSeconds(60);
  static final int MAX_ADDRESSES = 10_000;

  private record Tally(long since, int count) {}

  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock:
  private final Map<String, Tally> tallies = new LinkedHashMap<>();

  /// @param nanos a clock that never jumps
  FailedLogins(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void failed(String address) {
    lock.lock();
    try {
      Tally before = tallies.remove(address);
      boolean goesOn = before != null && left(before).isPresent();
      tallies.put(
          address,
          before != null && goesOn
              ? new Tally(before.since, before.count + 1)
              : new Tally(nanos.getAsLong(), 1));
      if (tallies.size() > MAX_ADDRESSES) {
        tallies.remove(tallies.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  /// How long the address has to wait, if it failed too often.
  Optional<Duration> blocked(String address) {
    lock.lock();
    try {
      Tally tally = tallies.get(address);
      return tally == null || tally.count < ALLOWED ? Optional.empty() : left(tally);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Duration> left(Tally tally) {
    Duration left = WINDOW.minusNanos(nanos.getAsLong() - tally.since);
    return left.isPositive() ? Optional.of(left) : Optional.empty();
  }
}
