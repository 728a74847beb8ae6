package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;

/// Ends pods.
///
/// A task that runs is not deleted: its pod gets the order as an annotation and a deadline that is
/// over, whereupon its kubelet ends it with the pod's grace, and the pod stays with its exit code
/// and log. One that never ran has nothing to show, and is deleted, so that it cannot begin in
/// between. So is one that is to end faster than its pod allows.
final class PodKill {
  /// The shortest that is possible: without any grace Kubernetes would forget a pod at once, while
  /// its processes may still run.
  private static final long SHORTEST_GRACE = 1;

  private static final String PAST_DEADLINE = ",\"spec\":{\"activeDeadlineSeconds\":1}";

  private static final PatchContext MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);

  private final KubernetesClient client;
  private final String namespace;
  private final Writes writes;

  PodKill(Connection connection, Writes writes) {
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
    if (seconds >= known.grace().toSeconds()) {
      return patched(known.pod(), order, PAST_DEADLINE);
    }
    // Not both: a kubelet that finds a pod past its deadline and deleted at once has been seen to
    // leave it there for good (Kubernetes 1.20).
    return patched(known.pod(), order, "") && delete(known.pod(), seconds);
  }

  private boolean patched(String pod, EndOrder order, String more) {
    String text = client.getKubernetesSerialization().asJson(order.text());
    String patch =
        "{\"metadata\":{\"annotations\":{\"%s\":%s}}%s}".formatted(Names.KILL, text, more);
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

  /// Whether there is such a pod now.
  boolean exists(String pod) {
    return client.pods().inNamespace(namespace).withName(pod).get() != null;
  }
}
