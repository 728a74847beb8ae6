package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/// What the pods of both sides are: a busybox that sleeps. Each side's own marks come on top.
public final class PodTemplate {
  public static final String IMAGE = "docker.io/local/busybox:1";
  public static final String COMMAND = "sleep 3600";
  public static final double CPUS = 0.01;
  public static final int MEM = 16;

  private PodTemplate() {}

  static PodSpec spec() {
    return spec(IMAGE);
  }

  static PodSpec spec(String image) {
    Map<String, Quantity> amounts =
        Map.of("cpu", new Quantity("10m"), "memory", new Quantity(MEM + "Mi"));
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withEnableServiceLinks(false)
        .withAutomountServiceAccountToken(false)
        .withTerminationGracePeriodSeconds(1L)
        .withContainers(
            new ContainerBuilder()
                .withName("task")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("/bin/sh", "-c", COMMAND)
                .withNewResources()
                .withRequests(amounts)
                .endResources()
                .build())
        .build();
  }

  /// One that is placed and then waits for an image that is not there.
  static Pod probe(String name, String namespace) {
    PodSpec spec = spec();
    spec.getContainers().getFirst().setImagePullPolicy("Never");
    spec.getContainers().getFirst().setImage("slipway-bench/nothing");
    return pod(name, namespace, spec, List.of(), 0);
  }

  static Pod pod(String name, String namespace, PodSpec spec, List<String> nodes, int index) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withSpec(
            nodes.isEmpty()
                ? spec
                : spec.toBuilder().withNodeName(nodes.get(index % nodes.size())).build())
        .build();
  }
}
