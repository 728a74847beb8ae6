package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// A command in a pod that is talked to.
final class PodSession implements ExecSession {
  private final ExecChannels channels;
  private final ExecStream output;
  private final ExecStream errors;
  private final ExecInput input;
  private final boolean terminal;
  private final Ending ending;

  /// What a session needs of others once it is left.
  interface Ending {
    /// Ends the command in its pod.
    void end();

    IOException explained(Throwable failed);
  }

  PodSession(
      ExecChannels channels,
      ExecStream output,
      ExecStream errors,
      Optional<TerminalSize> size,
      Ending ending)
      throws IOException {
    this.channels = channels;
    this.output = output;
    this.errors = errors;
    this.terminal = size.isPresent();
    this.input = new ExecInput(channels, terminal);
    this.ending = ending;
    if (size.isPresent()) {
      resize(size.get());
    }
  }

  @Override
  public OutputStream input() {
    return input;
  }

  @Override
  public InputStream output() {
    return output;
  }

  @Override
  public InputStream errors() {
    return errors;
  }

  @Override
  public void resize(TerminalSize size) throws IOException {
    if (terminal) {
      String message = "{\"Width\":" + size.columns() + ",\"Height\":" + size.rows() + "}";
      input.send(ExecChannels.RESIZE, message.getBytes(US_ASCII));
    }
  }

  @Override
  public int exitCode() throws IOException, InterruptedException {
    try {
      return channels.exitCode().get();
    } catch (ExecutionException failed) {
      throw ending.explained(failed);
    }
  }

  @Override
  public void close() {
    // After a lost connection the command may still be there.
    boolean runs = channels.exitCode().state() != Future.State.SUCCESS;
    output.close();
    errors.close();
    channels.close();
    if (runs) {
      ending.end();
    }
  }
}
