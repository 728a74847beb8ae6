package dev.slipway.server.control;

import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.ForeignPlatform;
import dev.slipway.core.engine.StaleEpoch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the engine answers. Orders tell; where one found no engine to take it, the engine is
/// asked something easy as well, so that an order that is refused for a reason of its own does not
/// count as silence.
///
/// One virtual thread asks; any thread may call.
public final class EnginePulse implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(EnginePulse.class);

  private final Engine engine;
  private final EffectRunner effects;
  private final AtomicLong answers = new AtomicLong();
  private final Thread thread = Thread.ofVirtual().name("engine-pulse").unstarted(this::run);
  private volatile boolean adopted;

  public EnginePulse(Engine engine, EffectRunner effects) {
    this.engine = engine;
    this.effects = effects;
  }

  public void start() {
    thread.start();
  }

  /// The engine has shown what runs.
  public void adopted() {
    adopted = true;
  }

  /// Changes with each answer.
  public long answers() {
    return answers.get() + effects.answers();
  }

  /// Whether something waits for the engine: its first picture, or an order that it did not take.
  public boolean isAwaited() {
    return !adopted || effects.trouble().isPresent();
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
        if (adopted && effects.trouble().isPresent()) {
          ask();
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    try {
      var _ = engine.fence();
      answers.incrementAndGet();
    } catch (StaleEpoch | ForeignPlatform refused) {
      // That is an answer too, and the next order says what follows from it.
      answers.incrementAndGet();
    } catch (EngineUnavailable silent) {
      // Counts as none.
      return;
    } catch (RuntimeException strange) {
      // Nor is it an answer that the fence cannot be understood; it may be mended.
      LOG.debug("engine.pulse.failed", strange);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
