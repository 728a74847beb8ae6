package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.cli.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/// What `/v2` does with many apps and instances: a real server in a process of its own, with an
/// engine whose nodes and tasks are simulated, so that it is the platform that is measured.
final class ApiBenchmarks {
  private static final int NODES = 1_000;
  private static final int FEW_APPS = 1_000;
  private static final int MANY_APPS = 10_000;
  private static final int INSTANCES_AN_APP = 10;
  private static final int APPS_A_GROUP = 500;
  private static final int REQUESTS_BEFORE = 20;
  private static final int REQUESTS = 200;
  private static final int DEPLOYMENTS = 1_000;
  private static final int CLIENTS = 64;
  private static final int INSTANCES = 50_000;
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final double MEGABYTE = 1e6;

  private ApiBenchmarks() {}

  static Benchmark create() {
    return new PartedBenchmark(
        "api",
        "reads and deployments of thousands of apps and instances, on simulated nodes",
        List.of(
            new PartedBenchmark.Part(
                "apps-1000",
                List.of(
                    Metric.atMost(50, "get_v2_apps_1000_p99", "ms"),
                    Metric.told("get_v2_groups_1000_p99", "ms"),
                    Metric.told("memory_1000_apps", "MB")),
                workplace -> reads(workplace, FEW_APPS)),
            new PartedBenchmark.Part(
                "apps-10000",
                List.of(
                    Metric.atMost(300, "get_v2_apps_10000_p99", "ms"),
                    Metric.told("get_v2_groups_10000_p99", "ms"),
                    Metric.atMost(1_000, "memory_10000_apps_100000_instances", "MB")),
                workplace -> reads(workplace, MANY_APPS)),
            new PartedBenchmark.Part(
                "deployments",
                List.of(
                    Metric.told("deployments_1000_all_done", "ms"),
                    Metric.told("post_v2_apps_p99", "ms"),
                    Metric.atMost(0, "deployments_1000_refused", "deployments")),
                ApiBenchmarks::deployments),
            new PartedBenchmark.Part(
                "scale",
                List.of(
                    Metric.told("scale_to_50000_running", "ms"),
                    Metric.atMost(0, "scale_to_50000_overshoot", "tasks"),
                    Metric.told("memory_50000_instances", "MB")),
                ApiBenchmarks::scale)));
  }

  private static List<Double> reads(Workplace workplace, int apps)
      throws IOException, InterruptedException {
    try (ServerProcess server = workplace.simulated(NODES)) {
      server.start();
      for (int first = 0; first < apps; first += APPS_A_GROUP) {
        server.post("/v2/groups", group(first));
        awaitQuiet(server);
      }
      expectTasks(server, apps * INSTANCES_AN_APP);
      double list = slowest(server, "/v2/apps");
      double tree = slowest(server, "/v2/groups");
      return List.of(list, tree, server.residentBytes() / MEGABYTE);
    }
  }

  private static Json group(int first) {
    List<Json> apps =
        IntStream.range(first, first + APPS_A_GROUP)
            .mapToObj(i -> app("app-" + i, INSTANCES_AN_APP))
            .toList();
    return Json.object(Map.of("id", "/group-" + first, "apps", apps));
  }

  private static Json app(String id, int instances) {
    return Json.object(
        Map.of(
            "id",
            id,
            "cmd",
            "sleep 3600",
            "instances",
            instances,
            "cpus",
            0.1,
            "mem",
            16,
            "labels",
            Json.object(Map.of("team", "a", "tier", "web"))));
  }

  /// The 99th percentile of reading a path again and again, in milliseconds.
  private static double slowest(ServerProcess server, String path) throws InterruptedException {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < REQUESTS_BEFORE + REQUESTS; i++) {
      long began = System.nanoTime();
      server.fetch(path);
      if (i >= REQUESTS_BEFORE) {
        times.add(since(began));
      }
    }
    return new Samples(times).percentile(0.99);
  }

  private static List<Double> deployments(Workplace workplace)
      throws IOException, InterruptedException {
    try (ServerProcess server = workplace.simulated(NODES);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      server.start();
      var clients = new Semaphore(CLIENTS);
      List<Future<Double>> posts = new ArrayList<>();
      long began = System.nanoTime();
      for (int i = 0; i < DEPLOYMENTS; i++) {
        Json app = app("/single-" + i, 1);
        posts.add(
            threads.submit(
                () -> {
                  clients.acquire();
                  try {
                    long asked = System.nanoTime();
                    server.post("/v2/apps", app);
                    return since(asked);
                  } finally {
                    clients.release();
                  }
                }));
      }
      List<Double> times = new ArrayList<>();
      int refused = 0;
      for (Future<Double> post : posts) {
        try {
          times.add(post.get());
        } catch (ExecutionException failure) {
          refused++;
        }
      }
      awaitQuiet(server);
      double done = since(began);
      expectTasks(server, DEPLOYMENTS - refused);
      return List.of(done, new Samples(times).percentile(0.99), (double) refused);
    }
  }

  private static List<Double> scale(Workplace workplace) throws IOException, InterruptedException {
    try (ServerProcess server = workplace.simulated(NODES)) {
      server.start();
      long began = System.nanoTime();
      server.post("/v2/apps", app("/large", 1));
      server.put("/v2/apps/large?force=true", Json.object(Map.of("instances", INSTANCES)));
      awaitQuiet(server);
      double taken = since(began);
      SimulatedServer.Counts counts = expectTasks(server, INSTANCES);
      return List.of(taken, (double) counts.most() - INSTANCES, server.residentBytes() / MEGABYTE);
    }
  }

  private static void awaitQuiet(ServerProcess server) throws InterruptedException {
    Wait.until(
        "no deployment goes on", DEADLINE, () -> server.get("/v2/deployments").items().isEmpty());
  }

  private static SimulatedServer.Counts expectTasks(ServerProcess server, int tasks)
      throws InterruptedException {
    SimulatedServer.Counts counts = server.counts();
    if (counts.living() != tasks) {
      throw new IllegalStateException("of " + tasks + " tasks " + counts.living() + " live");
    }
    return counts;
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e6;
  }
}
