package dev.slipway.bench.kubernetes;

import dev.slipway.bench.Wait;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;

/// The scheduler of somebody's cluster: the cluster's own where it has one, else one that is
/// started here and ended again. It is known to work by a pod that it has placed, which is gone
/// again.
final class ClusterScheduler implements AutoCloseable {
  private static final String PROBE = "placed-or-not";
  private static final Duration OWN_DEADLINE = Duration.ofSeconds(3);
  private static final Duration STARTED_DEADLINE = Duration.ofMinutes(1);

  private final Optional<KubeScheduler> started;

  private ClusterScheduler(Optional<KubeScheduler> started) {
    this.started = started;
  }

  /// @param pace of the one that is started
  static ClusterScheduler open(
      Launching launching, KubernetesClient client, String namespace, KubeScheduler.Pace pace)
      throws InterruptedException {
    var pods = client.pods().inNamespace(namespace);
    pods.resource(PodTemplate.probe(PROBE, namespace)).create();
    Wait.Condition placed = () -> pods.withName(PROBE).get().getSpec().getNodeName() != null;
    Optional<KubeScheduler> started = Optional.empty();
    try {
      if (!Wait.patiently(OWN_DEADLINE, placed)) {
        started =
            Optional.of(
                KubeScheduler.start(
                    launching.assets(),
                    launching.kubeconfig(),
                    pace,
                    launching.directories().get()));
        Wait.until("kube-scheduler places a pod", STARTED_DEADLINE, placed);
      }
      pods.withName(PROBE).withGracePeriod(0).delete();
      Wait.until(
          "the first pod is gone", STARTED_DEADLINE, () -> pods.withName(PROBE).get() == null);
      return new ClusterScheduler(started);
    } catch (InterruptedException | RuntimeException failure) {
      started.ifPresent(KubeScheduler::close);
      throw failure;
    }
  }

  void requireAlive() {
    started.ifPresent(KubeScheduler::requireAlive);
  }

  @Override
  public void close() {
    started.ifPresent(KubeScheduler::close);
  }
}
