package dev.slipway.server.probe;

import dev.slipway.core.app.App;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.health.HealthVerdict;
import dev.slipway.core.health.InstanceHealth;
import dev.slipway.core.health.ProbeResult;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.State;
import dev.slipway.core.task.Reach;
import dev.slipway.server.control.ControlLoop;
import dev.slipway.server.control.LoopClock;
import dev.slipway.server.control.Published;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the health checks of all running instances, and tells the control loop when what they say
/// changes. Single results stay here: they are no decisions.
///
/// One thread compares the published state with what is being probed, and starts each probe that is
/// due on a virtual thread; at most {@link #MAX_PROBES} go on at once, others wait for theirs to
/// begin in threads of their own, and none of an instance's checks overlaps with itself. Until its
/// first success a check is asked every {@link #EAGER} at the longest, so that deployments do not
/// wait for a long interval.
public final class HealthProber implements HealthView, AutoCloseable {
  /// Probes that go on at once.
  public static final int MAX_PROBES = 256;

  /// Status checks that go on at once, beside the others: those are only shown, and hold up none
  /// that decides.
  static final int MAX_STATUS_CHECKS = 32;

  /// How long a probe waits for its turn; it is put off then, since that says nothing about the
  /// instance.
  static final Duration TURN = Duration.ofSeconds(30);

  private static final Duration EAGER = Duration.ofSeconds(1);
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Logger LOG = LoggerFactory.getLogger(HealthProber.class);

  /// What is probed of an instance.
  private record Subject(Instance instance, App app, Instant since, InstanceHealth health) {
    List<HealthCheck> checks() {
      return app.spec().healthChecks();
    }
  }

