package dev.slipway.core.scenario;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// Simulations with one seed after another, two at a time. The first that fails is made as small as
/// is cheap, and told with the one line that replays it.
final class Seeds {
  private static final int THREADS = 2;

  private Seeds() {}

  static void all(long count, World.Deciding deciding) {
    firstBroken(count, deciding)
        .ifPresent(
            seed -> {
              var settings = smallest(seed, deciding);
              var failure = failure(seed, settings, deciding).orElseThrow();
              throw new AssertionError(line(seed, settings), failure);
            });
  }

  /// The lowest seed that fails.
  static Optional<Long> firstBroken(long count, World.Deciding deciding) {
    var next = new AtomicLong();
    var first = new AtomicLong(Long.MAX_VALUE);
    Callable<Void> worker =
        () -> {
          for (long seed = next.getAndIncrement();
              seed < Math.min(count, first.get());
              seed = next.getAndIncrement()) {
            if (failure(seed, Simulation.Settings.ALL, deciding).isPresent()) {
              first.accumulateAndGet(seed, Math::min);
            }
          }
          return null;
        };
    try (var pool = Executors.newFixedThreadPool(THREADS)) {
      List<Future<Void>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        workers.add(pool.submit(worker));
      }
      for (Future<Void> each : workers) {
        each.get();
      }
    } catch (ExecutionException broken) {
      throw new IllegalStateException(broken);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stop);
    }
    return Optional.of(first.get()).filter(seed -> seed < count);
  }

  /// How a run fails, if it does; exceptions of the core are failures as well.
  static Optional<Throwable> failure(
      long seed, Simulation.Settings settings, World.Deciding deciding) {
    var simulation = new Simulation(seed, settings, deciding);
    try {
      simulation.run();
      return Optional.empty();
    } catch (AssertionError | RuntimeException broken) {
      return Optional.of(
          new AssertionError(
              "seed %d, step %d: %s"
                  .formatted(seed, simulation.world().timeline().steps(), broken.getMessage()),
              broken));
    }
  }

  /// Leaves out kinds of faults and then turns, as long as it still fails.
  private static Simulation.Settings smallest(long seed, World.Deciding deciding) {
    var settings = Simulation.Settings.ALL;
    Set<Fault> without = EnumSet.noneOf(Fault.class);
    for (Fault fault : Fault.values()) {
      without.add(fault);
      var smaller = new Simulation.Settings(Simulation.TURNS, without);
      if (failure(seed, smaller, deciding).isPresent()) {
        settings = smaller;
      } else {
        without.remove(fault);
      }
    }
    int turns = 1;
    while (turns < Simulation.TURNS
        && failure(seed, new Simulation.Settings(turns, without), deciding).isEmpty()) {
      turns++;
    }
    return turns < Simulation.TURNS ? new Simulation.Settings(turns, without) : settings;
  }

  private static String line(long seed, Simulation.Settings settings) {
    String without = settings.without().stream().map(Fault::name).collect(Collectors.joining(","));
    return "replay: ./mvnw -pl core test -Dtest=SimulationTest -Dslipway.seed=%d".formatted(seed)
        + (settings.turns() < Simulation.TURNS ? " -Dslipway.turns=" + settings.turns() : "")
        + (without.isEmpty() ? "" : " -Dslipway.without=" + without);
  }
}
