package dev.slipway.server.probe;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one check of each of many instances, again and again until it is not wanted any more, each
/// on a virtual thread of its own, so that no instance is asked twice at once. Remembers the last
/// results while their instances are of interest.
///
/// @param <C> the check
/// @param <R> what it says
final class SerialChecks<C, R> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SerialChecks.class);

  /// What to ask of an instance, and when.
  record Plan<C>(Instance instance, C check, Duration first, Duration interval) {}

  /// Asks once; nothing when nothing can be said.
  @FunctionalInterface
  interface Question<C, R> {
    Optional<R> ask(Instance instance, C check) throws InterruptedException;
  }

  private record Said<C, R>(C check, R result) {}

  private record Asked<C>(C check, Thread thread) {}

  private final String name;
  private final Semaphore room;
  private final Question<C, R> question;
  private final Map<InstanceId, Asked<C>> asked = new ConcurrentHashMap<>();
  private final Map<InstanceId, Said<C, R>> results = new ConcurrentHashMap<>();

  /// @param room for how many checks of all kinds go on at once
  SerialChecks(String name, Semaphore room, Question<C, R> question) {
    this.name = name;
    this.room = room;
    this.question = question;
  }

  Optional<R> result(InstanceId instance) {
    return Optional.ofNullable(results.get(instance)).map(Said::result);
  }

  /// Asks those of whom `wanted` says so, and nobody else; called by one thread.
  ///
  /// @param kept whether what an instance last said to a check is still of interest while it is not
  ///     asked; what it said to another check than it is asked now is not
  void compare(State state, List<Plan<C>> wanted, BiPredicate<InstanceId, C> kept) {
    Map<InstanceId, C> checks = new HashMap<>();
    wanted.forEach(plan -> checks.put(plan.instance().id(), plan.check()));
    asked
        .entrySet()
        .removeIf(
            entry -> {
              boolean goesOn = entry.getValue().check().equals(checks.get(entry.getKey()));
              if (!goesOn) {
                entry.getValue().thread().interrupt();
              }
              return !goesOn;
            });
    results
        .entrySet()
        .removeIf(
            entry -> {
              InstanceId id = entry.getKey();
              C check = entry.getValue().check();
              boolean same = check.equals(checks.getOrDefault(id, check));
              return !same || state.instance(id).isEmpty() || !kept.test(id, check);
            });
    wanted.forEach(plan -> asked.computeIfAbsent(plan.instance().id(), id -> start(plan)));
  }

  private Asked<C> start(Plan<C> plan) {
    Thread thread =
        Thread.ofVirtual()
            .name(name + "-" + plan.instance().id())
            .start(() -> askOnAndOn(plan.instance(), plan));
    return new Asked<>(plan.check(), thread);
  }

  private void askOnAndOn(Instance instance, Plan<C> plan) {
    try {
      Thread.sleep(plan.first());
      // Ends when it is interrupted, since nobody wants to know any more.
      while (true) {
        askOnce(instance, plan);
        Thread.sleep(plan.interval());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void askOnce(Instance instance, Plan<C> plan) throws InterruptedException {
    if (!room.tryAcquire(HealthProber.TURN.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("probe.put.off instance={} kind={}", instance.id(), name);
      return;
    }
    try {
      remember(instance.id(), plan.check(), question.ask(instance, plan.check()));
    } catch (RuntimeException fault) {
      LOG.error("probe.fault instance={}", instance.id(), fault);
    } finally {
      room.release();
    }
  }

  /// Unless the instance is not asked any more, or something else: what it said to an older
  /// question is of no interest.
  private void remember(InstanceId instance, C check, Optional<R> result) {
    asked.computeIfPresent(
        instance,
        (id, current) -> {
          if (current.thread().equals(Thread.currentThread())) {
            result.ifPresentOrElse(
                said -> results.put(id, new Said<>(check, said)), () -> results.remove(id));
          }
          return current;
        });
  }

  @Override
  public void close() {
    asked.values().forEach(one -> one.thread().interrupt());
    asked.clear();
  }
}
