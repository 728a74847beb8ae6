package dev.slipway.server.leadership;

import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import dev.slipway.journal.Follower;
import dev.slipway.journal.Journal;
import dev.slipway.journal.JournalException;
import dev.slipway.journal.News;
import dev.slipway.journal.Position;
import dev.slipway.journal.Recorded;
import dev.slipway.journal.Recovered;
import dev.slipway.journal.Replayed;
import dev.slipway.server.control.EventFeed;
import dev.slipway.server.control.Published;
import dev.slipway.server.control.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the state warm while another server leads: follows the journal, and hands each event to
/// the feed, so that event streams and readers find here what they would find at the leader, a
/// moment later. While this server leads itself it rests; the control loop knows better.
///
/// One thread follows. It never ends before it is closed: whatever goes wrong, it rests for a
/// moment and looks again. Where what it read is not the journal's any more, it recovers anew and
/// goes on from there; listeners are then told on from a later event.
///
/// Any thread may read. One lock is held while the state is moved on.
public final class Standby implements AutoCloseable {
  /// The net under the notifications of the database, which can be missed.
  static final Duration POLL = Duration.ofMillis(500);

  /// After a failure; a database that was away is found again within it.
  private static final Duration REST = Duration.ofMillis(500);

  private static final Logger LOG = LoggerFactory.getLogger(Standby.class);

  private final Journal journal;
  private final EventFeed feed;
  private final Runnable leaseMayHaveChanged;
  private final ReentrantLock moving = new ReentrantLock();
  private final Condition moved = moving.newCondition();
  private final Thread thread = Thread.ofPlatform().name("standby").daemon().unstarted(this::run);
  private volatile Published published;
  private volatile long atEnd = System.nanoTime();
  private volatile Optional<String> problem = Optional.empty();
  private volatile boolean leading;
  private volatile boolean closed;
  // Guarded by the lock:
  private Position position;
  private boolean doubtful;
  private @Nullable Follower follower;

  /// @param recovered what the journal held when this server started, which the feed was told
  /// @param leaseMayHaveChanged told that the journal rang for something that is no event
  public Standby(
      Journal journal, Recovered recovered, EventFeed feed, Runnable leaseMayHaveChanged) {
    this.journal = journal;
    this.feed = feed;
    this.leaseMayHaveChanged = leaseMayHaveChanged;
    this.published = new Published(recovered.state(), recovered.sequence());
    this.position = recovered.position();
  }

  public void start() {
    thread.start();
  }

  /// The state as it was when the journal was last read. Never waits.
  public Published published() {
    return published;
  }

