package dev.slipway.server.marathon.event;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A client of an event stream, on a thread of its own, that remembers all it is sent; or one that
/// never reads, so that whoever writes to it is stuck.
final class MemoryReader {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final CountDownLatch over = new CountDownLatch(1);
  private final EventStream stream;

  MemoryReader(EventStream stream) {
    this(stream, false);
  }

  MemoryReader(EventStream stream, boolean stuck) {
    this.stream = stream;
    OutputStream out = stuck ? new StuckOutput() : sent;
    Thread.ofVirtual().start(() -> read(out));
  }

  private static final class StuckOutput extends OutputStream {
    @Override
    public void write(int single) throws IOException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
  }

  private void read(OutputStream out) {
    try {
      stream.writeTo(out);
    } catch (IOException | InterruptedException cut) {
      Thread.currentThread().interrupt();
    } finally {
      over.countDown();
    }
  }

  void leave(EventStreams streams) {
    streams.detach(stream);
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  String text() {
    return sent.toString(StandardCharsets.UTF_8);
  }

  List<String> events() {
    return after("event: ");
  }

  List<String> ids() {
    return after("id: ");
  }

  private List<String> after(String field) {
    return text()
        .lines()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()))
        .toList();
  }
}
