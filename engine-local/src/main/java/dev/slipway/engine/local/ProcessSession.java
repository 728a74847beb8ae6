package dev.slipway.engine.local;

import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.TerminalSize;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A process beside a task that is talked to.
final class ProcessSession implements ExecSession {
  /// Gives the terminal another size.
  @FunctionalInterface
  interface Resizing {
    void resize(TerminalSize size) throws IOException;
  }

  private final Process process;
  private final InputStream errors;
  private final Resizing resizing;
  private final OutputStream input;

  ProcessSession(Process process, InputStream errors, Resizing resizing) {
    this.process = process;
    this.errors = errors;
    this.resizing = resizing;
    this.input = new Prompt(process.getOutputStream());
  }

  @Override
  public OutputStream input() {
    return input;
  }

  @Override
  public InputStream output() {
    return process.getInputStream();
  }

  @Override
  public InputStream errors() {
    return errors;
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    resizing.resize(size);
  }

  @Override
  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    CommandRun.end(process);
    closed(process.getInputStream());
    closed(process.getErrorStream());
    closed(process.getOutputStream());
  }

  private static void closed(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception gone) {
      // The process is over; what it did not take is lost with it.
      return;
    }
  }

  /// The JVM would hold small writes back.
  private static final class Prompt extends FilterOutputStream {
    Prompt(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
      out.flush();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      out.flush();
    }
  }
}
