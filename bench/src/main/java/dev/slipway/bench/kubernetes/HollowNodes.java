package dev.slipway.bench.kubernetes;

import dev.slipway.bench.Wait;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Nodes whose kubelets are real programs and run nothing: a pod that they take up is told to run.
/// Each takes some 75 MB.
final class HollowNodes implements AutoCloseable {
  private static final String KUBEMARK = "kubemark";

  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final List<Daemon> daemons = new ArrayList<>();

  private HollowNodes() {}

  /// Starts them and returns once all are ready.
  ///
  /// @param directory for their logs
  static HollowNodes start(
      Assets assets, ControlPlane plane, KubernetesClient client, int count, Path directory)
      throws InterruptedException {
    assets.require(KUBEMARK);
    var nodes = new HollowNodes();
    try {
      List<Integer> ports = FreePorts.find(2 * count);
      for (int i = 0; i < count; i++) {
        String name = "hollow-%03d".formatted(i);
        nodes.daemons.add(
            Daemon.start(
                name,
                directory,
                assets.program(KUBEMARK),
                List.of(
                    "--morph=kubelet",
                    "--name=" + name,
                    "--kubeconfig=" + plane.kubeconfig(),
                    "--kubelet-port=" + ports.get(2 * i),
                    "--kubelet-read-only-port=" + ports.get(2 * i + 1),
                    "--v=0")));
        // All of them make one socket of a fixed name, by which each has found its own runtime when
        // it makes itself known.
        nodes.await("are known", client, i + 1, _ -> true);
      }
      nodes.await("are ready", client, count, HollowNodes::isReady);
      return nodes;
    } catch (InterruptedException | RuntimeException failure) {
      nodes.close();
      throw failure;
    }
  }

  private void await(String what, KubernetesClient client, int count, Predicate<Node> condition)
      throws InterruptedException {
    Wait.until(
        count + " hollow nodes " + what,
        DEADLINE,
        () -> {
          daemons.forEach(Daemon::requireAlive);
          return client.nodes().list().getItems().stream().filter(condition).count() >= count;
        });
  }

  private static boolean isReady(Node node) {
    return node.getStatus().getConditions().stream()
        .anyMatch(each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
  }

  @Override
  public void close() {
    daemons.forEach(Daemon::ask);
    daemons.forEach(Daemon::close);
  }
}
