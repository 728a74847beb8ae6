package dev.slipway.endtoend.availability;

import static org.awaitility.Awaitility.await;

import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.kubernetes.Locks;
import dev.slipway.engine.kubernetes.testing.Disturbance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Kubernetes hears no node any more, while pods are being replaced and clients write.
@Order(2)
@ResourceLock(Locks.CLUSTER)
class SilentNodesTest {
  @RegisterExtension static final Servers SERVERS = Servers.on("silent-nodes");

  /// Longer than the apps wait for a node that is silent alone.
  private static final Duration SILENCE = Workload.PATIENCE.plusSeconds(5);

  private static final int NODES = 3;
  private static final Duration LOOK = Duration.ofMillis(500);

  /// All nodes are out of Kubernetes' sight: they are not believed to be gone.
  @Test
  void whereMostNodesGoSilentAtOnceNothingIsReplacedAndThePauseIsTold() {
    List<String> nodes = SERVERS.cluster().nodes(NODES);
    try (Writers writers = SERVERS.writers("/silent");
        Cuts cuts = new Cuts()) {
      Workload.Rolling rolling = SERVERS.workload().roll();

      nodes.forEach(cuts::partition);
      Eventually.so("evictions are paused, and all nodes named", () -> silent().size() == NODES);
      writers.awaitAccepted();
      int pods = SERVERS.workload().pods();
      Set<String> tasks = SERVERS.tasks(Workload.BYSTANDER).ids();
      await("nothing is given up or replaced")
          .during(SILENCE)
          .atMost(SILENCE.plus(Eventually.DEADLINE))
          .pollInterval(LOOK)
          .until(
              () ->
                  SERVERS.workload().pods() == pods
                      && SERVERS.tasks(Workload.BYSTANDER).ids().equals(tasks));
      cuts.end();

      Eventually.so("all nodes are heard", () -> silent().isEmpty());
      rolling.awaitEnd();
      writers.assertNothingIsLost(SERVERS.client());
    }
  }

  /// The nodes that are named as silent while evictions are paused.
  private static List<String> silent() {
    List<String> named = new ArrayList<>();
    SERVERS
        .client()
        .json("/api/v1/nodes")
        .at("/evictionsPaused/silent")
        .forEach(node -> named.add(node.asString()));
    return named;
  }

  /// Nodes that are cut off, each of which is joined again in the end.
  private static final class Cuts implements AutoCloseable {
    private final List<Disturbance> all = new ArrayList<>();

    void partition(String node) {
      all.add(SERVERS.cluster().script().partition(node));
    }

    void end() {
      while (!all.isEmpty()) {
        all.removeLast().close();
      }
    }

    @Override
    public void close() {
      end();
    }
  }
}
