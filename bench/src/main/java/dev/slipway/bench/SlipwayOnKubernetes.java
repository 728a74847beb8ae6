package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.kubernetes.Binding;
import dev.slipway.bench.kubernetes.FreshCluster;
import dev.slipway.bench.kubernetes.Launching;
import dev.slipway.bench.kubernetes.PodSightings;
import dev.slipway.bench.kubernetes.PodTemplate;
import dev.slipway.bench.kubernetes.Sightings;
import dev.slipway.bench.kubernetes.Stage;
import dev.slipway.bench.kubernetes.StageTimes;
import dev.slipway.cli.Json;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Slipway as a contestant: a server in a process of its own, started as `./slipway` starts it, and
/// asked by `POST /v2/apps`.
record SlipwayOnKubernetes(Workplace workplace, String image) {
  private static final String APP = "sleepers";

  /// What is asked for before, so that the JVM has compiled what it needs.
  private static final List<String> EARLIER_APPS = List.of("first", "second", "third", "fourth");
  private static final String PROBE = "probe";
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /// From the request until the API says that all instances run.
  StageTimes launch(Launching launching, KubernetesClient client, String namespace)
      throws IOException, InterruptedException {
    int instances = launching.pods();
    try (ServerProcess server = workplace.onKubernetes(launching.kubeconfig(), namespace);
        Sightings sightings = Sightings.open(client, namespace, APP)) {
      server.start();
      awaitNodes(server, client.nodes().list().getItems().size());
      placeOne(server);
      var times = new StageTimes();
      server.post("/v2/apps", app(APP, instances));
      times.reached(Stage.ACCEPTED);
      launching.awaitReported(() -> running(server, APP) == instances);
      times.reached(Stage.REPORTED);
      times.reachedAt(Stage.DECIDED, server.logged("instance.placed instance=" + APP + "."));
      sightings.into(times);
      List<Pod> pods =
          client.pods().inNamespace(namespace).list().getItems().stream()
              .filter(pod -> pod.getMetadata().getName().startsWith(APP))
              .toList();
      times.read(pods);
      launching.pattern().seen(pods.getFirst());
      return times;
    }
  }

  /// As the others' scheduler, it has placed a pod before the clock starts, which is ended again.
  private void placeOne(ServerProcess server) throws InterruptedException {
    server.post("/v2/apps", app(PROBE, 1));
    awaitRunning(server, PROBE, 1);
    server.delete("/v2/apps/" + PROBE + "?force=true");
    Wait.until(
        "the first app is gone",
        DEADLINE,
        () -> server.get("/v2/tasks").at("tasks").items().isEmpty());
  }

  private static void awaitRunning(ServerProcess server, String app, int instances)
      throws InterruptedException {
    Wait.until(
        instances + " instances of " + app + " run",
        DEADLINE,
        () -> running(server, app) == instances);
  }

  /// Without the tasks themselves: thousands of them, asked for ten times a second, are work that
  /// nobody asks of those beside it.
  private static long running(ServerProcess server, String app) throws InterruptedException {
    return server.get("/v2/apps?embed=apps.counts").at("apps").items().stream()
        .filter(each -> each.at("id").text().equals("/" + app))
        .mapToLong(each -> each.at("tasksRunning").whole())
        .sum();
  }

  /// Pods that got a node in a second, from the request on: decided, recorded and created.
  Map<Metric, Double> bind(Binding binding) throws IOException, InterruptedException {
    return binding.run(
        (_, plane, client) -> {
          try (ServerProcess server =
              workplace.onKubernetes(plane.kubeconfig(), FreshCluster.NAMESPACE)) {
            server.start();
            awaitNodes(server, binding.cluster().nodes());
            List<Double> earlier = new ArrayList<>();
            for (String app : EARLIER_APPS) {
              earlier.add(rate(server, client, app, binding.cluster().pods()));
            }
            Duration ours = server.processorTime();
            Duration api = plane.processorTime();
            double rate = rate(server, client, APP, binding.cluster().pods());
            var bound =
                new Binding.Rate(
                    rate,
                    server.processorTime().minus(ours),
                    plane.processorTime().minus(api),
                    binding.cluster().pods());
            binding.cluster().pattern().seen(anyPod(client));
            Map<Metric, Double> figures = KubernetesBinding.figures(bound);
            figures.put(KubernetesBinding.FIRST, earlier.getFirst());
            return figures;
          }
        });
  }

  private static Pod anyPod(KubernetesClient client) {
    ListOptions one = new ListOptionsBuilder().withLimit(1L).build();
    return client.pods().inNamespace(FreshCluster.NAMESPACE).list(one).getItems().getFirst();
  }

  private double rate(ServerProcess server, KubernetesClient client, String app, int pods)
      throws InterruptedException {
    try (var bound =
        PodSightings.open(client, FreshCluster.NAMESPACE, PodSightings.BOUND, app + "-")) {
      long began = System.nanoTime();
      server.post("/v2/apps", app(app, pods));
      Binding.await(pods, bound, () -> {});
      return Binding.perSecond(bound.all(), began);
    }
  }

  private static void awaitNodes(ServerProcess server, int nodes) throws InterruptedException {
    Wait.until(
        nodes + " nodes are seen",
        DEADLINE,
        () -> server.get("/api/v1/nodes").at("nodes").items().size() >= nodes);
  }

  private Json app(String id, int instances) {
    return Json.object(Map.of("id", "/" + id, "cmd", PodTemplate.COMMAND, "instances", instances))
        .with("cpus", PodTemplate.CPUS)
        .with("mem", PodTemplate.MEM)
        .with("disk", 0)
        .with("portDefinitions", List.of())
        .with(
            "container",
            Json.object(Map.of("type", "DOCKER", "docker", Json.object(Map.of("image", image)))));
  }
}
