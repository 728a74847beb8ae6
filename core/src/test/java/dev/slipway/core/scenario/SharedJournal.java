package dev.slipway.core.scenario;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.core.leadership.Lease;
import dev.slipway.core.leadership.ServerId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The database that all servers of a cluster share: events, and the lease. It takes an append when
/// the leadership is the one that wrote the lease and the history is the one that it knows. A
/// failover to a replica that lags behind loses its last commits.
final class SharedJournal {
  /// What became of an append.
  enum Outcome {
    RECORDED,
    /// Another leadership followed.
    STALE,
    /// The history is another than the one that the batch follows.
    LOST
  }

  /// What a leader wants recorded.
  ///
  /// @param id the same each time that it is offered
  record Batch(long id, Epoch epoch, ServerId writer, int after, List<Event> events) {}

  /// The database after a commit.
  ///
  /// @param batch the last one that was recorded
  private record Version(int events, long batch, Epoch epoch, Optional<Lease> lease) {}

  private final List<Event> events = new ArrayList<>();
  private final List<Version> versions = new ArrayList<>();
  private final Set<Instant> lostRoots = new HashSet<>();
  private Version head = new Version(0, 0, new Epoch(0), Optional.empty());
  private int lostCommits;

  List<Event> events() {
    return events;
  }

  Optional<Lease> lease() {
    return head.lease();
  }

  Epoch epoch() {
    return head.epoch();
  }

  State replay() {
    return Evolution.applyAll(State.EMPTY, events);
  }

  int lostCommits() {
    return lostCommits;
  }

  /// The versions of the root that were recorded and lost.
  Set<Instant> lostRoots() {
    return lostRoots;
  }

  Epoch take(Candidate candidate, Epoch above) {
    Epoch next = (head.epoch().compareTo(above) > 0 ? head.epoch() : above).next();
    var lease = new Lease(next, candidate, 0, ElectionRules.DEFAULT.lease(), false);
    commit(new Version(events.size(), head.batch(), next, Optional.of(lease)));
    return next;
  }

  /// Nothing where the lease is another's.
  boolean renew(Epoch epoch, ServerId holder, boolean release) {
    Lease held = head.lease().orElse(null);
    if (held == null || !isOf(epoch, holder) || held.released()) {
      return false;
    }
    var next = new Lease(epoch, held.holder(), held.renewal() + 1, held.length(), release);
    commit(new Version(events.size(), head.batch(), epoch, Optional.of(next)));
    return true;
  }

  Outcome append(Batch batch) {
    if (batch.id() == head.batch()) {
      return Outcome.RECORDED;
    }
    if (!isOf(batch.epoch(), batch.writer())) {
      return Outcome.STALE;
    }
    if (batch.after() != events.size()) {
      return Outcome.LOST;
    }
    events.addAll(batch.events());
    commit(new Version(events.size(), batch.id(), head.epoch(), head.lease()));
    return Outcome.RECORDED;
  }

  /// An epoch alone does not tell whose it is: one that a failover lost may be given out again.
  private boolean isOf(Epoch epoch, ServerId holder) {
    return head.epoch().equals(epoch)
        && head.lease().filter(lease -> lease.holder().id().equals(holder)).isPresent();
  }

  private void commit(Version next) {
    versions.add(head);
    head = next;
  }

  /// A replica goes on that lacks the last commits.
  void failOver(int lacking) {
    for (int i = 0; i < lacking && !versions.isEmpty(); i++) {
      head = versions.removeLast();
      lostCommits++;
    }
    while (events.size() > head.events()) {
      if (events.removeLast() instanceof Event.RootChanged changed) {
        lostRoots.add(changed.version());
      }
    }
  }
}
