package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.EngineUnavailable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what changes something to the API server: so many at once and so many a second at most, so
/// that hundreds of launches are no flood.
///
/// A server that says it is asked too much (429), is out of order (5xx) or cannot be reached is
/// asked again, at the time it named or after a pause that doubles, until the patience is over. An
/// answer to a repeated write has to be read with that in mind: what was created by a lost first
/// attempt is there already. Any thread may call; it waits in its own.
final class Writes {
  private static final Logger log = LoggerFactory.getLogger(Writes.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /// How long an API server that has just started takes to read who may do what.
  private static final Duration READING = Duration.ofSeconds(5);

  private static final int TOO_MANY = 429;
  private static final int SERVER_ERRORS = 500;

  /// @param atOnce writes that go on at once
  /// @param eachSecond writes that begin in a second
  /// @param patience how long one is tried
  record Bounds(int atOnce, int eachSecond, Duration patience) {}

  private final Bounds bounds;
  private final Runnable admission;
  private final Semaphore places;
  private final long gap;
  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong pushedBack = new AtomicLong();

  /// Writes that need nobody's word.
  Writes(Bounds bounds) {
    this(bounds, () -> {});
  }

  /// @param admission asked before each attempt, when its turn has come; throws what keeps it back
  Writes(Bounds bounds, Runnable admission) {
    this.bounds = bounds;
    this.admission = admission;
    this.places = new Semaphore(bounds.atOnce(), true);
    this.gap = Duration.ofSeconds(1).toNanos() / bounds.eachSecond();
  }

  /// Writes that were sent, each attempt counted.
  long sent() {
    return sent.get();
  }

  /// How often the server said that it was asked too much.
  long pushedBack() {
    return pushedBack.get();
  }

  /// Writes that wait for their turn now.
  int waiting() {
    return places.getQueueLength();
  }

  /// Does a write until the server has answered it.
  ///
  /// @param what what is written, for people: `the pod shop-cart-...`
  /// @throws KubernetesClientException the server's refusal
  /// @throws EngineUnavailable when no answer came while the patience lasted
  <T> T send(String what, Supplier<T> write) {
    long deadline = System.nanoTime() + bounds.patience().toNanos();
    long unreadable = System.nanoTime() + READING.toNanos();
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        try {
          return inTurn(what, write, deadline);
        } catch (KubernetesClientException failure) {
          boolean unread = Failures.isUnread(failure) && System.nanoTime() < unreadable;
          if (!isTransient(failure) && !unread) {
            throw failure;
          }
          if (!unread) {
            // It may be on its way up only now.
            unreadable = System.nanoTime() + READING.toNanos();
          }
          Duration wait = pause(failure, pause);
          if (System.nanoTime() + wait.toNanos() > deadline) {
            throw new EngineUnavailable(
                what + " cannot be written: " + Failures.line(failure), failure);
          }
          Thread.sleep(wait);
          pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new EngineUnavailable(what + " was not written: the engine is closed", stop);
    }
  }

  private <T> T inTurn(String what, Supplier<T> write, long deadline) throws InterruptedException {
    if (!places.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw new EngineUnavailable(
          what + " was not written: its turn did not come",
          new TimeoutException(bounds.atOnce() + " other writes wait for answers"));
    }
    try {
      awaitTurn();
      // Last of all, since turns may be long in coming.
      admission.run();
      sent.incrementAndGet();
      return write.get();
    } finally {
      places.release();
    }
  }

  /// Turns lie evenly apart; those that nobody took are lost, so that no burst follows a rest.
  private void awaitTurn() throws InterruptedException {
    long now = System.nanoTime();
    long turn = next.getAndUpdate(last -> Math.max(last, now) + gap);
    long wait = turn - now;
    if (wait > 0) {
      Thread.sleep(Duration.ofNanos(wait));
    }
  }

  /// Whether a failure may pass by itself.
  static boolean isTransient(KubernetesClientException failure) {
    int code = failure.getCode();
    return code <= 0 || code == TOO_MANY || code >= SERVER_ERRORS;
  }

  /// Everybody waits where the server is asked too much, not the one alone that was told.
  private Duration pause(KubernetesClientException failure, Duration otherwise) {
    if (failure.getCode() != TOO_MANY) {
      return otherwise;
    }
    Duration named = Failures.retryAfter(failure).orElse(otherwise);
    Duration wait = named.compareTo(LONGEST_PAUSE) < 0 ? named : LONGEST_PAUSE;
    long until = System.nanoTime() + wait.toNanos();
    next.updateAndGet(last -> Math.max(last, until));
    if (pushedBack.getAndIncrement() == 0) {
      log.warn("kubernetes.writes.pushed.back wait-ms={}", wait.toMillis());
    }
    return wait;
  }
}
