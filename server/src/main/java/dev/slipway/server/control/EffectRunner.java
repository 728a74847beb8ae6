package dev.slipway.server.control;

import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Limits;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.ForeignPlatform;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what was decided, on virtual threads. Orders for one task keep their order: an order
/// to end it that overtook the one to launch it would find nothing to end.
///
/// Whether orders may be given is asked at the moment of giving each: one that waited past the end
/// of the leader's mandate is dropped.
///
/// The number of waiting orders is bounded by the instances there are, since each has at most one
/// open order and repeats only after a while.
public final class EffectRunner implements AutoCloseable {
  private static final int LANES = 32;

  /// So long an order that was put off counts: it is given again before, if it still has to be.
  private static final Duration GIVEN_AGAIN = Limits.ORDER_AGAIN.multipliedBy(2);

  /// An order that is under way for longer waits for an engine that does not answer.
  private static final Duration LONG = Duration.ofSeconds(5);

  private static final long NONE = 0;
  private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

  private final Engine engine;
  private final Consumer<Input> sights;
  private final LoopClock clock;
  private final Mandate mandate;
  private final List<BlockingQueue<Effect>> lanes = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Strays strays;
  private final AtomicLong answers = new AtomicLong();

  /// When each lane's order was begun, by the monotonic clock.
  private final AtomicLongArray begun = new AtomicLongArray(LANES);

  private volatile Optional<PutOff> putOff = Optional.empty();
  private volatile BiConsumer<Effect, String> refusals = (effect, why) -> {};

  /// @param first when it began, by the monotonic clock
  /// @param last when the last order was put off
  private record PutOff(String why, long first, long last) {
    PutOff again(String reason) {
      return new PutOff(reason, first, System.nanoTime());
    }

    String text() {
      return "orders are put off since %d s: %s".formatted(seconds(System.nanoTime() - first), why);
    }
  }

  private static long seconds(long nanos) {
    return Duration.ofNanos(nanos).toSeconds();
  }

  /// @param sights told when an order could not be carried out
  /// @param mandate how long orders may be given
  /// @param strays told of tasks that nothing recorded speaks of
  public EffectRunner(
      Engine engine, Consumer<Input> sights, LoopClock clock, Mandate mandate, Strays strays) {
    this.engine = engine;
    this.mandate = mandate;
    this.strays = strays;
    this.sights = sights;
    this.clock = clock;
    for (int i = 0; i < LANES; i++) {
      int number = i;
      BlockingQueue<Effect> lane = new LinkedBlockingQueue<>();
      lanes.add(lane);
      threads.add(Thread.ofVirtual().name("effects-" + i).unstarted(() -> run(number, lane)));
    }
  }

  /// From now on orders are given; until then they wait.
  public void start() {
    threads.forEach(Thread::start);
  }

  /// Whom to tell, with the reason, that the engine takes no such order from this leadership.
  public void onRefusal(BiConsumer<Effect, String> listener) {
    refusals = listener;
  }

  /// How often the engine answered an order, also by refusing it.
  public long answers() {
    return answers.get();
  }

  private void answered() {
    answers.incrementAndGet();
    putOff = Optional.empty();
  }

  /// Why the engine does not take orders: the last one was put off, or one waits for long. Nothing
  /// while it takes them.
  public Optional<String> trouble() {
    long now = System.nanoTime();
    long longest =
        IntStream.range(0, LANES)
            .mapToLong(begun::get)
            .map(since -> since == NONE ? 0 : now - since)
            .max()
            .orElse(0);
    if (longest >= LONG.toNanos()) {
      return Optional.of("an order waits for the engine since %d s".formatted(seconds(longest)));
    }
    return waiting().map(PutOff::text);
  }

  /// What was put off and counts still.
  private Optional<PutOff> waiting() {
    long now = System.nanoTime();
    return putOff.filter(order -> now - order.last() < GIVEN_AGAIN.toNanos());
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

  private void run(int number, BlockingQueue<Effect> lane) {
    try {
      while (true) {
        Effect effect = lane.take();
        begun.set(number, System.nanoTime() | 1);
        carryOutNow(effect);
        begun.set(number, NONE);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void carryOutNow(Effect effect) {
    if (!mandate.holds()) {
      // Whoever leads next derives it anew.
      LOG.warn("effect.dropped subject={} reason=\"the mandate is over\"", subject(effect));
      return;
    }
    try {
      switch (effect) {
        case Effect.Launch launch -> launch(launch.launch());
        case Effect.Kill kill -> engine.kill(kill.task(), kill.grace(), kill.epoch());
        case Effect.DestroyVolume destroy -> {
          engine.destroyVolume(destroy.volume(), destroy.epoch());
          sights.accept(new Input.VolumeDestroyed(destroy.app(), destroy.volume()));
        }
        case Effect.ReportStray stray -> {
          strays.seen(stray.task(), stray.node());
          LOG.warn(
              "task.stray app={} task={} node={}",
              stray.task().instance().app(),
              stray.task(),
              stray.node());
          return;
        }
      }
      answered();
    } catch (StaleEpoch | ForeignPlatform stale) {
      LOG.error("effect.refused subject={} message=\"{}\"", subject(effect), stale.getMessage());
      refusals.accept(effect, String.valueOf(stale.getMessage()));
    } catch (EngineUnavailable unavailable) {
      putOff(String.valueOf(unavailable.getMessage()));
      LOG.warn(
          "effect.put.off subject={} message=\"{}\"", subject(effect), unavailable.getMessage());
    } catch (IOException | RuntimeException failure) {
      // The order is given again after a while, or its failure was told; the lane has to go on.
      LOG.error("effect.failed subject={}", subject(effect), failure);
      answered();
    }
  }

  private void putOff(String why) {
    PutOff begun = waiting().orElseGet(() -> new PutOff(why, System.nanoTime(), System.nanoTime()));
    putOff = Optional.of(begun.again(why));
  }

  private void launch(TaskLaunch launch) {
    try {
      engine.launch(launch);
    } catch (StaleEpoch | ForeignPlatform | EngineUnavailable failure) {
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
