package dev.slipway.server.control;

import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what was decided, on virtual threads. Orders for one task keep their order: an order
/// to end it that overtook the one to launch it would find nothing to end.
///
/// The number of waiting orders is bounded by the instances there are, since each has at most one
/// open order and repeats only after a while.
public final class EffectRunner implements AutoCloseable {
  private static final int LANES = 32;
  private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

  private final Engine engine;
  private final Consumer<Input> sights;
  private final LoopClock clock;
  private final List<BlockingQueue<Effect>> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Strays strays;

  /// @param sights told when an order could not be carried out
  /// @param strays told of tasks that nothing recorded speaks of
  public EffectRunner(Engine engine, Consumer<Input> sights, LoopClock clock, Strays strays) {
    this.engine = engine;
    this.strays = strays;
    this.sights = sights;
    this.clock = clock;
    for (int i = 0; i < LANES; i++) {
      BlockingQueue<Effect> lane = new LinkedBlockingQueue<>();
      lanes.add(lane);
      threads.add(Thread.ofVirtual().name("effects-" + i).start(() -> run(lane)));
    }
  }

  public void carryOut(Effect effect) {
    lanes.get(Math.floorMod(subject(effect).hashCode(), LANES)).add(effect);
  }

  /// The name of the task or volume that it is about.
  private static String subject(Effect effect) {
    return switch (effect) {
      case Effect.Launch launch -> launch.launch().id().value();
      case Effect.Kill kill -> kill.task().value();
      case Effect.DestroyVolume destroy -> destroy.volume().value();
      case Effect.ReportStray stray -> stray.task().value();
    };
  }

  private void run(BlockingQueue<Effect> lane) {
    try {
      while (true) {
        carryOutNow(lane.take());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOutNow(Effect effect) {
    try {
      switch (effect) {
        case Effect.Launch launch -> launch(launch.launch());
        case Effect.Kill kill -> engine.kill(kill.task(), kill.grace(), kill.epoch());
        case Effect.DestroyVolume destroy -> {
          engine.destroyVolume(destroy.volume(), destroy.epoch());
          sights.accept(new Input.VolumeDestroyed(destroy.app(), destroy.volume()));
        }
        case Effect.ReportStray stray -> {
          strays.seen(stray.task());
          LOG.warn("task.stray task={}", stray.task());
        }
      }
    } catch (StaleEpoch stale) {
      LOG.error("effect.refused subject={} message=\"{}\"", subject(effect), stale.getMessage());
    } catch (EngineUnavailable unavailable) {
      LOG.warn(
          "effect.put.off subject={} message=\"{}\"", subject(effect), unavailable.getMessage());
    } catch (IOException | RuntimeException failure) {
      // The order is given again after a while, or its failure was told; the lane has to go on.
      LOG.error("effect.failed subject={}", subject(effect), failure);
    }
  }

  private void launch(TaskLaunch launch) {
    try {
      engine.launch(launch);
    } catch (StaleEpoch | EngineUnavailable failure) {
      throw failure;
    } catch (RuntimeException failure) {
      var end = TaskEnd.of(TaskEnd.Reason.LAUNCH_FAILED, String.valueOf(failure.getMessage()));
      sights.accept(
          new Input.TaskSeen(
              new TaskObservation(
                  launch.id(), launch.node(), clock.now(), new TaskObservation.Status.Ended(end))));
      throw failure;
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