  /// How old that may be: the time since this server last knew that it had read everything.
  public Duration lag() {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - atEnd));
  }

  /// Why the journal cannot be read now, if so.
  public Optional<String> problem() {
    return problem;
  }

  /// Waits until the event of that number is read.
  ///
  /// @return whether it was, within that time
  public boolean await(long sequence, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    moving.lockInterruptibly();
    try {
      while (published.sequence() < sequence && left > 0 && !closed) {
        left = moved.awaitNanos(left);
      }
      return published.sequence() >= sequence;
    } finally {
      moving.unlock();
    }
  }

  /// Reads on to the end of the journal, which nobody else writes any more, and follows no longer.
  ///
  /// @throws JournalException when it cannot be read; it is followed as before then
  public Published lead() {
    moving.lock();
    try {
      while (!readOn()) {
        // Ends: the journal has an end, and nobody writes to it under the epoch that was taken.
      }
      leading = true;
      dropFollower();
      return published;
    } finally {
      moving.unlock();
    }
  }

  /// Follows again, after a term of this server's own. Whether all that it recorded is still there
  /// is not taken for granted.
  ///
  /// @param last the state that the term left
  public void follow(Published last) {
    moving.lock();
    try {
      published = last;
      doubtful = true;
      leading = false;
      moved.signalAll();
    } finally {
      moving.unlock();
    }
  }

  /// Follows no longer, since the server ends: what is known is shown as it is.
  public void rest() {
    closed = true;
  }

  private void run() {
    while (!closed) {
      try {
        step();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException failure) {
        LOG.error("standby.fault", failure);
        LockSupport.parkNanos(REST.toNanos());
      }
    }
  }

  private void step() throws InterruptedException {
    Follower following = null;
    moving.lockInterruptibly();
    try {
      while (leading && !closed) {
        moved.await();
      }
      long before = published.sequence();
      if (readOn() && published.sequence() == before) {
        leaseMayHaveChanged.run();
      }
      following = follower;
      if (problem.isPresent()) {
        LOG.info("standby.reads.again sequence={}", published.sequence());
        problem = Optional.empty();
      }
    } catch (JournalException failure) {
      trouble(String.valueOf(failure.getMessage()));
    } finally {
      moving.unlock();
    }
    if (following == null) {
      TimeUnit.MILLISECONDS.sleep(REST.toMillis());
    } else if (following.awaitNews(POLL)) {
      leaseMayHaveChanged.run();
    }
  }

  private void trouble(String message) {
    if (problem.isEmpty()) {
      LOG.warn("standby.reads.nothing message=\"{}\"", message);
    }
    problem = Optional.of(message);
    dropFollower();
  }

  /// Takes in what comes next.
  ///
  /// @return whether that was all there is
  private boolean readOn() {
    if (doubtful) {
      recoverAnew("this server led");
    }
    Follower reading = follower;
    if (reading == null) {
      reading = journal.follow(position);
      follower = reading;
    }
    long asked = System.nanoTime();
    switch (reading.next()) {
      case News.Next(List<Recorded> events, boolean all) -> {
        take(events.stream().map(Recorded::event).toList());
        position = reading.position();
        if (all) {
          atEnd = asked;
        }
        return all;
      }
      case News.RecoverAnew(String why) -> {
        recoverAnew(why);
        return false;
      }
    }
  }

  private void take(List<Event> events) {
    if (events.isEmpty()) {
      return;
    }
    Published before = published;
    State state = before.state();
    for (Event event : events) {
      state = Evolution.apply(state, event);
    }
    published = new Published(state, before.sequence() + events.size());
    moved.signalAll();
    feed.publish(before.state(), before.sequence() + 1, events);
  }

  /// Reads everything again. What the feed was not told yet it is told, as far as it is there.
  private void recoverAnew(String why) {
    dropFollower();
    Published before = published;
    var rest = new Rest(before);
    Recovered recovered = journal.recover(rest::add);
    LOG.info("standby.recovered sequence={} reason=\"{}\"", recovered.sequence(), why);
    recovered.warnings().forEach(warning -> LOG.warn("journal.warning message=\"{}\"", warning));
    published = new Published(recovered.state(), recovered.sequence());
    position = recovered.position();
    doubtful = false;
    moved.signalAll();
    rest.tell(feed);
  }

  /// What a recovery brings that the feed was not told.
  private static final class Rest {
    private final Published known;
    private final List<Event> events = new ArrayList<>();
    private @Nullable State before;
    private long first;
    private boolean lost;

    Rest(Published known) {
      this.known = known;
    }

    void add(Replayed replayed) {
      if (replayed.sequence() == known.sequence()) {
        lost = !replayed.after().equals(known.state());
      }
      if (!lost && replayed.sequence() <= known.sequence()) {
        return;
      }
      if (before == null) {
        before = replayed.before();
        first = replayed.sequence();
      }
      events.add(replayed.event());
    }

    void tell(EventFeed feed) {
      State from = before;
      if (from != null) {
        feed.publish(from, first, events);
      }
    }
  }

  private void dropFollower() {
    Follower dropped = follower;
    follower = null;
    if (dropped != null) {
      dropped.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    Threads.end(thread, Duration.ofSeconds(10));
    moving.lock();
    try {
      dropFollower();
    } finally {
      moving.unlock();
    }
  }
}
