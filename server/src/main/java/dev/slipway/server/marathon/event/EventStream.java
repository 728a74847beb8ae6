package dev.slipway.server.marathon.event;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one client still has to be told. Events are put in by one thread and written by another; a
/// client that reads too slowly is cut off when {@link #MAX_WAITING} of them wait, so that it can
/// notice and come back, and nobody else waits for it.
public final class EventStream implements Listener {
  /// As Marathon's buffer for a client.
  static final int MAX_WAITING = 1024;

  private static final Duration HEARTBEAT = Duration.ofSeconds(8);

  /// What Jetty's servlet for event sources sends; clients that read line by line pass over it.
  private static final byte[] BEAT = "\r\n".getBytes(StandardCharsets.UTF_8);

  private final BlockingQueue<Frame> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final List<Frame> missed;
  private final Set<String> types;
  private final boolean light;
  private final String remoteAddress;
  private volatile boolean ended;
  private volatile @Nullable Thread writer;

  /// @param missed what is told first
  /// @param types the types that are told; all if empty
  EventStream(List<Frame> missed, Set<String> types, boolean light, String remoteAddress) {
    this.missed = List.copyOf(missed);
    this.types = Set.copyOf(types);
    this.light = light;
    this.remoteAddress = remoteAddress;
  }

  String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public void offer(Frame frame) {
    if (isWanted(frame) && !ended && !waiting.offer(frame)) {
      end();
    }
  }

  private boolean isWanted(Frame frame) {
    return types.isEmpty() || types.contains(frame.type());
  }

  /// Has the writer stop, even in the middle of writing to a client that does not read.
  @Override
  public void end() {
    ended = true;
    Thread thread = writer;
    if (thread != null) {
      thread.interrupt();
    }
  }

  /// Tells the client all there is to tell, until it goes away or is cut off.
  ///
  /// @throws IOException when the client has gone
  /// @throws InterruptedException when it was cut off
  public void writeTo(OutputStream out) throws IOException, InterruptedException {
    writer = Thread.currentThread();
    for (Frame frame : missed) {
      if (isWanted(frame)) {
        frame.writeTo(out, light);
      }
    }
    out.write(BEAT);
    out.flush();
    while (!ended) {
      Frame frame = waiting.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
      if (frame == null) {
        out.write(BEAT);
      } else {
        frame.writeTo(out, light);
      }
      if (waiting.isEmpty()) {
        out.flush();
      }
    }
  }
}
