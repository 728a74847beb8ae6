package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;

/// Ends pods, by deleting them with the grace that was ordered.
///
/// The order is written into a pod that runs before it is deleted, so that whoever sees its end
/// knows why, also after this process. Its log goes with the pod; the last of it is copied here.
///
/// A deadline that is over (`activeDeadlineSeconds`) would end the task and let the pod stay with
/// its log. Kubelets were seen to tell nothing of the container's end then (Kubernetes 1.20), so
/// that nobody knows when it may be replaced.
final class PodKill {
  /// The shortest that is possible: without any grace Kubernetes would forget a pod at once, while
  /// its processes may still run.
  private static final long SHORTEST_GRACE = 1;

  private static final PatchContext MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);

  private final KubernetesClient client;
  private final String namespace;
  private final Writes writes;
  private final PodLogs logs;

  PodKill(Connection connection, Writes writes, PodLogs logs) {
    this.logs = logs;
    this.client = connection.client();
    this.namespace = connection.namespace();
    this.writes = writes;
  }

  /// Orders the end of a task's pod.
  ///
  /// @param grace how long it may take
  /// @return whether there was such a pod
  boolean end(Known known, EndOrder order, Duration grace) {
    long seconds = Math.max(SHORTEST_GRACE, grace.plusSeconds(1).minusNanos(1).toSeconds());
    if (!known.isRunning()) {
      return delete(known.pod(), seconds);
    }
    logs.keep(known.pod());
    return annotated(known.pod(), order) && delete(known.pod(), seconds);
  }

  private boolean annotated(String pod, EndOrder order) {
    String text = client.getKubernetesSerialization().asJson(order.text());
    String patch = "{\"metadata\":{\"annotations\":{\"%s\":%s}}}".formatted(Names.KILL, text);
    return writes.send(
        "the end of the pod " + pod,
        () -> {
          try {
            client.pods().inNamespace(namespace).withName(pod).patch(MERGE, patch);
            return true;
          } catch (KubernetesClientException failure) {
            if (failure.getCode() == Failures.NOT_FOUND) {
              return false;
            }
            throw failure;
          }
        });
  }

  /// Deletes a Secret that no pod will come for.
  void delete(Secret secret) {
    writes.send(
        "the deletion of the secret " + secret.getMetadata().getName(),
        () -> client.resource(secret).delete());
  }

  /// Deletes a pod, with so many seconds for its processes; one that ended goes at once.
  ///
  /// @return whether there was such a pod
  boolean delete(String pod, long seconds) {
    return writes.send(
        "the deletion of the pod " + pod,
        () ->
            !client
                .pods()
                .inNamespace(namespace)
                .withName(pod)
                .withGracePeriod(seconds)
                .delete()
                .isEmpty());
  }
}
