package dev.slipway.server.leadership;

import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.core.leadership.Heard;
import dev.slipway.core.leadership.Lease;
import dev.slipway.core.leadership.Order;
import dev.slipway.journal.Journal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the journal what a candidacy orders, each time on a thread of its own. What takes longer
/// than the patience is answered as failed, and its late answer is dropped: a lease that is taken
/// too late is this server's own, and may be taken again.
///
/// For one candidacy, which has one order under way at a time.
public final class LeaseDesk {
  /// Requests that hang with a database that does not answer; beyond that all fail at once.
  private static final int MAX_UNDER_WAY = 8;

  private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);

  private final Journal journal;
  private final Candidate me;
  private final Duration length;
  private final Duration patience;
  private final Semaphore room = new Semaphore(MAX_UNDER_WAY);
  // The one that was read last; written by the request under way.
  private volatile Optional<Lease> seen = Optional.empty();

  public LeaseDesk(Journal journal, Candidate me, ElectionRules rules) {
    this.journal = journal;
    this.me = me;
    this.length = rules.lease();
    this.patience = rules.patience();
  }

  /// The lease as it was read last.
  public Optional<Lease> seen() {
    return seen;
  }

  /// Has `answer` told, once.
  void ask(Order.ToJournal order, Consumer<Heard> answer) {
    if (!room.tryAcquire()) {
      answer.accept(
          new Heard.Failed("the database does not answer; too many requests wait for it"));
      return;
    }
    var answered = new AtomicBoolean();
    Thread asking =
        Thread.ofPlatform()
            .name("lease")
            .daemon()
            .start(
                () -> {
                  try {
                    Heard outcome = outcome(order);
                    if (answered.compareAndSet(false, true)) {
                      answer.accept(outcome);
                    }
                  } finally {
                    room.release();
                  }
                });
    Thread.ofVirtual()
        .name("lease-patience")
        .start(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(patience.toMillis());
              } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
              }
              if (answered.compareAndSet(false, true)) {
                asking.interrupt();
                answer.accept(
                    new Heard.Failed(
                        "the database did not answer within " + patience.toMillis() + " ms"));
              }
            });
  }

  private Heard outcome(Order.ToJournal order) {
    try {
      return switch (order) {
        case Order.Look() -> {
          Optional<Lease> lease = journal.lease();
          seen = lease;
          yield new Heard.LeaseSeen(lease);
        }
        case Order.Take(var above) ->
            journal
                .takeLeadershipAfter(seen, me, length, above)
                .<Heard>map(Heard.Taken::new)
                .orElseGet(Heard.Stale::new);
        case Order.Renew(var epoch) -> {
          journal.renew(epoch);
          yield new Heard.Renewed();
        }
        case Order.Release(var epoch) -> {
          journal.release(epoch);
          yield new Heard.Released();
        }
      };
    } catch (StaleEpoch stale) {
      return new Heard.Stale();
    } catch (RuntimeException failure) {
      LOG.debug("lease.request.failed order={}", order, failure);
      return new Heard.Failed(String.valueOf(failure.getMessage()));
    }
  }
}
