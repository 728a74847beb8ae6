package dev.slipway.server.control;

import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells listeners of durable events, in order, on a thread of its own: the control thread hands
/// over a batch and goes on. The states between the events of a batch are worked out here once
/// more, since only listeners need them.
///
/// Listeners are called one after the other and must be quick; one that throws is told again next
/// time.
public final class EventFeed implements AutoCloseable {
  /// Batches that may wait; the control thread waits when there are more, which bounds the memory.
  private static final int MAX_BATCHES = 4096;

  /// How long one waits for room before it looks again.
  private static final Duration ROOM = Duration.ofMillis(5);

  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);

  private record Batch(State before, long firstSequence, List<Event> events) {}

  private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(MAX_BATCHES);
  private final List<Consumer<Transition>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;
  private final Thread thread =
      Thread.ofPlatform().name("event-feed").daemon().unstarted(this::run);

  public void start() {
    thread.start();
  }

  public void subscribe(Consumer<Transition> listener) {
    listeners.add(listener);
  }

  /// Hands over durable events. What is handed over is durable already and has to be told: a thread
  /// that is interrupted meanwhile hands over first, and stays interrupted.
  ///
  /// @param before the state before the first of them
  public void publish(State before, long firstSequence, List<Event> events) {
    var batch = new Batch(before, firstSequence, events);
    boolean interrupted = false;
    while (!closed && !offered(batch)) {
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean offered(Batch batch) {
    if (batches.offer(batch)) {
      return true;
    }
    LockSupport.parkNanos(ROOM.toNanos());
    return false;
  }

  private void run() {
    try {
      while (true) {
        tell(batches.take());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Batch batch) {
    State state = batch.before();
    long sequence = batch.firstSequence();
    for (Event event : batch.events()) {
      State after = Evolution.apply(state, event);
      var transition = new Transition(sequence, event, state, after);
      for (var listener : listeners) {
        tell(listener, transition);
      }
      state = after;
      sequence++;
    }
  }

  // A listener's bug must not silence the others, so every exception is caught, logged and counted
  // as
  // the fault that it is.
  @SuppressWarnings("CatchAndPrintStackTrace")
  private static void tell(Consumer<Transition> listener, Transition transition) {
    try {
      listener.accept(transition);
    } catch (RuntimeException fault) {
      LOG.error("event.listener.fault sequence={}", transition.sequence(), fault);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
