package dev.slipway.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Parts to be closed, the last one first. What one of them throws keeps none of the others open.
/// To be used by one thread at a time.
final class Closing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <C extends AutoCloseable> C add(C part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      quietly(parts.pop());
    }
  }

  // What a part may throw when it is closed says nothing that its own log line does not; tasks and
  // journal are safe in any case.
  private static void quietly(AutoCloseable part) {
    try {
      part.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception failure) {
      LOG.warn("server.close.failed part={}", part.getClass().getSimpleName(), failure);
    }
  }
}
