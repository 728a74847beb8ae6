package dev.slipway.artifacts;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// A value that is made when it is first asked for, once. Any thread may call.
final class FirstUse<T> {
  private final Supplier<T> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private Optional<T> made = Optional.empty();

  FirstUse(Supplier<T> maker) {
    this.maker = maker;
  }

  T get() {
    lock.lock();
    try {
      if (made.isEmpty()) {
        made = Optional.of(maker.get());
      }
      return made.get();
    } finally {
      lock.unlock();
    }
  }

  Optional<T> ifUsed() {
    lock.lock();
    try {
      return made;
    } finally {
      lock.unlock();
    }
  }
}
