package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.EngineUnavailable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Readings of one object, shared by all who need one that is fresh: it began a moment ago at most,
/// however long its answer took. So a process that stood still finds, when it goes on, that what it
/// knows is too old.
///
/// One reading goes on at a time, whoever waits takes its result. One that is half as old as it may
/// become is followed by the next before anybody has to wait. What fails in passing is tried again
/// while anybody waits. Any thread may call; readings are done by a virtual thread of their own.
final class FreshReadings<T> {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final String what;
  private final Supplier<T> source;
  private final Duration freshness;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Optional<Read<T>> latest = Optional.empty();
  private Optional<KubernetesClientException> failure = Optional.empty();
  private long refusals;
  private long begun;
  private int waiting;
  private boolean reading;

  /// @param began `System.nanoTime()` when it was asked for
  /// @param took nanoseconds until the answer
  private record Read<T>(T value, long began, long took) {}

  /// @param what what is read, for people
  /// @param source reads it once
  /// @param freshness how long ago a reading may have begun
  /// @param patience how long one is waited for
  FreshReadings(String what, Supplier<T> source, Duration freshness, Duration patience) {
    this.what = what;
    this.source = source;
    this.freshness = freshness;
    this.patience = patience;
  }

  /// What was read by somebody who began less than the freshness ago.
  ///
  /// @throws EngineUnavailable when there is no such reading while the patience lasts, or the
  ///     server refuses it
  T fresh() {
    long deadline = System.nanoTime() + patience.toNanos();
    lock.lock();
    waiting++;
    try {
      long refusalsBefore = refusals;
      while (true) {
        long now = System.nanoTime();
        Optional<Read<T>> usable = latest.filter(read -> isFresh(read, now));
        if (usable.isPresent()) {
          if (now - usable.get().began() > freshness.toNanos() / 2) {
            begin();
          }
          return usable.get().value();
        }
        if (refusals != refusalsBefore || now - deadline >= 0) {
          throw unavailable();
        }
        begin();
        long _ = changed.awaitNanos(deadline - now);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new EngineUnavailable(what + " was not read: the engine is closed", stop);
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /// Notes what was found otherwise, by somebody who began to ask then.
  void found(T value, long began) {
    lock.lock();
    try {
      keep(new Read<>(value, began, System.nanoTime() - began));
    } finally {
      lock.unlock();
    }
  }

  /// How many readings began.
  long begun() {
    lock.lock();
    try {
      return begun;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFresh(Read<T> read, long now) {
    return now - read.began() < freshness.toNanos();
  }

  private EngineUnavailable unavailable() {
    if (failure.isPresent()) {
      return new EngineUnavailable(
          what + " cannot be read: " + Failures.line(failure.get()), failure.get());
    }
    String slow =
        latest
            .map(read -> "a reading took %d ms".formatted(Duration.ofNanos(read.took()).toMillis()))
            .orElse("no answer came within %d ms".formatted(patience.toMillis()));
    return new EngineUnavailable(
        "%s is read too slowly: %s, and an order needs one that began less than %d ms ago"
            .formatted(what, slow, freshness.toMillis()),
        new IllegalStateException("no fresh reading"));
  }

  /// Needs the lock.
  private void begin() {
    if (!reading) {
      reading = true;
      Thread.ofVirtual().name("kubernetes-fence").start(this::read);
    }
  }

  private void read() {
    Duration pause = FIRST_PAUSE;
    boolean again = true;
    while (again) {
      again = !readOnce();
      if (again) {
        again = pauseWhileAnybodyWaits(pause);
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    }
    lock.lock();
    try {
      reading = false;
      // Who came meanwhile begins the next one.
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// @return whether the server answered, be it by a refusal
  private boolean readOnce() {
    long began = System.nanoTime();
    try {
      countBegun();
      found(source.get(), began);
      return true;
    } catch (KubernetesClientException failed) {
      // The start asked for the right to read; a server that comes up does not know of it yet.
      return failed(failed, !Writes.isTransient(failed) && !Failures.isUnread(failed));
    } catch (RuntimeException closed) {
      return failed(new KubernetesClientException(String.valueOf(closed.getMessage())), true);
    }
  }

  private void countBegun() {
    lock.lock();
    try {
      begun++;
    } finally {
      lock.unlock();
    }
  }

  private boolean failed(KubernetesClientException why, boolean refused) {
    lock.lock();
    try {
      failure = Optional.of(why);
      if (refused) {
        refusals++;
        changed.signalAll();
      }
      return refused;
    } finally {
      lock.unlock();
    }
  }

  private boolean pauseWhileAnybodyWaits(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException stop) {
      return false;
    }
    lock.lock();
    try {
      return waiting > 0;
    } finally {
      lock.unlock();
    }
  }

  /// Needs the lock. An older one that comes late changes nothing.
  private void keep(Read<T> read) {
    if (latest.isEmpty() || read.began() - latest.get().began() > 0) {
      latest = Optional.of(read);
      failure = Optional.empty();
    }
    changed.signalAll();
  }
}
