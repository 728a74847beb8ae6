package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/// What an instance is: a busybox that sleeps.
public final class PodTemplate {
  public static final String IMAGE = "docker.io/local/busybox:1";
  public static final String COMMAND = "sleep 3600";
  public static final double CPUS = 0.01;
  public static final int MEM = 16;

  private PodTemplate() {}

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
    PodSpec spec = spec(IMAGE);
    spec.getContainers().getFirst().setImagePullPolicy("Never");
    spec.getContainers().getFirst().setImage("slipway-bench/nothing");
    return PodPattern.pod(name, namespace, spec);
  }
}
