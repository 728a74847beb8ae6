package dev.slipway.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections that dawdle over a request's headers. Jetty has a timeout for silence only,
/// so a client that sends one letter now and then would keep its connection for ever.
///
/// A thread of its own looks at all connections now and then; those on which a request is handled
/// are left alone.
final class SlowHeaders implements Connection.Listener, AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(SlowHeaders.class);

  /// What is known of a connection.
  private static final class Watch {
    /// Requests that are handled; at most one, but pipelined ones overlap for a moment.
    private int handling;

    /// How many bytes had come in when it was last between two requests.
    private long settledBytes;

    /// Since when there are more; 0 while there are not.
    private long partialSince;
  }

  private final long timeoutNanos;
  private final Map<Connection, Watch> watches = new ConcurrentHashMap<>();
  private final Thread thread = Thread.ofVirtual().name("http-slow-headers").unstarted(this::run);

  SlowHeaders(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  void start() {
    thread.start();
  }

  @Override
  public void onOpened(Connection connection) {
    watches.put(connection, new Watch());
  }

  @Override
  public void onClosed(Connection connection) {
    watches.remove(connection);
  }

  void begin(Connection connection) {
    watches.computeIfPresent(
        connection,
        (key, watch) -> {
          watch.handling++;
          watch.partialSince = 0;
          return watch;
        });
  }

  void end(Connection connection) {
    watches.computeIfPresent(
        connection,
        (key, watch) -> {
          watch.handling--;
          watch.settledBytes = key.getBytesIn();
          return watch;
        });
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(Math.min(LOOK.toNanos(), timeoutNanos / 2));
        long now = System.nanoTime();
        for (Connection connection : watches.keySet()) {
          look(connection, now);
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Connection connection, long now) {
    boolean[] late = {false};
    watches.computeIfPresent(
        connection,
        (key, watch) -> {
          boolean partial = watch.handling == 0 && key.getBytesIn() > watch.settledBytes;
          if (partial && watch.partialSince == 0) {
            watch.partialSince = now;
          }
          late[0] = partial && now - watch.partialSince > timeoutNanos;
          return watch;
        });
    if (late[0]) {
      LOG.info("http.slow-headers remote={}", connection.getEndPoint().getRemoteSocketAddress());
      connection.getEndPoint().close();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
