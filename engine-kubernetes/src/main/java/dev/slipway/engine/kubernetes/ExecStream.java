package dev.slipway.engine.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// What a command writes, for one reader. It takes messages until it holds 64 KiB; the next comes
/// once some of that is read.
final class ExecStream extends InputStream {
  private static final int MOST_HELD = 64 * 1024;

  private final Queue<ByteBuffer> messages = new ArrayDeque<>();
  private Optional<Runnable> more = Optional.empty();
  private int held;
  private boolean ended;

  synchronized void received(ByteBuffer message, Runnable next) {
    if (ended || !message.hasRemaining()) {
      next.run();
      return;
    }
    messages.add(message);
    held += message.remaining();
    more = Optional.of(next);
    askForMore();
    notifyAll();
  }

  /// Nothing comes any more; what is here can still be read.
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public synchronized int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (messages.isEmpty() && !ended) {
      try {
        wait();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while output was awaited");
      }
    }
    ByteBuffer first = messages.peek();
    if (first == null) {
      return -1;
    }
    int taken = Math.min(length, first.remaining());
    first.get(into, offset, taken);
    held -= taken;
    if (!first.hasRemaining()) {
      messages.remove();
    }
    askForMore();
    return taken;
  }

  /// Drops what is here and what comes from now on.
  @Override
  public synchronized void close() {
    messages.clear();
    held = 0;
    end();
    askForMore();
  }

  private void askForMore() {
    if (held < MOST_HELD) {
      Optional<Runnable> asked = more;
      more = Optional.empty();
      asked.ifPresent(Runnable::run);
    }
  }
}