  private record DueProbe(InstanceId instance, List<HealthCheck> checks, int index, long nanos)
      implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }

  private final Supplier<Published> published;
  private final Consumer<Input> sights;
  private final Probes probes;
  private final LoopClock clock;
  private final Map<InstanceId, Subject> subjects = new ConcurrentHashMap<>();
  private final DelayQueue<DueProbe> due = new DelayQueue<>();
  private final Semaphore room = new Semaphore(MAX_PROBES);
  private final StartChecks startChecks;
  private final StatusChecks statusChecks;
  private final CheckBreaker breaker;
  private final Thread thread =
      Thread.ofPlatform().name("health-prober").daemon().unstarted(this::run);
  private volatile BiConsumer<InstanceId, HealthCheck> failures = (instance, check) -> {};
  private long seen = -1;

  public HealthProber(ControlLoop loop, Engine engine, LoopClock clock) {
    this(loop::published, loop::tell, engine, clock);
  }

  HealthProber(
      Supplier<Published> published, Consumer<Input> sights, Engine engine, LoopClock clock) {
    this.published = published;
    this.sights = sights;
    this.probes = new Probes(engine, clock);
    this.clock = clock;
    this.startChecks = new StartChecks(() -> published.get().state(), sights, room);
    var statusRoom = new Semaphore(MAX_STATUS_CHECKS);
    this.statusChecks =
        new StatusChecks(() -> published.get().state(), clock::now, statusRoom, probes);
    this.breaker =
        new CheckBreaker(
            () -> subjects.values().stream().flatMap(HealthProber::patient), clock::now);
  }

  public void start() {
    thread.start();
  }

  /// Whom to tell of every failed probe, instead of whoever was told before.
  public void onFailure(BiConsumer<InstanceId, HealthCheck> listener) {
    failures = listener;
  }

  /// What each check of an instance last said; nothing for instances that are not probed.
  @Override
  public Optional<List<HealthRecord>> of(InstanceId instance) {
    return Optional.ofNullable(subjects.get(instance)).map(subject -> subject.health().checks());
  }

  @Override
  public Optional<ReadinessResult> readiness(InstanceId instance) {
    return startChecks.result(instance);
  }

  @Override
  public Optional<CheckResult> check(InstanceId instance) {
    return statusChecks.result(instance);
  }

  @Override
  public Optional<CheckBreaker.Alarm> alarm() {
    return breaker.alarm();
  }

  /// What the breaker is told of: instances that have been well.
  private static Stream<CheckBreaker.Patient> patient(Subject subject) {
    List<HealthRecord> checks = subject.health().checks();
    boolean wasWell = checks.stream().allMatch(check -> check.firstSuccess().isPresent());
    boolean failing = checks.stream().anyMatch(check -> check.known() && !check.alive());
    return wasWell
        ? Stream.of(new CheckBreaker.Patient(subject.instance().app(), failing))
        : Stream.empty();
  }

  private void run() {
    try {
      while (true) {
        Published now = published.get();
        if (now.sequence() != seen) {
          seen = now.sequence();
          compare(now.state());
          startChecks.compare(now.state());
          statusChecks.compare(now.state());
        }
        DueProbe next = due.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        while (next != null) {
          begin(next);
          next = due.poll();
        }
        breaker.review();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      startChecks.close();
      statusChecks.close();
    }
  }

  private void compare(State state) {
    subjects.keySet().removeIf(id -> state.instance(id).filter(HealthProber::isProbed).isEmpty());
    state
        .formations()
        .forEach(
            (app, formation) -> {
              for (Instance instance : state.instancesOf(app).values()) {
                if (isProbed(instance)) {
                  take(state, instance);
                }
              }
            });
  }

  private static boolean isProbed(Instance instance) {
    return instance.condition() == Condition.RUNNING && instance.startedAt().isPresent();
  }

  private void take(State state, Instance instance) {
    App app = StartChecks.version(state, instance).orElse(null);
    if (app == null) {
      return;
    }
    List<HealthCheck> checks = app.spec().healthChecks();
    Subject known = subjects.get(instance.id());
    if (checks.isEmpty()) {
      subjects.remove(instance.id());
      return;
    }
    if (known != null && known.checks().equals(checks)) {
      return;
    }
    Instant since = instance.startedAt().orElse(clock.now());
    var health = InstanceHealth.recovered(checks.size(), instance.health(), clock.now());
    subjects.put(instance.id(), new Subject(instance, app, since, health));
    for (int i = 0; i < checks.size(); i++) {
      plan(instance.id(), checks, i, first(checks.get(i), since));
    }
  }

  /// What is asked on the node has a delay from the start of its task on.
  private Duration first(HealthCheck check, Instant since) {
    Duration wait = Duration.between(clock.now(), since.plus(check.origin().delay()));
    return check.origin().node() && wait.compareTo(FIRST) > 0 ? wait : FIRST;
  }

  private void plan(InstanceId id, List<HealthCheck> checks, int index, Duration delay) {
    due.add(new DueProbe(id, checks, index, System.nanoTime() + delay.toNanos()));
  }

  private void begin(DueProbe probe) {
    Subject subject = subjects.get(probe.instance());
    if (subject == null || !subject.checks().equals(probe.checks())) {
      return;
    }
    Thread.ofVirtual().name("probe-" + probe.instance()).start(() -> askInTurn(probe));
  }

  private void askInTurn(DueProbe probe) {
    try {
      if (room.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
        ask(probe);
        return;
      }
      LOG.warn("probe.put.off instance={} under-way={}", probe.instance(), MAX_PROBES);
      HealthCheck check = probe.checks().get(probe.index());
      plan(probe.instance(), probe.checks(), probe.index(), check.interval());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(DueProbe probe) {
    HealthCheck check = probe.checks().get(probe.index());
    try {
      Optional<Reach> reach = Reach.of(published.get().state(), probe.instance());
      if (reach.isPresent()) {
        take(probe, check, probes.ask(probe.instance().task(), reach.get(), check));
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException fault) {
      LOG.error("probe.fault instance={}", probe.instance(), fault);
      plan(probe.instance(), probe.checks(), probe.index(), check.interval());
    } finally {
      room.release();
    }
  }

  /// Folds a result in, unless the instance is not probed any more or its checks have changed
  /// meanwhile.
  private void take(DueProbe probe, HealthCheck check, ProbeResult result) {
    HealthVerdict[] verdict = {HealthVerdict.UNCHANGED};
    Subject after =
        subjects.computeIfPresent(
            probe.instance(),
            (id, subject) -> {
              if (!subject.checks().equals(probe.checks())) {
                return subject;
              }
              var change = subject.health().fold(probe.index(), check, subject.since(), result);
              verdict[0] = change.verdict();
              return new Subject(
                  subject.instance(), subject.app(), subject.since(), change.health());
            });
    if (after == null || !after.checks().equals(probe.checks())) {
      return;
    }
    boolean kept = verdict[0] == HealthVerdict.KILL && breaker.alarm().isPresent();
    tell(probe.instance(), kept ? HealthVerdict.BECAME_UNHEALTHY : verdict[0], result);
    if (result instanceof ProbeResult.Failure) {
      failures.accept(probe.instance(), check);
    }
    if (kept || verdict[0] != HealthVerdict.KILL) {
      plan(probe.instance(), probe.checks(), probe.index(), pause(check, after, probe.index()));
    }
  }

  private static Duration pause(HealthCheck check, Subject subject, int index) {
    boolean fresh = subject.health().checks().get(index).firstSuccess().isEmpty();
    return fresh && check.interval().compareTo(EAGER) > 0 ? EAGER : check.interval();
  }

  private void tell(InstanceId instance, HealthVerdict verdict, ProbeResult result) {
    switch (verdict) {
      case UNCHANGED -> {}
      case BECAME_HEALTHY -> sights.accept(new Input.HealthSeen(instance, true));
      case BECAME_UNHEALTHY -> sights.accept(new Input.HealthSeen(instance, false));
      case KILL -> {
        sights.accept(new Input.HealthSeen(instance, false));
        sights.accept(new Input.UnhealthySeen(instance, cause(result)));
      }
    }
  }

  private static String cause(ProbeResult result) {
    return result instanceof ProbeResult.Failure failure ? failure.cause() : "health check failed";
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
