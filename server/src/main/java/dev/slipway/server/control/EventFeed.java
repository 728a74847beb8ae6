package dev.slipway.server.control;

import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);

  private record Batch(State before, long firstSequence, List<Event> events) {}

  private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(MAX_BATCHES);
  private final List<Consumer<Transition>> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread =
      Thread.ofPlatform().name("event-feed").daemon().unstarted(this::run);

  void start() {
    thread.start();
  }

  public void subscribe(Consumer<Transition> listener) {
    listeners.add(listener);
  }

  void publish(State before, long firstSequence, List<Event> events) throws InterruptedException {
    batches.put(new Batch(before, firstSequence, events));
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
    thread.interrupt();
  }
}
