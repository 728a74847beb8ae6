package dev.slipway.server;

import dev.slipway.core.control.Effect;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.engine.ForeignPlatform;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.journal.Journal;
import dev.slipway.server.control.ControlLoop;
import dev.slipway.server.control.EffectRunner;
import dev.slipway.server.control.EnginePulse;
import dev.slipway.server.control.EngineSights;
import dev.slipway.server.control.EventFeed;
import dev.slipway.server.control.LoopClock;
import dev.slipway.server.control.LoopCounters;
import dev.slipway.server.control.Mandate;
import dev.slipway.server.control.PressureWatch;
import dev.slipway.server.control.Published;
import dev.slipway.server.control.SnapshotKeeper;
import dev.slipway.server.control.Strays;
import dev.slipway.server.control.TermOver;
import dev.slipway.server.control.Threads;
import dev.slipway.server.control.UsageBoard;
import dev.slipway.server.probe.FailedChecks;
import dev.slipway.server.probe.HealthProber;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that a server does while it leads: decides, records, orders, probes. Made anew each time it
/// takes the lease, and never used again once closed. Closing it leaves the tasks running.
///
/// It takes writes as soon as the leadership is recorded. Taking over what runs comes behind that,
/// and orders are given when it is done: what was decided meanwhile waits.
///
/// What decides and orders ends before what only looks: a server that lost its database shows on
/// what it sees.
final class Term implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Term.class);

  /// How long taking over may go on once it was told to stop.
  private static final Duration ADOPTION_ENDS = Duration.ofSeconds(5);

  private final Closing deciding = new Closing();
  private final Closing shown = new Closing();
  private final LoopClock clock = new LoopClock();
  private final UsageBoard usage = new UsageBoard();
  private final Epoch first;
  private final Mandate mandate;
  private final EngineParts parts;
  private final ControlLoop loop;
  private final EffectRunner effects;
  private final HealthProber prober;
  private final EnginePulse pulse;
  private final SnapshotKeeper snapshots;
  private final Strays strays;
  private final Consumer<TermOver> over;
  private final Thread adoption = Thread.ofPlatform().name("adoption").unstarted(this::adoptNow);

  /// Held while parts are begun and while that is forbidden.
  private final ReentrantLock phase = new ReentrantLock();

  private boolean suspended;

  /// What outlives a term, and is told of all that happens in it.
  record Ground(
      Journal journal,
      EngineSource engines,
      EventFeed feed,
      LoopCounters counters,
      Strays strays,
      FailedChecks failedChecks) {
    /// The same with another source of engines.
    Ground with(EngineSource source) {
      return new Ground(journal, source, feed, counters, strays, failedChecks);
    }
  }

  /// Opens the engine for a term.
  @FunctionalInterface
  interface EngineSource {
    EngineParts open() throws IOException;
  }

  /// What a term begins with.
  ///
  /// @param known the state and its place in the journal, of which nothing is missing
  /// @param epoch what was taken for it
  /// @param mandate how long it may act
  record Entry(Published known, Epoch epoch, Mandate mandate) {}

  private Term(Ground ground, Entry entry, Consumer<TermOver> over) throws IOException {
    first = entry.epoch();
    mandate = entry.mandate();
    strays = ground.strays();
    this.over = over;
    try {
      parts = ground.engines().open();
      Engine engine = shown.add(parts.engine());
      loop =
          new ControlLoop(
              ground.journal(),
              entry.known(),
              new ControlLoop.Tenure(entry.epoch(), mandate, clock),
              ground.feed(),
              ground.counters(),
              over);
      effects = new EffectRunner(engine, loop::tell, clock, mandate, strays);
      effects.onRefusal(this::refused);
      pulse = new EnginePulse(engine, effects);
      prober = new HealthProber(loop, engine, clock);
      prober.onFailure(ground.failedChecks());
      snapshots = new SnapshotKeeper(ground.journal(), loop::published, loop::epoch, mandate);

      checkFence(engine, entry);
      loop.start(effects::carryOut);
      deciding.add(loop);
      loop.lead(UUID.randomUUID().toString());
      LOG.info("term.began epoch={} sequence={}", first.value(), loop.published().sequence());
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /// Takes over what runs, on a thread of its own. Where that fails the term is over.
  void adopt() {
    adoption.start();
  }

  private void adoptNow() {
    try {
      takeOver();
    } catch (StaleEpoch stale) {
      failed(TermOver.deposed(stale));
    } catch (ForeignPlatform | EngineUnavailable failure) {
      failed(TermOver.of(TermOver.Cause.ENGINE, String.valueOf(failure.getMessage())));
    } catch (RuntimeException fault) {
      LOG.error("term.adoption.fault epoch={}", first.value(), fault);
      failed(TermOver.of(TermOver.Cause.ENGINE, String.valueOf(fault.getMessage())));
    }
  }

  private void failed(TermOver end) {
    if (!isSuspended()) {
      LOG.warn("term.adoption.failed epoch={} message=\"{}\"", first.value(), end.message());
      giveUp(end);
    }
  }

  /// The reason is told first, so that it is not the end of the mandate that counts for one.
  private void giveUp(TermOver end) {
    over.accept(end);
    mandate.giveUp();
  }

  /// Makes the engine this leadership's, has it show what runs, and gives orders from then on. It
  /// has when it returns.
  ///
  /// @throws StaleEpoch when the engine has seen a higher epoch
  /// @throws dev.slipway.core.engine.ForeignPlatform when the engine's tasks are another platform's
  void takeOver() {
    Engine engine = parts.engine();
    engine.claim(loop.published().state().platform().id(), first);
    var watch = new PressureWatch(() -> loop.published().state(), loop::tell, usage);
    engine.start(
        new EngineSights(loop::tell, usage, watch, strays, InstantSource.system(), clock.now()));
    phase.lock();
    try {
      if (suspended) {
        return;
      }
      pulse.adopted();
      effects.start();
      deciding.add(effects);
      pulse.start();
      deciding.add(pulse);
      prober.start();
      shown.add(prober);
      snapshots.start();
      deciding.add(snapshots);
    } finally {
      phase.unlock();
    }
    LOG.info("term.adopted epoch={}", first.value());
  }

  private boolean isSuspended() {
    phase.lock();
    try {
      return suspended;
    } finally {
      phase.unlock();
    }
  }

  /// Nothing was decided yet, so a refusal leaves everything as it is.
  private static void checkFence(Engine engine, Entry entry) {
    Fenced fenced = engine.fence();
    SeenTasks.check(fenced, entry.known().state());
    fenced.check(entry.epoch());
  }

  /// An engine that refuses the present leadership has seen another one. Orders of the epoch before
  /// are refused too, where a leader took a new one, and are given again.
  private void refused(Effect effect, String why) {
    Optional<Epoch> given =
        switch (effect) {
          case Effect.Launch launch -> Optional.of(launch.launch().epoch());
          case Effect.Kill kill -> Optional.of(kill.epoch());
          case Effect.DestroyVolume destroy -> Optional.of(destroy.epoch());
          case Effect.ReportStray _ -> Optional.empty();
        };
    if (given.equals(Optional.of(loop.epoch()))) {
      giveUp(TermOver.of(TermOver.Cause.DEPOSED, "the engine refuses its orders: " + why));
    }
  }

  /// Begins a term, which takes writes when it returns. What runs is to be taken over next.
  ///
  /// @param over told why it cannot go on, possibly more than once; it acts no more then, and is
  ///     to be closed
  /// @throws IOException when the engine cannot work here
  /// @throws StaleEpoch when the engine has seen the epoch or a higher one
  /// @throws dev.slipway.core.engine.ForeignPlatform when the engine's tasks are another platform's
  static Term begin(Ground ground, Entry entry, Consumer<TermOver> over) throws IOException {
    return new Term(ground, entry, over);
  }

  /// The epoch that was taken for it.
  Epoch epoch() {
    return first;
  }

  Mandate mandate() {
    return mandate;
  }

  LoopClock clock() {
    return clock;
  }

  EngineParts parts() {
    return parts;
  }

  ControlLoop loop() {
    return loop;
  }

  /// Why the engine takes no orders, if it does not.
  Optional<String> engineProblem() {
    return effects.trouble();
  }

  HealthProber prober() {
    return prober;
  }

  /// Changes with each answer of the engine.
  long engineAnswers() {
    return pulse.answers();
  }

  /// Whether something waits for the engine: its first picture, or an order that it did not take.
  boolean awaitsEngine() {
    return pulse.isAwaited();
  }

  UsageBoard usage() {
    return usage;
  }

  /// Decides, records and orders no more from the call on. What its engine sees and its checks say
  /// is shown on.
  void suspend() {
    mandate.giveUp();
    phase.lock();
    try {
      suspended = true;
    } finally {
      phase.unlock();
    }
    adoption.interrupt();
    deciding.close();
  }

  /// Acts no more from the call on, and has ended when it returns.
  @Override
  public void close() {
    suspend();
    Threads.end(adoption, ADOPTION_ENDS);
    shown.close();
  }
}
