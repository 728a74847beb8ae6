package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/// Instances from the request until all run on hollow nodes: the whole way through Kubernetes but
/// for containers. Each run has a control plane and nodes of its own.
///
/// @param assets has etcd, kube-apiserver, kube-scheduler and kubemark
/// @param directories makes empty ones
/// @param pattern what pods are made from
public record HollowCluster(
    Assets assets, Supplier<Path> directories, PodPattern pattern, int nodes, int pods) {
  private static final String PREFIX = "pod-";
  private static final String NAMESPACE = "bench";

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
    try (ControlPlane plane = ControlPlane.start(assets, directories.get());
        KubernetesClient client = plane.client();
        var _ = HollowNodes.start(assets, plane, client, nodes, directories.get())) {
      var namespace =
          new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build();
      client.namespaces().resource(namespace).create();
      var launching = new Launching(assets, plane.kubeconfig(), directories, pattern, pods);
      return contestant.launch(launching, client, NAMESPACE);
    }
  }
}
