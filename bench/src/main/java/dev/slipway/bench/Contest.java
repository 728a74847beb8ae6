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

  /// How long is measured.
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
  /// @return decisions a second of our first policy
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
    OptionalDouble reached =
        entries.stream().filter(Entry::ours).mapToDouble(Entry::rate).findFirst();
    for (Entry entry : entries) {
      measurements(entry, reached, command).forEach(found);
    }
    return reached;
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
        "%s %s: %,.0f decisions/s, p99 %,.1f us%s%s, load %s"
            .formatted(
                workload.name(),
                entry.policy(),
                entry.rate(),
                last.slow(),
                part,
                wrong,
                Machine.load()));
  }

  private List<Measurement> measurements(Entry entry, OptionalDouble reached, String command) {
    List<Measurement> all = new ArrayList<>();
    boolean isOurs = entry.ours();
    Optional<String> who = isOurs ? Optional.empty() : Optional.of(entry.policy());
    OptionalDouble ratio =
        isOurs || reached.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(reached.getAsDouble() / entry.rate());
    all.add(
        new Measurement(
            "placement",
            rate(isOurs),
            entry.samples(Trial.Result::perSecond),
            command,
            who,
            ratio));
    Adding add =
        (metric, value) ->
            all.add(
                new Measurement(
                    "placement",
                    metric,
                    entry.samples(value),
                    command,
                    who,
                    OptionalDouble.empty()));
    add.accept(Metric.told(name("p50"), "us"), Trial.Result::median);
    add.accept(
        barred(isOurs && workload.batch() == 1, SLOW_MICROSECONDS, "p99", "us"),
        Trial.Result::slow);
    add.accept(barred(isOurs, GARBAGE_BYTES, "garbage", "B"), Trial.Result::garbage);
    add.accept(
        barred(isOurs, 0, "violations", "decisions"),
        each -> each.violations().values().stream().mapToInt(Integer::intValue).sum());
    add.accept(Metric.told(name("missed"), "tasks"), Trial.Result::missed);
    add.accept(Metric.told(name("unplaced"), "tasks"), Trial.Result::unplaced);
    add.accept(Metric.told(name("hosts_used"), "hosts"), Trial.Result::hostsUsed);
    add.accept(Metric.told(name("measured"), "tasks"), Trial.Result::measured);
    if (ratio.isPresent() && entry.policy().startsWith(FENZO)) {
      all.add(
          new Measurement(
              "placement",
              Metric.atLeast(TIMES_FENZO, name("times_" + entry.policy()), "x"),
              Samples.of(ratio.getAsDouble()),
              command));
    }
    return all;
  }

  /// Adds a figure of one entry.
  private interface Adding {
    void accept(Metric metric, ToDoubleFunction<Trial.Result> value);
  }

  private Metric rate(boolean isOurs) {
    boolean isBar = isOurs && workload.hosts() == BAR_HOSTS;
    if (isBar && workload.batch() == 1) {
      return Metric.atLeast(ONE_BY_ONE, name("decisions"), "1/s");
    }
    if (isBar && workload.batch() == Workload.ALL && workload.mix().equals(Mix.EQUAL)) {
      return Metric.atLeast(ONE_BATCH, name("decisions"), "1/s");
    }
    return Metric.told(name("decisions"), "1/s");
  }

  private Metric barred(boolean isBar, double bar, String name, String unit) {
    return isBar ? Metric.atMost(bar, name(name), unit) : Metric.told(name(name), unit);
  }

  private String name(String metric) {
    return workload.name() + "." + metric;
  }
}
