package dev.slipway.endtoend.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// Writes all the time, whether the server is there or not, and remembers what was accepted: apps
/// without instances are created, and labelled and scaled ever higher.
public final class Writer implements AutoCloseable {
  private static final int APPS = 12;
  private static final long PAUSE_NANOSECONDS = 10_000_000;

  private final Client client;
  private final Map<String, Integer> accepted = new ConcurrentSkipListMap<>();
  private final Map<String, Integer> tried = new ConcurrentSkipListMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Thread thread = Thread.ofVirtual().name("writer").unstarted(this::write);
  private volatile boolean closed;

  private Writer(Client client) {
    this.client = client;
  }

  public static Writer of(Client client) {
    var writer = new Writer(client);
    writer.thread.start();
    return writer;
  }

  private void write() {
    for (int number = 1; !closed; number++) {
      String id = "/written/app-" + number % APPS;
      App app =
          App.sleeping(id)
              .with("instances", 0)
              .with("labels", Map.of("number", Integer.toString(number)));
      tried.put(id, number);
      try {
        Answer answer = client.put("/v2/apps" + id + "?force=true", app);
        if (answer.isGood()) {
          accepted.put(id, number);
          count.incrementAndGet();
        }
      } catch (UncheckedIOException away) {
        // Not accepted: it may have come about, or not.
        LockSupport.parkNanos(PAUSE_NANOSECONDS);
      }
      LockSupport.parkNanos(PAUSE_NANOSECONDS);
    }
  }

  /// Whether a write has been accepted since this was asked last.
  public boolean hasWrittenAnew() {
    return count.getAndSet(0) > 0;
  }

  /// Every app has the last value that was accepted, or one that was tried after it and never
  /// answered.
  public void assertNothingIsLost() {
    assertThat(accepted).isNotEmpty();
    accepted.forEach(
        (id, number) -> {
          JsonNode labels = client.json("/v2/apps" + id).path("app").path("labels");
          assertThat(Integer.parseInt(labels.path("number").asString()))
              .as(id + ", accepted " + number + ", tried " + tried.get(id))
              .isBetween(number, tried.get(id));
        });
  }

  @Override
  public void close() {
    stop();
  }

  /// Ends the writing; returns when the last answer is there.
  public void stop() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
