package dev.slipway.engine.kubernetes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/// What an engine does beside its orders, from its start to its end. Whoever ends it while it still
/// begins ends all of it: what begins later does not begin any more.
final class Background implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private boolean closed;

  /// Begins a part.
  ///
  /// @param end how it is ended
  void begin(Runnable start, Runnable end) {
    lock.lock();
    try {
      if (!closed) {
        ends.push(end);
        start.run();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      while (!ends.isEmpty()) {
        ends.pop().run();
      }
    } finally {
      lock.unlock();
    }
  }
}
