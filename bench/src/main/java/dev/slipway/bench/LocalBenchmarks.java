package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.cli.Json;
import dev.slipway.core.app.PathId;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.SqlJournal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// What one machine does: starts, launches, restarts, idles, answers and records. Every run has a
/// server of its own on an empty directory, started as `./slipway` starts it.
final class LocalBenchmarks {
  private static final int TASKS = 100;
  private static final int APPS = 1_000;
  private static final int REQUESTS_BEFORE = 100;
  private static final int REQUESTS = 500;
  private static final int EVENTS_A_BATCH = 100;
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration APPENDING = Duration.ofSeconds(2);
  private static final double MEGABYTE = 1e6;

  private LocalBenchmarks() {}

  static Benchmark create() {
    return new PartedBenchmark(
        "local",
        "starts, launches, restarts, memory, answers and the journal on this machine",
        List.of(
            new PartedBenchmark.Part(
                "start",
                List.of(Metric.atMost(1500, "cold_start", "ms")),
                workplace -> List.of(coldStart(workplace, false))),
            new PartedBenchmark.Part(
                "start-cached",
                List.of(Metric.atMost(800, "cold_start_aot", "ms")),
                workplace -> List.of(coldStart(workplace, true))),
            new PartedBenchmark.Part(
                "cli",
                List.of(
                    Metric.atMost(150, "cli_first_output", "ms"),
                    Metric.told("cli_apps_first_output", "ms")),
                LocalBenchmarks::firstOutput),
            new PartedBenchmark.Part(
                "launch",
                List.of(Metric.atMost(3000, "launch_100", "ms")),
                LocalBenchmarks::launch),
            new PartedBenchmark.Part(
                "restart",
                List.of(
                    Metric.told("restart_100_first_answer", "ms"),
                    Metric.told("restart_100_adopted", "ms"),
                    Metric.atMost(0, "restart_task_restarts", "tasks")),
                LocalBenchmarks::restart),
            new PartedBenchmark.Part(
                "idle",
                List.of(
                    Metric.atMost(200, "memory_idle", "MB"),
                    Metric.atMost(1, "cpu_idle", "% of a core")),
                LocalBenchmarks::idle),
            new PartedBenchmark.Part(
                "apps",
                List.of(Metric.atMost(50, "get_apps_1000_p99", "ms")),
                LocalBenchmarks::apps),
            new PartedBenchmark.Part(
                "journal",
                List.of(
                    Metric.told("journal_appends", "1/s"),
                    Metric.told("journal_events_batched", "1/s")),
                LocalBenchmarks::appends)));
  }

  private static double coldStart(Workplace workplace, boolean cached)
      throws IOException, InterruptedException {
    try (ServerProcess server = workplace.server(cached)) {
      return milliseconds(server.start());
    }
  }

  /// The time to the first byte of `slipway version` and of `slipway apps`, which asks a server.
  private static List<Double> firstOutput(Workplace workplace)
      throws IOException, InterruptedException {
    double version = firstOutput(workplace, List.of("version"));
    try (ServerProcess server = workplace.server(true)) {
      server.start();
      createApps(server, 1);
      // A server that has just started still compiles its own code.
      Thread.sleep(SETTLING);
      String url = server.uri().toString();
      return List.of(version, firstOutput(workplace, List.of("apps", "--url", url)));
    }
  }

  private static double firstOutput(Workplace workplace, List<String> words)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process process =
        workplace
            .installation()
            .command(words)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int first = process.getInputStream().read();
      double taken = since(began);
      boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      if (first < 0 || !ended || process.exitValue() != 0) {
        throw new IllegalStateException("slipway " + String.join(" ", words) + " failed");
      }
      return taken;
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<Double> launch(Workplace workplace) throws IOException, InterruptedException {
    try (ServerProcess server = workplace.server(true)) {
      server.start();
      return List.of(launchTasks(server));
    }
  }

  /// The time from the POST of an app of 100 `sleep` until the API says that all run.
  private static double launchTasks(ServerProcess server) throws InterruptedException {
    Json app =
        Json.object(Map.of("id", "/sleepers", "instances", TASKS))
            .with("args", List.of("sleep", "3600"))
            .with("cpus", 0.001)
            .with("mem", 16)
            .with("disk", 1);
    long began = System.nanoTime();
    server.post("/v2/apps", app);
    awaitTasks(server);
    double taken = since(began);
    int processes = TaskProcesses.below(server.data()).size();
    if (processes != TASKS) {
      throw new IllegalStateException("of " + TASKS + " tasks " + processes + " run");
    }
    return taken;
  }

