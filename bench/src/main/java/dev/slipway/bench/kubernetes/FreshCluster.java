package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/// A control plane that each run starts for itself, so that none finds what another left behind.
///
/// @param assets has etcd, kube-apiserver and what else the runs need
/// @param directories makes empty ones
/// @param pattern what pods are made from
/// @param nodes how many the run brings along
/// @param pods how many instances
public record FreshCluster(
    Assets assets, Supplier<Path> directories, PodPattern pattern, int nodes, int pods) {
  /// Where the pods are made.
  public static final String NAMESPACE = "bench";

  /// What is done with a control plane that has just started.
  ///
  /// @param <R> what is told of it
  interface Use<R> {
    R with(ControlPlane plane, KubernetesClient client) throws IOException, InterruptedException;
  }

  <R> R run(Use<R> use) throws IOException, InterruptedException {
    try (ControlPlane plane = ControlPlane.start(assets, directories.get());
        KubernetesClient client = plane.client()) {
      var namespace =
          new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build();
      client.namespaces().resource(namespace).create();
      return use.with(plane, client);
    }
  }
}
