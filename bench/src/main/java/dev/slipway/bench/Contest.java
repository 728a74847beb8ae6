package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.scheduling.Cell;
import dev.slipway.bench.scheduling.Mix;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Trial;
import dev.slipway.bench.scheduling.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// Several policies on one workload, run after run in turn, so that a busy moment of the machine
/// hits all of them.
final class Contest {
  private static final double ONE_BY_ONE = 100_000;
  private static final double ONE_BATCH = 1_000_000;
  private static final double TIMES_FENZO = 20;
  private static final double SLOW_MICROSECONDS = 1_000;
  private static final double GARBAGE_BYTES = 200;
  private static final int BAR_HOSTS = 5_000;
  private static final String FENZO = "fenzo";

  /// How long is measured, in processor time.
  ///
  /// @param warmUp before the first run of each policy
  /// @param budget for the decisions of one run
  record Pace(Duration warmUp, Duration budget) {}

  /// What a policy reached.
  private record Entry(String policy, boolean ours, List<Trial.Result> results) {
    Samples samples(ToDoubleFunction<Trial.Result> value) {
      return new Samples(results.stream().mapToDouble(value).boxed().toList());
    }

    double rate() {
      return samples(Trial.Result::perSecond).median();
    }

    double perCore() {
      return samples(Trial.Result::perCore).median();
    }
  }

  private final Workload workload;
  private final List<Supplier<Policy>> ours;
  private final List<Supplier<Policy>> peers;
  private final Pace pace;

  /// @param ours Slipway's own, whose first one the peers are compared with
  Contest(Workload workload, List<Supplier<Policy>> ours, List<Supplier<Policy>> peers, Pace pace) {
    this.workload = workload;
    this.ours = List.copyOf(ours);
    this.peers = List.copyOf(peers);
    this.pace = pace;
  }

