package dev.slipway.server.exec;

import dev.slipway.core.app.Command;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TerminalSize;
import dev.slipway.core.instance.TaskId;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// An engine whose commands are plain processes of this machine, and which has one task only.
public final class TalkingEngine implements Engine {
  static final String KNOWN = "known.instance-6c0368b9-98dd-4f01-84e9-6f7ead409996._app.1";

  final BlockingQueue<Process> processes = new LinkedBlockingQueue<>();
  final BlockingQueue<TerminalSize> sizes = new LinkedBlockingQueue<>();

  @Override
  public ExecSession exec(TaskId task, List<String> command, Optional<TerminalSize> terminal)
      throws IOException {
    if (!task.value().equals(KNOWN)) {
      throw new IOException("task " + task + " is not known");
    }
    terminal.ifPresent(sizes::add);
    Process process = new ProcessBuilder(command).start();
    processes.add(process);
    return new Talk(process);
  }

  private final class Talk implements ExecSession {
    private final Process process;

    Talk(Process process) {
      this.process = process;
    }

    @Override
    public OutputStream input() {
      return new FilterOutputStream(process.getOutputStream()) {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
          out.flush();
        }
      };
    }

    @Override
    public InputStream output() {
      return process.getInputStream();
    }

    @Override
    public InputStream errors() {
      return process.getErrorStream();
    }

    @Override
    public void resize(TerminalSize size) {
      sizes.add(size);
    }

    @Override
    public int exitCode() throws InterruptedException {
      return process.waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Override
  public CommandOutcome execute(TaskId task, Command command, Duration timeout) {
    return new CommandOutcome(0, "");
  }

  @Override
  public void start(EngineListener listener) {}

  @Override
  public void launch(TaskLaunch launch) {}

  @Override
  public void kill(TaskId task, Duration grace, Epoch epoch) {}

  @Override
  public Optional<Sandbox> sandbox(TaskId task) {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
