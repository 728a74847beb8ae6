package dev.slipway.server.control;

import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Memory;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import dev.slipway.journal.HistoryLost;
import dev.slipway.journal.Journal;
import dev.slipway.journal.JournalException;
import dev.slipway.journal.JournalFull;
import dev.slipway.journal.JournalUnreachable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The one thread that owns the state. It drains what has come in, decides about each input on the
/// state that the one before left, makes all their events durable in one append, and only then lets
/// anything be seen: the new state, the replies, the effects, the events.
///
/// When the append fails because the disk is full, nothing has happened: wishes are refused, sights
/// are kept and decided about again, and the state stays as it was. When another server has taken
/// over, the loop stops for good.
public final class ControlLoop implements AutoCloseable {
  /// Inputs that share an append.
  private static final int MAX_BATCH = 512;

  /// Events after which an append takes no further input; one input alone may give more.
  private static final int FULL_BATCH = 50_000;

  private static final Duration RETRY_WHEN_FULL = Duration.ofSeconds(1);
  private static final Duration RETRY_WHEN_AWAY = Duration.ofMillis(100);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

  private final Journal journal;
  private final LoopClock clock;
  private final EventFeed feed;
  private final Mandate mandate;
  private final Consumer<TermOver> over;
  private final Inbox inbox = new Inbox();
  private final Agenda agenda = new Agenda();

  /// Used by the control thread alone.
  private final Memory memory = new Memory();

  private final LoopCounters counters;
  private final Thread thread = Thread.ofPlatform().name("control").unstarted(this::run);
  private volatile Published published;
  private volatile Epoch epoch;
  private Consumer<Effect> effects = effect -> {};
  private volatile Optional<String> unwritable = Optional.empty();
  private volatile boolean closing;
  private volatile boolean busy;

  /// A leadership as a loop holds it.
  ///
  /// @param epoch under which it records
  /// @param mandate how long it may act
  /// @param clock by which it decides
  public record Tenure(Epoch epoch, Mandate mandate, LoopClock clock) {}

  /// @param recovered the state and sequence that the journal holds
  /// @param over told, once, why this loop cannot go on
  public ControlLoop(
      Journal journal,
      Published recovered,
      Tenure tenure,
      EventFeed feed,
      LoopCounters counters,
      Consumer<TermOver> over) {
    this.journal = journal;
    this.published = recovered;
    this.epoch = tenure.epoch();
    this.mandate = tenure.mandate();
    this.clock = tenure.clock();
    this.feed = feed;
    this.counters = counters;
    this.over = over;
  }

  /// @param effects carries out what is decided; must return at once
  public void start(Consumer<Effect> effects) {
    this.effects = effects;
    thread.start();
  }

  /// The state to read from. Never waits.
  public Published published() {
    return published;
  }

  /// How many inputs wait.
  public int backlog() {
    return inbox.size();
  }

  /// Whether there is something to decide or to record.
  public boolean isBusy() {
    return busy || inbox.size() > 0;
  }

  /// Why nothing can be written now, if so.
  public Optional<String> unwritable() {
    return unwritable;
  }

  /// Has a wish decided about, and waits until the decision is durable.
  ///
  /// @throws Unavailable when it cannot be taken now; nothing was changed
  public Reply submit(Input.Command wish) {
    return inbox.ask(wish);
  }

  /// The epoch of this server's leadership as it is now, for what is written beside the events.
  public Epoch epoch() {
    return epoch;
  }

  /// Records that this leadership began; everything is looked at anew. Durable when it returns.
  ///
  /// @param platform the id of the platform, should this be the beginning of it
  /// @throws Unavailable when it cannot be recorded now
  public void lead(String platform) {
    inbox.ask(new Input.TakeLeadership(epoch, platform));
  }

  /// Gives up this server's leadership and takes it anew, under a higher epoch, as if another
  /// server had taken over: everything is looked at again, and orders still under way are refused
  /// by the engines and given again. Tasks notice nothing. Durable when it returns.
  ///
  /// @throws Unavailable when it cannot be done now; nothing was changed
  public void renewLeadership() {
    inbox.ask(new Input.TakeLeadership(epoch.next(), published.state().platform().id()));
  }

