package dev.slipway.journal;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A bell that is heard within this process.
final class LocalBell implements Bell {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private long rings;

  @Override
  public void announce(Connection connection) {}

  @Override
  public void announceLease(Connection connection) {}

  @Override
  public void ring() {
    lock.lock();
    try {
      rings++;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Listener listen() {
    return new Ear();
  }

  /// Hears a ring also when it came between two times of waiting.
  private final class Ear implements Listener {
    private long heard = now();

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
      long left = TimeUnit.NANOSECONDS.convert(atMost);
      lock.lock();
      try {
        while (rings == heard && left > 0) {
          left = rung.awaitNanos(left);
        }
        heard = rings;
        return false;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {}

    private long now() {
      lock.lock();
      try {
        return rings;
      } finally {
        lock.unlock();
      }
    }
  }
}
