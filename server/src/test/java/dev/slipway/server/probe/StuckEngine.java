package dev.slipway.server.probe;

import dev.slipway.core.app.Command;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.TaskId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// An engine that only runs commands, which take until they are let go.
final class StuckEngine implements Engine {
  final AtomicInteger commands = new AtomicInteger();
  private final CountDownLatch held = new CountDownLatch(1);

  @Override
  public CommandOutcome execute(TaskId task, Command command, Duration timeout)
      throws InterruptedException {
    commands.incrementAndGet();
    boolean ended = held.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return new CommandOutcome(ended ? 0 : 1, "");
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
  public void close() {
    held.countDown();
  }
}
