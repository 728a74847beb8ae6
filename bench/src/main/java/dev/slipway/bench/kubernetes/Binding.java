package dev.slipway.bench.kubernetes;

import dev.slipway.bench.Wait;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// How fast pods get their nodes on an API server alone, whose nodes are objects: no kubelet, no
/// controller, so that it is the scheduler and the API that are measured. Each run has a control
/// plane of its own.
///
/// @param assets has etcd, kube-apiserver and kube-scheduler
/// @param directories makes empty ones
public record Binding(Assets assets, Supplier<Path> directories, int nodes, int pods) {
  static final String NAMESPACE = "bench";
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  /// Someone who sees to it that pods have nodes.
  public interface Contestant {
    /// Returns the pods that got a node in a second.
    double podsASecond(Binding binding, ControlPlane plane, KubernetesClient client)
        throws IOException, InterruptedException;
  }

  /// Pods that have a node from the start, by as many calls at once as serve: what the API server
  /// can do, which nobody surpasses.
  public static final Contestant CREATION =
      (binding, _, client) -> {
        try (var bound = PodSightings.open(client, NAMESPACE, PodSightings.BOUND)) {
          long began = System.nanoTime();
          binding.create(client, binding.nodeNames());
          binding.await(bound, () -> {});
          return binding.rate(bound.all(), began);
        }
      };

  /// kube-scheduler, which finds all pods there as it starts. Only the time from the first to the
  /// last binding counts: neither its start nor the creation.
  public static Contestant kubeScheduler(KubeScheduler.Pace pace) {
    return (binding, plane, client) -> {
      binding.create(client, List.of());
      Path log = binding.directories().get();
      try (var bound = PodSightings.open(client, NAMESPACE, PodSightings.BOUND);
          var scheduler = KubeScheduler.start(binding.assets(), plane.kubeconfig(), pace, log)) {
        binding.await(bound, scheduler::requireAlive);
        Map<String, Long> seen = bound.all();
        long first = seen.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        return binding.rate(seen, first);
      }
    };
  }

  /// One run on a control plane that has just started, with all nodes.
  public double run(Contestant contestant) throws IOException, InterruptedException {
    try (ControlPlane plane = ControlPlane.start(assets, directories.get());
        KubernetesClient client = plane.client()) {
      var namespace =
          new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build();
      client.namespaces().resource(namespace).create();
      NodeObjects.create(client, nodes);
      return contestant.podsASecond(this, plane, client);
    }
  }

  /// @param onto the nodes to go to, in turn; without any the pods wait for a scheduler
  void create(KubernetesClient client, List<String> onto) throws InterruptedException {
    PodSpec spec = PodTemplate.spec();
    Concurrently.run(
        pods,
        index -> {
          String name = "pod-%05d".formatted(index);
          Pod pod = PodTemplate.pod(name, NAMESPACE, spec, onto, index);
          client.pods().inNamespace(NAMESPACE).resource(pod).create();
        });
  }

  List<String> nodeNames() {
    return IntStream.range(0, nodes).mapToObj(NodeObjects::name).toList();
  }

  /// @param check fails when there is no use in waiting on
  void await(PodSightings bound, Runnable check) throws InterruptedException {
    Wait.until(
        pods + " pods have nodes",
        DEADLINE,
        () -> {
          check.run();
          return bound.count() >= pods;
        });
  }

  double rate(Map<String, Long> seen, long began) {
    long last = seen.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    return seen.size() * 1e9 / (last - began);
  }
}
