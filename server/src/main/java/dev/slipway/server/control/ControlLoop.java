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
import dev.slipway.journal.Journal;
import dev.slipway.journal.JournalException;
import dev.slipway.journal.JournalFull;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that owns the state. It drains what has come in, decides about each input on the
/// state that the one before left, makes all their events durable in one append, and only then lets
/// anything be seen: the new state, the replies, the effects, the events.
///
/// When the append fails because the disk is full, nothing has happened: wishes are refused, sights
/// are kept and decided about again, and the state stays as it was. When another server has taken
/// over, the loop stops for good.
public final class ControlLoop implements AutoCloseable {
  /// Inputs that may wait. A wish beyond that is refused; a sight waits at its engine.
  public static final int MAX_INBOX = 10_000;

  /// Inputs that share an append.
  private static final int MAX_BATCH = 512;

  /// Events after which an append takes no further input; one input alone may give more.
  private static final int FULL_BATCH = 50_000;

  private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration RETRY_WHEN_FULL = Duration.ofSeconds(1);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

  private record Entry(Input input, @Nullable CompletableFuture<Reply> reply) {}

  /// What happened that operators want to count.
  public record Counters(
      AtomicLong inputs,
      AtomicLong events,
      AtomicLong appends,
      AtomicLong faults,
      AtomicLong refusedForSpace) {
    Counters() {
      this(
          new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
    }
  }

  private final Journal journal;
  private final LoopClock clock;
  private final EventFeed feed;
  private final Consumer<String> deposed;
  private final BlockingQueue<Entry> inbox = new LinkedBlockingQueue<>(MAX_INBOX);
  private final Agenda agenda = new Agenda();

  /// Used by the control thread alone.
  private final Memory memory = new Memory();

  private final Counters counters = new Counters();
  private final Thread thread = Thread.ofPlatform().name("control").unstarted(this::run);
  private volatile Published published;
  private volatile Epoch epoch;
  private Consumer<Effect> effects = effect -> {};
  private volatile Optional<String> unwritable = Optional.empty();
  private volatile boolean closing;

  /// @param recovered the state and sequence that the journal holds
  /// @param epoch this server's leadership
  /// @param deposed told when another server writes now, and this one has to stop
  public ControlLoop(
      Journal journal,
      Published recovered,
      Epoch epoch,
      LoopClock clock,
      EventFeed feed,
      Consumer<String> deposed) {
    this.journal = journal;
    this.published = recovered;
    this.epoch = epoch;
    this.clock = clock;
    this.feed = feed;
    this.deposed = deposed;
  }

  /// @param effects carries out what is decided; must return at once
  public void start(Consumer<Effect> effects) {
    this.effects = effects;
    feed.start();
    thread.start();
  }

  /// The state to read from. Never waits.
  public Published published() {
    return published;
  }

  public Counters counters() {
    return counters;
  }

  /// How many inputs wait.
  public int backlog() {
    return inbox.size();
  }

  /// Why nothing can be written now, if so.
  public Optional<String> unwritable() {
    return unwritable;
  }

  /// Has a wish decided about, and waits until the decision is durable.
  ///
  /// @throws Unavailable when it cannot be taken now; nothing was changed
  public Reply submit(Input.Command wish) {
    return ask(wish);
  }

  /// The epoch of this server's leadership as it is now, for what is written beside the events.
  public Epoch epoch() {
    return epoch;
  }

  /// Gives up this server's leadership and takes it anew, under a higher epoch, as if another
  /// server had taken over: everything is looked at again, and orders still under way are refused
  /// by the engines and given again. Tasks notice nothing. Durable when it returns.
  ///
  /// @throws Unavailable when it cannot be done now; nothing was changed
  public void renewLeadership() {
    ask(new Input.TakeLeadership(epoch.next(), published.state().platform().id()));
  }

  private Reply ask(Input input) {
    if (closing) {
      throw new Unavailable("the server is shutting down");
    }
    var reply = new CompletableFuture<Reply>();
    if (!inbox.offer(new Entry(input, reply))) {
      throw new Unavailable("too many requests are waiting (" + MAX_INBOX + "); try again");
    }
    try {
      return reply.get(REPLY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new Unavailable(
          "no answer within " + REPLY_TIMEOUT.toSeconds() + " s; look whether it took effect");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while waiting; look whether it took effect");
    }
  }

  /// Hands in a sight. Waits for room, so that a flood slows its source.
  public void tell(Input sight) {
    try {
      inbox.put(new Entry(sight, null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing) {
        List<Entry> entries = take();
        entries.removeIf(entry -> !renewed(entry));
        if (!entries.isEmpty() && !turn(entries)) {
          return;
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      closing = true;
      refuseAll(new Unavailable("the server is shutting down"));
    }
  }

  /// Takes a new epoch where one is asked for, before the inputs that come with it are recorded
  /// under it.
  ///
  /// @return false when it cannot be had now
  private boolean renewed(Entry entry) {
    if (entry.input() instanceof Input.TakeLeadership take && take.epoch().compareTo(epoch) > 0) {
      try {
        epoch = journal.takeLeadership();
      } catch (JournalException failure) {
        fail(List.of(entry), new Unavailable("the epoch is not taken: " + failure.getMessage()));
        return false;
      }
    }
    return true;
  }

  /// What has come in, or come due.
  private List<Entry> take() throws InterruptedException {
    List<Entry> entries = new ArrayList<>();
    var first = inbox.poll(untilNext().toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      entries.add(first);
      inbox.drainTo(entries, MAX_BATCH - 1);
    }
    var due = agenda.due(clock.now());
    if (!due.isEmpty()) {
      entries.add(new Entry(new Input.Due(due), null));
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
  private boolean turn(List<Entry> entries) throws InterruptedException {
    List<Entry> open = entries;
    while (true) {
      var batch = decide(open);
      try {
        append(batch);
        if (batch.taken() == open.size()) {
          return true;
        }
        open = open.subList(batch.taken(), open.size());
      } catch (StaleEpoch stale) {
        fail(open, new Unavailable("another server has taken over"));
        LOG.error("control.deposed epoch={}", epoch.value());
        deposed.accept(stale.getMessage());
        return false;
      } catch (JournalFull full) {
        counters.refusedForSpace().incrementAndGet();
        if (unwritable.isEmpty()) {
          LOG.error("journal.full message=\"{}\"", full.getMessage());
        }
        unwritable = Optional.of(String.valueOf(full.getMessage()));
        fail(open, new Unavailable("the journal cannot be written: " + full.getMessage()));
        open = sights(open);
        if (open.isEmpty()) {
          return true;
        }
        pauseRefusing();
      } catch (JournalException broken) {
        fail(open, new Unavailable("the journal is broken: " + broken.getMessage()));
        LOG.error("journal.broken message=\"{}\"", broken.getMessage());
        deposed.accept(String.valueOf(broken.getMessage()));
        return false;
      }
    }
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

  private Batch decide(List<Entry> entries) {
    State state = published.state();
    List<Event> events = new ArrayList<>();
    List<Decision> decisions = new ArrayList<>();
    List<Runnable> replies = new ArrayList<>();
    int taken = 0;
    while (taken < entries.size() && events.size() < FULL_BATCH) {
      Entry entry = entries.get(taken);
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

  private void append(Batch batch) throws InterruptedException {
    Published before = published;
    long sequence = before.sequence();
    if (!batch.events().isEmpty()) {
      sequence = journal.append(batch.events(), epoch);
      counters.appends().incrementAndGet();
      counters.events().addAndGet(batch.events().size());
    }
    if (unwritable.isPresent() && !batch.events().isEmpty()) {
      LOG.info("journal.writable");
      unwritable = Optional.empty();
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

  private static void fail(List<Entry> entries, Unavailable why) {
    for (Entry entry : entries) {
      if (entry.reply() != null) {
        entry.reply().completeExceptionally(why);
      }
    }
  }

  private static List<Entry> sights(List<Entry> entries) {
    return entries.stream().filter(entry -> entry.reply() == null).toList();
  }

  /// Waits before the next try; wishes that come meanwhile are refused at once rather than kept
  /// waiting.
  private void pauseRefusing() throws InterruptedException {
    Instant end = clock.now().plus(RETRY_WHEN_FULL);
    while (!closing && clock.now().isBefore(end)) {
      inbox.stream()
          .filter(entry -> entry.reply() != null)
          .toList()
          .forEach(
              entry -> {
                if (inbox.remove(entry)) {
                  fail(List.of(entry), new Unavailable("the journal cannot be written"));
                }
              });
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void refuseAll(Unavailable why) {
    List<Entry> left = new ArrayList<>();
    inbox.drainTo(left);
    fail(left, why);
  }

  /// Stops after the turn that goes on. What was not decided about is refused.
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    feed.close();
  }
}
