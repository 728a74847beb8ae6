package dev.slipway.engine.kubernetes;

import dev.slipway.core.instance.TaskId;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the names of tasks that are over, so that nobody can launch them any more.
///
/// A launch is the creation of a pod whose name is its task's alone. A server that stood still may
/// send that creation after others ended the task; where the name is taken, the API server refuses
/// it (409). So a task is ended without a pod by taking its pod's name: by a pod that no scheduler
/// ever looks at, with an image that nobody has or pulls. It costs one write and one object, runs
/// nowhere, and is removed after a while. Any thread may call.
final class Tombstones {
  /// So long a name stays taken: much longer than a creation may be on its way.
  static final Duration KEPT = Duration.ofMinutes(10);

  /// The label of tombstones. They have none of those of tasks, so that nothing takes them for one.
  static final String LABEL = "slipway.dev/tombstone";

  /// Nobody schedules for this name.
  private static final String NOBODY = "slipway.dev-tombstone";

  private static final int ATTEMPTS = 3;
  private static final Map<String, String> ALL = Map.of(LABEL, "true");
  private static final Logger log = LoggerFactory.getLogger(Tombstones.class);

  /// The least that quotas count, where they demand that something is said.
  private static final Map<String, Quantity> NEXT_TO_NOTHING =
      Map.of("cpu", new Quantity("1m"), "memory", new Quantity("1Mi"));

  private final KubernetesClient client;
  private final String namespace;
  private final Writes writes;

  Tombstones(Connection connection, Writes writes) {
    this.client = connection.client();
    this.namespace = connection.namespace();
    this.writes = writes;
  }

  static boolean is(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null && labels.containsKey(LABEL);
  }

  /// Takes the name of a task's pod.
  ///
  /// @return whether there is no such pod, and will not be; else a pod of the task is there
  /// @throws dev.slipway.core.engine.EngineUnavailable when that cannot be found out now
  boolean take(TaskId task) {
    String name = Names.podName(task);
    try {
      return writes.send("the tombstone " + name, () -> create(task, name));
    } catch (KubernetesClientException refused) {
      // A quota, or a rule of others. The end has to be told all the same.
      log.warn("tombstone.refused task={} cause=\"{}\"", task, Failures.line(refused));
      return client.pods().inNamespace(namespace).withName(name).get() == null;
    }
  }

  private boolean create(TaskId task, String name) {
    for (int attempt = 1; ; attempt++) {
      try {
        client.pods().inNamespace(namespace).resource(described(task, name)).create();
        return true;
      } catch (KubernetesClientException failure) {
        Pod there =
            failure.getCode() == Failures.CONFLICT
                ? client.pods().inNamespace(namespace).withName(name).get()
                : null;
        if (there != null) {
          return is(there);
        }
        // A pod that went between the two answers left its name free.
        if (failure.getCode() != Failures.CONFLICT || attempt == ATTEMPTS) {
          throw failure;
        }
      }
    }
  }

  private Pod described(TaskId task, String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withLabels(ALL)
        .addToAnnotations(LABEL, "keeps the name of the task " + task + ", which is over")
        .endMetadata()
        .withNewSpec()
        .withSchedulerName(NOBODY)
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addNewContainer()
        .withName("none")
        .withImage("slipway.dev/tombstone")
        .withImagePullPolicy("Never")
        .withNewResources()
        .withRequests(NEXT_TO_NOTHING)
        .withLimits(NEXT_TO_NOTHING)
        .endResources()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .endContainer()
        .endSpec()
        .build();
  }

  /// The names of tombstones that nobody needs any more.
  ///
  /// @throws KubernetesClientException when they cannot be read
  List<String> old(Instant now) {
    return client.pods().inNamespace(namespace).withLabels(ALL).list().getItems().stream()
        .filter(
            pod -> Instant.parse(pod.getMetadata().getCreationTimestamp()).plus(KEPT).isBefore(now))
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }
}
