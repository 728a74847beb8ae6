package dev.slipway.server;

import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Fenced;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The engine of a server's next term, opened ahead: connected, checked, and not started. Whoever
/// begins a term takes it, and another is opened once that term is over.
///
/// Any thread may call. The lock is held while an engine is opened, never while one is asked.
final class Reserve implements AutoCloseable {
  private final Term.EngineSource source;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable EngineParts ready;
  private boolean closed;

  Reserve(Term.EngineSource source) {
    this.source = source;
  }

  /// Opens the engine, unless it is open, and reads whose orders it takes.
  Fenced look() throws IOException {
    return ready().engine().fence();
  }

  private EngineParts ready() throws IOException {
    lock.lock();
    try {
      EngineParts known = ready;
      if (known == null) {
        if (closed) {
          throw new IOException("the server ends");
        }
        known = source.open();
        ready = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /// What the engine would show a term that began now, if it can tell.
  Optional<EnginePicture> rehearse() {
    EngineParts known;
    lock.lock();
    try {
      known = ready;
    } finally {
      lock.unlock();
    }
    return Optional.ofNullable(known).map(EngineParts::engine).flatMap(Engine::rehearse);
  }

  /// The engine for a term, which is the caller's from now on.
  EngineParts take() throws IOException {
    lock.lock();
    try {
      EngineParts taken = ready;
      ready = null;
      return taken == null ? source.open() : taken;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      EngineParts left = ready;
      ready = null;
      if (left != null) {
        left.engine().close();
      }
    } finally {
      lock.unlock();
    }
  }
}
