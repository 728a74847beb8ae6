package dev.slipway.engine.kubernetes;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;

/// What a command reads. The API's connection cannot say that input has ended, so input without a
/// terminal goes in lines of Base64 to a shell that stands before the command, and a line with a
/// dot ends it; with a terminal the end is its end-of-file character.
final class ExecInput extends OutputStream {
  /// How long the connection may take for one message, until it counts as lost.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int LARGEST_PART = 12 * 1024;
  private static final byte END_OF_FILE = 4;

  private final ExecChannels channels;
  private final boolean terminal;
  private boolean closed;

  ExecInput(ExecChannels channels, boolean terminal) {
    this.channels = channels;
    this.terminal = terminal;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the input is closed");
    }
    for (int from = offset; from < offset + length; from += LARGEST_PART) {
      int part = Math.min(LARGEST_PART, offset + length - from);
      byte[] message = Arrays.copyOfRange(bytes, from, from + part);
      send(ExecChannels.INPUT, terminal ? message : line(message));
    }
  }

  private static byte[] line(byte[] bytes) {
    byte[] encoded = Base64.getEncoder().encode(bytes);
    byte[] line = Arrays.copyOf(encoded, encoded.length + 1);
    line[encoded.length] = '\n';
    return line;
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    send(ExecChannels.INPUT, terminal ? new byte[] {END_OF_FILE} : new byte[] {'.', '\n'});
  }

  /// Sends a message once the one before has left: the HTTP client takes one at a time.
  synchronized void send(byte channel, byte[] bytes) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (channels.unsent() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the connection to the command is stuck");
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while input was sent");
      }
    }
    channels.send(channel, bytes, 0, bytes.length);
  }
}
