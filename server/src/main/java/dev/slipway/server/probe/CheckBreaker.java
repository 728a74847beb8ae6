package dev.slipway.server.probe;

import dev.slipway.core.app.PathId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Doubts the checks themselves when most instances of many apps fail at once: then the fault is
/// more likely in the network, a dependency they all have, or here, and ending them all would turn
/// a disturbance into an outage. While that lasts no instance is ended for its health; it is told
/// in the log, in what apps wait for, and as a metric, and ends by itself.
///
/// Only instances count that have been well before: a bad release of many apps fails at once, too,
/// and is what health checks are for. Called by any thread.
public final class CheckBreaker {
  /// Apps of which an instance has to fail.
  static final int MIN_APPS = 5;

  /// The part of all instances which have been well that has to fail: more than this.
  static final double MIN_PART = 0.5;

  /// How long a judgement holds before it is made anew.
  private static final Duration HOLDS = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(CheckBreaker.class);

  /// Why nothing is ended, and since when.
  ///
  /// @param apps apps with instances that fail
  /// @param failing instances that fail
  /// @param checked all instances that are checked and have been well
  public record Alarm(Instant since, int apps, int failing, int checked) {}

  /// One instance that has been well.
  record Patient(PathId app, boolean failing) {}

  private final Supplier<Stream<Patient>> patients;
  private final Supplier<Instant> clock;
  private Instant judged = Instant.MIN;
  private Optional<Alarm> alarm = Optional.empty();

  CheckBreaker(Supplier<Stream<Patient>> patients, Supplier<Instant> clock) {
    this.patients = patients;
    this.clock = clock;
  }

  /// Whether nothing may be ended for its health now.
  synchronized Optional<Alarm> alarm() {
    Instant now = clock.get();
    if (now.isBefore(judged.plus(HOLDS)) && !now.isBefore(judged)) {
      return alarm;
    }
    judged = now;
    Optional<Alarm> next = judge(alarm.map(Alarm::since).orElse(now));
    if (next.isPresent() && alarm.isEmpty()) {
      LOG.warn(
          "health.breaker.open apps={} failing={} checked={}",
          next.get().apps(),
          next.get().failing(),
          next.get().checked());
    }
    if (next.isEmpty() && alarm.isPresent()) {
      LOG.info("health.breaker.closed since={}", alarm.get().since());
    }
    alarm = next;
    return alarm;
  }

  /// Judges anew while nothing may be ended, so that its end is told also when nobody asks.
  synchronized void review() {
    if (alarm.isPresent()) {
      Optional<Alarm> _ = alarm();
    }
  }

  private Optional<Alarm> judge(Instant since) {
    Set<PathId> apps = new HashSet<>();
    int[] counts = {0, 0};
    patients
        .get()
        .forEach(
            patient -> {
              counts[0]++;
              if (patient.failing()) {
                counts[1]++;
                apps.add(patient.app());
              }
            });
    boolean open = apps.size() >= MIN_APPS && counts[1] > MIN_PART * counts[0];
    return open
        ? Optional.of(new Alarm(since, apps.size(), counts[1], counts[0]))
        : Optional.empty();
  }
}