  private static void awaitTasks(ServerProcess server) throws InterruptedException {
    Wait.until(
        TASKS + " tasks run",
        DEADLINE,
        () -> server.get("/v2/apps/sleepers").at("app").at("tasksRunning").whole() == TASKS);
  }

  /// `kill -9` with all tasks running, a new start, and who runs then.
  private static List<Double> restart(Workplace workplace)
      throws IOException, InterruptedException {
    try (ServerProcess server = workplace.server(true)) {
      server.start();
      launchTasks(server);
      var before = TaskProcesses.below(server.data());
      server.killHard();
      long began = System.nanoTime();
      Duration answered = server.start();
      awaitTasks(server);
      double adopted = since(began);
      Wait.until(
          "the new server measures all tasks",
          DEADLINE,
          () ->
              server.get("/api/v1/tasks").at("tasks").items().stream()
                      .filter(task -> task.has("usage"))
                      .count()
                  == TASKS);
      var after = TaskProcesses.below(server.data());
      long restarts =
          before.entrySet().stream()
              .filter(task -> !task.getValue().equals(after.get(task.getKey())))
              .count();
      return List.of(milliseconds(answered), adopted, (double) restarts);
    }
  }

  /// Memory and processor time of a server that has answered a few requests and has nothing to do.
  /// No collection is forced: it is the memory that an operator sees.
  private static List<Double> idle(Workplace workplace) throws IOException, InterruptedException {
    try (ServerProcess server = workplace.server(true)) {
      server.start();
      createApps(server, 10);
      for (int i = 0; i < 20; i++) {
        server.get("/v2/apps");
        server.get("/api/v1/nodes");
      }
      Thread.sleep(SETTLING);
      Duration before = server.processorTime();
      Thread.sleep(IDLE);
      Duration used = server.processorTime().minus(before);
      return List.of(server.residentBytes() / MEGABYTE, used.toNanos() * 100.0 / IDLE.toNanos());
    }
  }

  private static List<Double> apps(Workplace workplace) throws IOException, InterruptedException {
    try (ServerProcess server = workplace.server(true)) {
      server.start();
      createApps(server, APPS);
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < REQUESTS_BEFORE + REQUESTS; i++) {
        long began = System.nanoTime();
        Json answer = server.get("/v2/apps");
        // Reading the answer belongs to the client, but is a fair part of what it waits for.
        if (i >= REQUESTS_BEFORE) {
          times.add(since(began));
        }
        if (answer.at("apps").items().size() != APPS) {
          throw new IllegalStateException("not all apps are listed");
        }
      }
      return List.of(new Samples(times).percentile(0.99));
    }
  }

  /// Apps without instances, in one group; returns once their deployment is over.
  private static void createApps(ServerProcess server, int count) throws InterruptedException {
    List<Json> apps =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    Json.object(
                        Map.of("id", "app-" + i, "cmd", "sleep 3600", "instances", 0, "mem", 16)))
            .toList();
    server.post("/v2/groups", Json.object(Map.of("id", "/idle", "apps", apps)));
    Wait.until(
        "the apps are deployed", DEADLINE, () -> server.get("/v2/deployments").items().isEmpty());
  }

  /// Durable appends of one event each, and events appended a hundred at a time.
  private static List<Double> appends(Workplace workplace) throws IOException {
    var event =
        new Event.InstanceHealthChanged(
            InstanceId.of(PathId.of("/bench"), new UUID(1, 2)), true, Instant.EPOCH);
    try (var lock = DirectoryLock.acquire(workplace.freshDirectory("journal"));
        var journal = SqlJournal.open(lock)) {
      journal.recover();
      Epoch epoch = journal.takeLeadership();
      double single = appendsPerSecond(journal, List.of(event), epoch);
      List<Event> batch = Collections.nCopies(EVENTS_A_BATCH, event);
      return List.of(single, appendsPerSecond(journal, batch, epoch) * EVENTS_A_BATCH);
    }
  }

  private static double appendsPerSecond(SqlJournal journal, List<Event> batch, Epoch epoch) {
    long began = System.nanoTime();
    long last = journal.sequence();
    long count = 0;
    while (System.nanoTime() - began < APPENDING.toNanos()) {
      last = journal.append(batch, epoch, last);
      count++;
    }
    return count * 1e9 / (System.nanoTime() - began);
  }

  private static double since(long began) {
    return milliseconds(Duration.ofNanos(System.nanoTime() - began));
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
