package dev.slipway.artifacts;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Downloads that are under way, each made once however many tasks wait for it.
///
/// A flight runs in a virtual thread of its own, so that a waiter which is interrupted leaves the
/// others alone; when the last one leaves, the flight is interrupted. What it brought is held until
/// the last waiter has closed its [Lease].
final class Flights implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

  /// One that is closed waits this long for its downloads to end.
  private static final long CLOSE_SECONDS = 5;

  /// A file that stays as it is until the lease is closed.
  interface Lease extends AutoCloseable {
    Path file();

    String sha256();

    /// Idempotent.
    @Override
    void close();
  }

  /// What a flight brought.
  ///
  /// @param release gives it back; called once
  record Cargo(Path file, String sha256, Runnable release) {}

  /// Brings the cargo. Interrupted, it stops and leaves nothing behind.
  interface Journey {
    /// @param deadlineNanos by System.nanoTime; later than this nobody waits
    Cargo make(long deadlineNanos) throws IOException, InterruptedException;
  }

  private final Patience patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Flight> underWay = new HashMap<>();
  private boolean closed;

  Flights(Patience patience) {
    this.patience = patience;
  }

  /// Joins the flight for `key`, or starts it.
  ///
  /// @throws InterruptedException when the calling thread is interrupted; others go on waiting
  Lease join(Object key, Journey journey) throws IOException, InterruptedException {
    Flight flight;
    lock.lock();
    try {
      if (closed) {
        throw new ArtifactProblem("the platform is stopping");
      }
      flight = underWay.computeIfAbsent(key, absent -> new Flight(key, journey));
      flight.waiters++;
    } finally {
      lock.unlock();
    }
    var seat = new Seat(flight);
    try {
      seat.await();
      return seat;
    } catch (IOException | InterruptedException | RuntimeException e) {
      seat.close();
      throw e;
    }
  }

  @Override
  public void close() {
    Map<Object, Flight> last;
    lock.lock();
    try {
      closed = true;
      last = Map.copyOf(underWay);
    } finally {
      lock.unlock();
    }
    last.values().forEach(flight -> flight.thread.interrupt());
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    for (Flight flight : last.values()) {
      try {
        flight.thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private final class Flight {
    private final Object key;
    private final long deadlineNanos = System.nanoTime() + patience.total().toNanos();
    private final CompletableFuture<Cargo> arrival = new CompletableFuture<>();
    private final Thread thread;
    // Guarded by the lock:
    private int waiters;

    Flight(Object key, Journey journey) {
      this.key = key;
      this.thread = Thread.ofVirtual().name("artifact-download").start(() -> fly(journey));
    }

    private void fly(Journey journey) {
      try {
        arrive(journey.make(deadlineNanos));
      } catch (IOException e) {
        fail(e);
      } catch (RuntimeException e) {
        // A bug. Its message may quote the address, so only its place is told.
        LOG.error("artifact.download.fault type={} at={}", e.getClass(), e.getStackTrace()[0]);
        fail(new ArtifactProblem("the download failed by a fault of the platform"));
      } catch (InterruptedException e) {
        fail(new ArtifactProblem("the download was stopped"));
      }
    }

    private void arrive(Cargo cargo) {
      boolean unwanted;
      lock.lock();
      try {
        underWay.remove(key, this);
        unwanted = waiters == 0;
        arrival.complete(cargo);
      } finally {
        lock.unlock();
      }
      if (unwanted) {
        cargo.release().run();
      }
    }

    private void fail(Exception cause) {
      lock.lock();
      try {
        underWay.remove(key, this);
      } finally {
        lock.unlock();
      }
      arrival.completeExceptionally(cause);
    }

    private void leave() {
      Cargo unwanted = null;
      lock.lock();
      try {
        waiters--;
        if (waiters > 0) {
          return;
        }
        underWay.remove(key, this);
        if (!arrival.isDone()) {
          thread.interrupt();
        } else if (!arrival.isCompletedExceptionally()) {
          unwanted = arrival.join();
        }
      } finally {
        lock.unlock();
      }
      if (unwanted != null) {
        unwanted.release().run();
      }
    }
  }

  /// One waiter's part in a flight. For one thread.
  private static final class Seat implements Lease {
    private final Flight flight;
    private boolean left;

    Seat(Flight flight) {
      this.flight = flight;
    }

    void await() throws IOException, InterruptedException {
      try {
        flight.arrival.get(
            Math.max(1, flight.deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new ArtifactProblem("it took too long");
      } catch (ExecutionException e) {
        throw failure(e.getCause());
      }
    }

    /// A new exception for each waiter: one that is shared would gather the traces of all.
    private static IOException failure(@Nullable Throwable cause) {
      if (cause instanceof ArtifactProblem problem) {
        return new ArtifactProblem(String.valueOf(problem.getMessage()));
      }
      return new IOException(cause == null ? "the download failed" : cause.getMessage(), cause);
    }

    @Override
    public Path file() {
      return flight.arrival.join().file();
    }

    @Override
    public String sha256() {
      return flight.arrival.join().sha256();
    }

    @Override
    public void close() {
      if (!left) {
        left = true;
        flight.leave();
      }
    }
  }
}
