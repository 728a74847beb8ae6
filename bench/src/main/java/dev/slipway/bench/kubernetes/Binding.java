package dev.slipway.bench.kubernetes;

import dev.slipway.bench.Wait;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How fast pods get their nodes on an API server alone, whose nodes are objects: no kubelet, no
/// controller, so that it is the scheduler and the API that are measured.
///
/// @param cluster has kube-scheduler, too
public record Binding(FreshCluster cluster) {
  private static final String PREFIX = "pod-";
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  /// Someone who sees to it that pods have nodes.
  ///
  /// @param <R> what is told of it
  public interface Contestant<R> {
    R bind(Binding binding, ControlPlane plane, KubernetesClient client)
        throws IOException, InterruptedException;
  }

  /// What it took.
  ///
  /// @param podsASecond that got a node
  /// @param scheduler processor time of who placed them; zero where it was not measured
  /// @param api processor time of etcd and kube-apiserver meanwhile
  public record Rate(double podsASecond, Duration scheduler, Duration api, int pods) {
    /// Processor time for a pod, in microseconds.
    public double schedulerMicroseconds() {
      return scheduler.toNanos() / 1e3 / pods;
    }

    /// Processor time for a pod, in microseconds.
    public double apiMicroseconds() {
      return api.toNanos() / 1e3 / pods;
    }
  }

  /// Pods that have a node from the start, by as many calls at once as serve: what the API server
  /// can do, which nobody surpasses.
  public static final Contestant<Rate> CREATION =
      (binding, plane, client) -> {
        try (var bound =
            PodSightings.open(client, FreshCluster.NAMESPACE, PodSightings.BOUND, PREFIX)) {
          Duration api = plane.processorTime();
          long began = System.nanoTime();
          binding.create(client, binding.nodeNames());
          binding.await(bound, () -> {});
          return new Rate(
              perSecond(bound.all(), began),
              Duration.ZERO,
              plane.processorTime().minus(api),
              binding.cluster().pods());
        }
      };

  /// kube-scheduler, which finds all pods there as it starts. Only the time from the first to the
  /// last binding counts: neither its start nor the creation.
  public static Contestant<Rate> kubeScheduler(KubeScheduler.Pace pace) {
    return (binding, plane, client) -> {
      binding.create(client, List.of());
      Duration api = plane.processorTime();
      Path log = binding.cluster().directories().get();
      try (var bound =
              PodSightings.open(client, FreshCluster.NAMESPACE, PodSightings.BOUND, PREFIX);
          var scheduler =
              KubeScheduler.start(binding.cluster().assets(), plane.kubeconfig(), pace, log)) {
        binding.await(bound, scheduler::requireAlive);
        Map<String, Long> seen = bound.all();
        long first = seen.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        return new Rate(
            perSecond(seen, first),
            scheduler.processorTime(),
            plane.processorTime().minus(api),
            binding.cluster().pods());
      }
    };
  }

  /// One run on a control plane that has just started, with all nodes.
  public <R> R run(Contestant<R> contestant) throws IOException, InterruptedException {
    return cluster.run(
        (plane, client) -> {
          NodeObjects.create(client, cluster.nodes());
          return contestant.bind(this, plane, client);
        });
  }

  /// @param onto the nodes to go to, in turn; without any the pods wait for a scheduler
  void create(KubernetesClient client, List<String> onto) throws InterruptedException {
    Concurrently.run(
        cluster.pods(),
        index -> {
          String name = (PREFIX + "%05d").formatted(index);
          Pod pod =
              onto.isEmpty()
                  ? cluster.pattern().waiting(name, FreshCluster.NAMESPACE)
                  : cluster.pattern().placed(name, FreshCluster.NAMESPACE, onto, index);
          client.pods().inNamespace(FreshCluster.NAMESPACE).resource(pod).create();
        });
  }

  List<String> nodeNames() {
    return IntStream.range(0, cluster.nodes()).mapToObj(NodeObjects::name).toList();
  }

  /// @param check fails when there is no use in waiting on
  void await(PodSightings bound, Runnable check) throws InterruptedException {
    await(cluster.pods(), bound, check);
  }

  public static void await(int pods, PodSightings bound, Runnable check)
      throws InterruptedException {
    Wait.until(
        pods + " pods have nodes",
        DEADLINE,
        () -> {
          check.run();
          return bound.count() >= pods;
        });
  }

  /// Those that are seen, a second, until the last one.
  public static double perSecond(Map<String, Long> seen, long began) {
    long last = seen.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    return seen.size() * 1e9 / (last - began);
  }
}