  /// Measures all of them.
  ///
  /// @param command what measures it again
  /// @param note told what goes on
  /// @return decisions of our first policy in a second of processor time
  OptionalDouble run(int runs, String command, Consumer<String> note, Consumer<Measurement> found) {
    Cell cell = workload.generate();
    List<Trial> trials = new ArrayList<>();
    ours.forEach(each -> trials.add(new Trial(each.get(), cell, pace.budget())));
    peers.forEach(each -> trials.add(new Trial(each.get(), cell, pace.budget())));
    List<Entry> entries = new ArrayList<>();
    try {
      for (Trial trial : trials) {
        boolean isOurs = entries.isEmpty() && !ours.isEmpty();
        entries.add(new Entry(trial.policy().name(), isOurs, new ArrayList<>()));
        trial.warmUp(pace.warmUp());
      }
      for (int run = 0; run < runs; run++) {
        for (int i = 0; i < trials.size(); i++) {
          entries.get(i).results().add(trials.get(i).run());
        }
      }
    } finally {
      trials.forEach(Contest::close);
    }
    entries.forEach(entry -> tell(entry, note));
    Optional<Entry> first = entries.stream().filter(Entry::ours).findFirst();
    for (Entry entry : entries) {
      measurements(entry, first, command).forEach(found);
    }
    return first.map(Entry::perCore).map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  private static void close(Trial trial) {
    if (trial.policy() instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  private void tell(Entry entry, Consumer<String> note) {
    Trial.Result last = entry.results().getLast();
    String part =
        last.measured() < last.total()
            ? ", measured on the first %d of %d tasks".formatted(last.measured(), last.total())
            : "";
    String wrong = last.violations().isEmpty() ? "" : ", violations " + last.violations();
    note.accept(
        "%s %s: %,.0f decisions/s, %,.0f a core, p99 %,.1f us%s%s, load %s"
            .formatted(
                workload.name(),
                entry.policy(),
                entry.rate(),
                entry.perCore(),
                last.slow(),
                part,
                wrong,
                Machine.load()));
  }

  /// What is told of one entry. A ratio says how many times as fast ours is: by the clock, and by
  /// processor time, which a busy machine and the threads of a peer do not change.
  private List<Measurement> measurements(Entry entry, Optional<Entry> first, String command) {
    boolean isOurs = entry.ours();
    Optional<Entry> reference = isOurs ? Optional.empty() : first;
    List<Measurement> all = new ArrayList<>();
    Adding add = adding(entry, command, all);
    OptionalDouble byClock = ratio(reference, entry, Entry::rate);
    OptionalDouble byCore = ratio(reference, entry, Entry::perCore);
    add.accept(Metric.told(name("decisions"), "1/s"), Trial.Result::perSecond, byClock);
    add.accept(rate(isOurs), Trial.Result::perCore, byCore);
    add.accept(Metric.told(name("p50"), "us"), Trial.Result::median);
    add.accept(
        barred(isOurs && workload.batch() == 1, SLOW_MICROSECONDS, "p99", "us"),
        Trial.Result::slow);
    add.accept(barred(isOurs, GARBAGE_BYTES, "garbage", "B"), Trial.Result::garbage);
    add.accept(
        barred(isOurs, 0, "violations", "decisions"),
        each -> each.violations().values().stream().mapToInt(Integer::intValue).sum());
    add.accept(Metric.told(name("unplaced"), "tasks"), Trial.Result::unplaced);
    add.accept(Metric.told(name("hosts_used"), "hosts"), Trial.Result::hostsUsed);
    if (entry.results().stream().anyMatch(each -> each.missed() > 0)) {
      add.accept(Metric.told(name("missed"), "tasks"), Trial.Result::missed);
    }
    if (entry.results().stream().anyMatch(each -> each.measured() < each.total())) {
      add.accept(Metric.told(name("measured"), "tasks"), Trial.Result::measured);
    }
    if (byClock.isPresent() && entry.policy().startsWith(FENZO)) {
      double least = Math.min(byClock.getAsDouble(), byCore.orElseThrow());
      Metric metric = Metric.atLeast(TIMES_FENZO, name("times_" + entry.policy()), "x");
      all.add(new Measurement("placement", metric, Samples.of(least), command));
    }
    return all;
  }

  /// Adds figures of one entry.
  private interface Adding {
    void accept(Metric metric, ToDoubleFunction<Trial.Result> value, OptionalDouble ratio);

    default void accept(Metric metric, ToDoubleFunction<Trial.Result> value) {
      accept(metric, value, OptionalDouble.empty());
    }
  }

  private static Adding adding(Entry entry, String command, List<Measurement> all) {
    Optional<String> who = entry.ours() ? Optional.empty() : Optional.of(entry.policy());
    return (metric, value, ratio) ->
        all.add(new Measurement("placement", metric, entry.samples(value), command, who, ratio));
  }

  private static OptionalDouble ratio(
      Optional<Entry> reference, Entry entry, ToDoubleFunction<Entry> value) {
    return reference
        .map(each -> OptionalDouble.of(value.applyAsDouble(each) / value.applyAsDouble(entry)))
        .orElse(OptionalDouble.empty());
  }

  /// The bars are for one core, so that they are held by processor time.
  private Metric rate(boolean isOurs) {
    String rate = name("decisions_a_core");
    boolean isBar = isOurs && workload.hosts() == BAR_HOSTS;
    if (isBar && workload.batch() == 1) {
      return Metric.atLeast(ONE_BY_ONE, rate, "1/s");
    }
    if (isBar && workload.batch() == Workload.ALL && workload.mix().equals(Mix.EQUAL)) {
      return Metric.atLeast(ONE_BATCH, rate, "1/s");
    }
    return Metric.told(rate, "1/s");
  }

  private Metric barred(boolean isBar, double bar, String name, String unit) {
    return isBar ? Metric.atMost(bar, name(name), unit) : Metric.told(name(name), unit);
  }

  private String name(String metric) {
    return workload.name() + "." + metric;
  }
}
