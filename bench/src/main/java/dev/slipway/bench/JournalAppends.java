package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.core.app.PathId;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.SqlJournal;
import dev.slipway.testing.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// Durable appends of one event each by one thread, on SQLite and on PostgreSQL on this machine.
final class JournalAppends implements AssortedBenchmark.Part {
  private static final String PART = "appends";
  private static final Duration APPENDING = Duration.ofSeconds(2);

  /// How many a second, and the 99th percentile of how long one takes.
  private record Pace(double perSecond, double slowMillis) {}

  @Override
  public boolean measure(Workplace workplace, int runs, Consumer<Measurement> found)
      throws IOException, InterruptedException {
    List<Pace> sqlite = new ArrayList<>();
    List<Pace> postgres = new ArrayList<>();
    try (PostgresServer database = Postgres.start()) {
      for (int run = 1; run <= runs; run++) {
        try (var lock = DirectoryLock.acquire(workplace.freshDirectory("journal"));
            var journal = SqlJournal.open(lock)) {
          sqlite.add(pace(journal));
        }
        try (var journal = SqlJournal.open(Postgres.place(database.port(), "run_" + run))) {
          postgres.add(pace(journal));
        }
        workplace.note(
            "bench failover appends: run %d of %d, load %s".formatted(run, runs, Machine.load()));
      }
    }
    tell("sqlite", sqlite, runs, found);
    tell("postgres", postgres, runs, found);
    return true;
  }

  private static void tell(
      String journal, List<Pace> paces, int runs, Consumer<Measurement> found) {
    String command = "./slipway bench failover " + PART + " --runs " + runs;
    found.accept(
        new Measurement(
            FailoverBenchmark.NAME,
            Metric.told("journal_appends_" + journal, "1/s"),
            new Samples(paces.stream().map(Pace::perSecond).toList()),
            command));
    found.accept(
        new Measurement(
            FailoverBenchmark.NAME,
            Metric.told("journal_append_" + journal + "_p99", "ms"),
            new Samples(paces.stream().map(Pace::slowMillis).toList()),
            command));
  }

  private static Pace pace(SqlJournal journal) {
    List<Event> event =
        List.of(
            new Event.InstanceHealthChanged(
                InstanceId.of(PathId.of("/bench"), new UUID(1, 2)), true, Instant.EPOCH));
    journal.recover();
    Epoch epoch = journal.takeLeadership();
    List<Double> times = new ArrayList<>();
    long began = System.nanoTime();
    long last = journal.sequence();
    while (System.nanoTime() - began < APPENDING.toNanos()) {
      long asked = System.nanoTime();
      last = journal.append(event, epoch, last);
      times.add((System.nanoTime() - asked) / 1e6);
    }
    double perSecond = times.size() * 1e9 / (System.nanoTime() - began);
    return new Pace(perSecond, new Samples(times).percentile(0.99));
  }
}
