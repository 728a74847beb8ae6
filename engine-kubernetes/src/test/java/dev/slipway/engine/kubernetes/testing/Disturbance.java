package dev.slipway.engine.kubernetes.testing;

import java.util.concurrent.atomic.AtomicBoolean;

/// Something that a test does to a cluster and takes back: `try (var cut =
/// script.partition("node2")) { ... }`.
public final class Disturbance implements AutoCloseable {
  private final Runnable remedy;
  private final AtomicBoolean over = new AtomicBoolean();

  Disturbance(Runnable remedy) {
    this.remedy = remedy;
  }

  /// Brings the cluster back to health and returns when it is. Once is enough.
  public void end() {
    if (!over.getAndSet(true)) {
      remedy.run();
    }
  }

  @Override
  public void close() {
    end();
  }
}
