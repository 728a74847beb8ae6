package dev.slipway.engine.kubernetes;

import dev.slipway.engine.kubernetes.testing.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.concurrent.TimeUnit;

/// Pods that run shell lines.
record BusyPods(TestNamespace namespace) {
  PodExec exec() {
    return new PodExec(namespace.cluster().client(), namespace.name(), 64);
  }

  void start(String name, String line) {
    namespace
        .cluster()
        .client()
        .pods()
        .inNamespace(namespace.name())
        .resource(pod(name, line))
        .create();
  }

  private Pod pod(String name, String line) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withNodeName(namespace.cluster().nodes(1).getFirst())
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withTerminationGracePeriodSeconds(1L)
        .addNewContainer()
        .withName(Names.TASK_CONTAINER)
        .withImage(namespace.cluster().image())
        .withCommand("/bin/sh", "-c", line)
        .endContainer()
        .endSpec()
        .build();
  }

  void awaitPhase(String name, String phase) {
    namespace
        .cluster()
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withName(name)
        .waitUntilCondition(
            pod -> pod != null && phase.equals(pod.getStatus().getPhase()), 60, TimeUnit.SECONDS);
  }

  void delete(String name) {
    namespace
        .cluster()
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withName(name)
        .withGracePeriod(1)
        .delete();
  }
}
