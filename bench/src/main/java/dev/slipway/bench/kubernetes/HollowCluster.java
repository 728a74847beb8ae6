package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;

/// Instances from the request until all run on hollow nodes: the whole way through Kubernetes but
/// for containers. Each run has nodes of its own.
///
/// @param cluster has kube-scheduler and kubemark, too
public record HollowCluster(FreshCluster cluster) {
  private static final String PREFIX = "pod-";

  /// Pods that many clients make at once, and kube-scheduler at a pace of its own.
  public static final Launching.Contestant KUBE_SCHEDULER =
      (launching, client, namespace) -> {
        try (var scheduler =
                ClusterScheduler.open(launching, client, namespace, KubeScheduler.Pace.UNBOUND);
            var sightings = Sightings.open(client, namespace, PREFIX)) {
          var times = new StageTimes();
          Concurrently.run(
              launching.pods(),
              index ->
                  client
                      .pods()
                      .inNamespace(namespace)
                      .resource(
                          launching
                              .pattern()
                              .waiting((PREFIX + "%05d").formatted(index), namespace))
                      .create());
          times.reached(Stage.ACCEPTED);
          launching.await(sightings, scheduler::requireAlive);
          sightings.into(times);
          times.read(client.pods().inNamespace(namespace).list().getItems());
          return times;
        }
      };

  /// One run on a cluster that has just started.
  public StageTimes run(Launching.Contestant contestant) throws IOException, InterruptedException {
    return cluster.run((plane, client) -> onHollowNodes(contestant, plane, client));
  }

  private StageTimes onHollowNodes(
      Launching.Contestant contestant, ControlPlane plane, KubernetesClient client)
      throws IOException, InterruptedException {
    Path directory = cluster.directories().get();
    try (var _ = HollowNodes.start(cluster.assets(), plane, client, cluster.nodes(), directory)) {
      var launching =
          new Launching(
              cluster.assets(),
              plane.kubeconfig(),
              cluster.directories(),
              cluster.pattern(),
              cluster.pods());
      return contestant.launch(launching, client, FreshCluster.NAMESPACE);
    }
  }
}