  /// Hands in a sight. Waits for room, so that a flood slows its source.
  public void tell(Input sight) {
    inbox.tell(sight);
  }

  private void run() {
    try {
      while (!closing) {
        List<Inbox.Entry> entries = take();
        entries.removeIf(entry -> !renewed(entry));
        busy = !entries.isEmpty();
        if (busy && !turn(entries)) {
          return;
        }
        busy = false;
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      closing = true;
      inbox.shut("the server is shutting down");
    }
  }

  /// Takes a new epoch where one is asked for, before the inputs that come with it are recorded
  /// under it.
  ///
  /// @return false when it cannot be had now
  private boolean renewed(Inbox.Entry entry) {
    if (entry.input() instanceof Input.TakeLeadership take && take.epoch().compareTo(epoch) > 0) {
      try {
        epoch = journal.takeLeadership();
      } catch (JournalException failure) {
        Inbox.refuse(
            List.of(entry), new Unavailable("the epoch is not taken: " + failure.getMessage()));
        return false;
      }
    }
    return true;
  }

  /// What has come in, or come due.
  private List<Inbox.Entry> take() throws InterruptedException {
    List<Inbox.Entry> entries = inbox.take(untilNext(), MAX_BATCH);
    var due = agenda.due(clock.now());
    if (!due.isEmpty()) {
      entries.add(new Inbox.Entry(new Input.Due(due), null));
    }
    return entries;
  }

  private Duration untilNext() {
    Duration wait =
        agenda
            .next()
            .map(at -> Duration.between(clock.now(), at).plusMillis(1))
            .orElse(LONGEST_SLEEP);
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_SLEEP) < 0 ? wait : LONGEST_SLEEP;
  }

  /// Decides about all of `entries`, and again about the sights among them while the disk is full.
  ///
  /// @return false when this server has been deposed
  private boolean turn(List<Inbox.Entry> entries) throws InterruptedException {
    List<Inbox.Entry> open = entries;
    while (true) {
      if (!mandate.holds()) {
        // Nothing of them was recorded: whoever asked may ask again.
        Inbox.refuse(open, new Unavailable("this server leads no more; try again"));
        return end(TermOver.of(TermOver.Cause.UNSURE, "the mandate is over"), List.of());
      }
      var batch = decide(open);
      try {
        append(batch);
        if (batch.taken() == open.size()) {
          return true;
        }
        open = open.subList(batch.taken(), open.size());
      } catch (StaleEpoch stale) {
        return end(TermOver.deposed(stale), open);
      } catch (JournalFull full) {
        counters.refusedForSpace().incrementAndGet();
        if (unwritable.isEmpty()) {
          LOG.error("journal.full message=\"{}\"", full.getMessage());
        }
        unwritable = Optional.of(String.valueOf(full.getMessage()));
        Inbox.refuse(open, new Unavailable("the journal cannot be written: " + full.getMessage()));
        open = Inbox.sights(open);
        if (open.isEmpty()) {
          return true;
        }
        pauseRefusing();
      } catch (HistoryLost lost) {
        return end(TermOver.Cause.HISTORY_LOST, lost, open);
      } catch (JournalUnreachable away) {
        return end(TermOver.Cause.UNSURE, away, open);
      } catch (JournalException broken) {
        return end(TermOver.Cause.BROKEN, broken, open);
      }
    }
  }

  private boolean end(TermOver.Cause cause, JournalException why, List<Inbox.Entry> open) {
    return end(TermOver.of(cause, String.valueOf(why.getMessage())), open);
  }

  private boolean end(TermOver end, List<Inbox.Entry> open) {
    TermOver.Cause cause = end.cause();
    Inbox.refuse(open, new Unavailable(refusal(cause, end.message())));
    // Another leader and a database that is away are nothing that this server did wrong.
    Level level = cause == TermOver.Cause.BROKEN ? Level.ERROR : Level.WARN;
    LOG.atLevel(level)
        .log("control.ended cause={} epoch={} message=\"{}\"", cause, epoch.value(), end.message());
    over.accept(end);
    return false;
  }

