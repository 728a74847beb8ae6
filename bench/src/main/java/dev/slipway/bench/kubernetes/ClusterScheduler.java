package dev.slipway.bench.kubernetes;

import dev.slipway.bench.Wait;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The scheduler of somebody's cluster: the cluster's own where it has one, else one that is started
/// here and ended again. It is known to work by a pod that it has placed, which is gone again.
final class ClusterScheduler implements AutoCloseable {
  private static final String PROBE = "placed-or-not";
  private static final Duration OWN_DEADLINE = Duration.ofSeconds(3);
  private static final Duration STARTED_DEADLINE = Duration.ofMinutes(1);

  private final Optional<KubeScheduler> started;

  private ClusterScheduler(Optional<KubeScheduler> started) {
    this.started = started;
  }

  static ClusterScheduler open(
      Assets assets, Path kubeconfig, KubernetesClient client, String namespace, Path directory)
      throws InterruptedException {
    var pods = client.pods().inNamespace(namespace);
    pods.resource(PodTemplate.probe(PROBE, namespace)).create();
    Wait.Condition placed = () -> pods.withName(PROBE).get().getSpec().getNodeName() != null;
    Optional<KubeScheduler> started = Optional.empty();
    try {
      if (!Wait.patiently(OWN_DEADLINE, placed)) {
        started =
            Optional.of(
                KubeScheduler.start(assets, kubeconfig, KubeScheduler.Pace.AS_SHIPPED, directory));
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

  @Override
  public void close() {
    started.ifPresent(KubeScheduler::close);
  }
}
