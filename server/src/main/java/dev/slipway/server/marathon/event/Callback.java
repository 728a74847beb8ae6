package dev.slipway.server.marathon.event;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One subscriber that is called back, with a queue and a virtual thread of its own, so that no one
/// waits for it.
///
/// An event that is not taken is sent again after a pause that doubles; after
/// {@link Patience#attempts} of them it is dropped and the next one has its turn. When the queue is
/// full, what comes is dropped. A subscriber that has taken nothing for {@link Patience#silence} is
/// given up.
final class Callback implements Listener {
  /// As many as wait for a reader of the event stream.
  static final int MAX_WAITING = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Callback.class);

  /// How often and how long it is tried.
  ///
  /// @param attempts for one event
  /// @param firstPause after the first failure; doubles from then on
  /// @param longestPause between two attempts
  /// @param silence after which a subscriber that took nothing is given up
  record Patience(int attempts, Duration firstPause, Duration longestPause, Duration silence) {
    static final Patience DEFAULT =
        new Patience(6, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofHours(1));
  }

  /// Sends an event.
  interface Post {
    /// @throws IOException when it was not taken
    void send(URI address, byte[] json) throws IOException, InterruptedException;
  }

  private final URI address;
  private final Post post;
  private final Patience patience;
  private final Consumer<Callback> givenUp;
  private final BlockingQueue<Frame> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);

  /// @param givenUp told when this subscriber has been silent for too long
  Callback(URI address, Post post, Patience patience, Consumer<Callback> givenUp) {
    this.address = address;
    this.post = post;
    this.patience = patience;
    this.givenUp = givenUp;
  }

  void start() {
    thread.start();
  }

  URI address() {
    return address;
  }

  /// Events that were not told.
  long dropped() {
    return dropped.get();
  }

  @Override
  public void offer(Frame frame) {
    if (!waiting.offer(frame)) {
      dropped.incrementAndGet();
    }
  }

  @Override
  public void end() {
    thread.interrupt();
  }

  private void run() {
    try {
      long lastTaken = System.nanoTime();
      boolean failing = false;
      while (true) { // Ends when interrupted, or given up.
        Frame frame = waiting.take();
        if (!failing) {
          // How long nothing happened does not count against it.
          lastTaken = System.nanoTime();
        }
        failing = !delivered(frame);
        if (failing && System.nanoTime() - lastTaken > patience.silence().toNanos()) {
          LOG.warn("callback.given.up host={} dropped={}", address.getHost(), dropped());
          givenUp.accept(this);
          return;
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean delivered(Frame frame) throws InterruptedException {
    Duration pause = patience.firstPause();
    for (int attempt = 1; attempt <= patience.attempts(); attempt++) {
      try {
        post.send(address, frame.json());
        return true;
      } catch (IOException failure) {
        LOG.debug("callback.failed host={} reason=\"{}\"", address.getHost(), failure.getMessage());
      }
      if (attempt < patience.attempts()) {
        Thread.sleep(pause);
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(patience.longestPause()) < 0 ? pause : patience.longestPause();
      }
    }
    dropped.incrementAndGet();
    LOG.warn("callback.event.dropped host={} event={}", address.getHost(), frame.type());
    return false;
  }
}