  private static String refusal(TermOver.Cause cause, String message) {
    return switch (cause) {
      case DEPOSED -> "another server has taken over";
      case HISTORY_LOST -> "the database lost what was recorded; look whether it took effect";
      case UNSURE -> "the database does not answer; look whether it took effect";
      case BROKEN -> "the journal is broken: " + message;
      case ENGINE -> message;
    };
  }

  /// The decisions about a list of inputs, not yet durable.
  ///
  /// @param taken how many of the inputs; the others are left for the next append
  private record Batch(
      int taken,
      State after,
      List<Event> events,
      List<Decision> decisions,
      List<Runnable> replies) {}

  private Batch decide(List<Inbox.Entry> entries) {
    State state = published.state();
    List<Event> events = new ArrayList<>();
    List<Decision> decisions = new ArrayList<>();
    List<Runnable> replies = new ArrayList<>();
    int taken = 0;
    while (taken < entries.size() && events.size() < FULL_BATCH) {
      Inbox.Entry entry = entries.get(taken);
      taken++;
      counters.inputs().incrementAndGet();
      CompletableFuture<Reply> waiting = entry.reply();
      try {
        Decision decision = Decider.decide(state, entry.input(), clock.now(), memory);
        state = decision.after();
        events.addAll(decision.events());
        decisions.add(decision);
        if (waiting != null) {
          replies.add(() -> waiting.complete(decision.reply()));
        }
      } catch (RuntimeException fault) {
        // A bug in deciding about one input must not stop the platform: the input is dropped
        // whole, told to its sender and counted.
        counters.faults().incrementAndGet();
        LOG.error("control.fault input={}", entry.input().getClass().getSimpleName(), fault);
        if (waiting != null) {
          replies.add(() -> waiting.completeExceptionally(fault));
        }
      }
    }
    return new Batch(taken, state, events, decisions, replies);
  }

  private void append(Batch batch) {
    Published before = published;
    long sequence = before.sequence();
    if (!batch.events().isEmpty()) {
      sequence = recorded(batch.events(), sequence);
      counters.appends().incrementAndGet();
      counters.events().addAndGet(batch.events().size());
    }
    if (unwritable.isPresent() && !batch.events().isEmpty()) {
      LOG.info("journal.writable");
      unwritable = Optional.empty();
    }
    if (closing) {
      // The database may have let this thread wait longer than anybody waited for its end: whoever
      // goes on reads what was recorded from the journal.
      batch.replies().forEach(Runnable::run);
      return;
    }
    published = new Published(batch.after(), sequence);
    for (Decision decision : batch.decisions()) {
      agenda.update(decision.wakeUps());
      decision.effects().forEach(effects);
    }
    batch.replies().forEach(Runnable::run);
    if (!batch.events().isEmpty()) {
      feed.publish(
          before.state(), sequence - batch.events().size() + 1, List.copyOf(batch.events()));
    }
  }

  /// Makes the events durable. A database that is away is asked again with the same events, which
  /// it then has once, as long as this leader may act; whoever leads afterwards finds out what it
  /// has.
  private long recorded(List<Event> events, long after) {
    while (true) {
      try {
        return journal.append(events, epoch, after);
      } catch (JournalUnreachable away) {
        if (!mandate.holds() || closing) {
          throw away;
        }
        if (unwritable.isEmpty()) {
          LOG.warn("journal.unreachable message=\"{}\"", away.getMessage());
        }
        unwritable = Optional.of(String.valueOf(away.getMessage()));
        LockSupport.parkNanos(RETRY_WHEN_AWAY.toNanos());
      }
    }
  }

  /// Waits before the next try; wishes that come meanwhile are refused at once rather than kept
  /// waiting.
  private void pauseRefusing() throws InterruptedException {
    Instant end = clock.now().plus(RETRY_WHEN_FULL);
    while (!closing && clock.now().isBefore(end)) {
      inbox.refuseWishes(new Unavailable("the journal cannot be written"));
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /// Stops after the turn that goes on. What was not decided about is refused.
  @Override
  public void close() {
    closing = true;
    inbox.shut("the server is shutting down");
    Threads.end(thread, Duration.ofSeconds(10));
  }
}
