package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/// What the pods of all contestants are: copies of the ones that Slipway makes, once one is known,
/// so that all ask for the same image, command, resources, volumes and rights. Only the node is
/// left out, and Slipway's own notes on its pods, which nobody else needs.
///
/// Any thread may use it.
public final class PodPattern {
  private final AtomicReference<PodSpec> spec;

  public PodPattern(String image) {
    this.spec = new AtomicReference<>(PodTemplate.spec(image));
  }

  /// This is one of Slipway's pods.
  public void seen(Pod pod) {
    spec.set(pod.getSpec().toBuilder().withNodeName(null).build());
  }

  PodSpec spec() {
    return Objects.requireNonNull(spec.get());
  }

  /// One that waits for a scheduler.
  Pod waiting(String name, String namespace) {
    return pod(name, namespace, spec());
  }

  /// One that goes to one of these nodes, the next one each time.
  Pod placed(String name, String namespace, List<String> nodes, int index) {
    String node = nodes.get(index % nodes.size());
    return pod(name, namespace, spec().toBuilder().withNodeName(node).build());
  }

  static Pod pod(String name, String namespace, PodSpec spec) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withSpec(spec)
        .build();
  }
}
