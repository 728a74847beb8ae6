package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.engine.kubernetes.testing.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An engine over an API with a thousand nodes, whose server goes and comes.
class ManyNodesTest {
  private static final int NODES = 1_000;
  private static final int TASKS = 200;
  private static final int AT_ONCE = 16;
  private static final String NAMESPACE = "many";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory = Path.of("");

  /// The nodes as they were told.
  private static final class Heard implements EngineListener {
    final Set<String> nodes = ConcurrentHashMap.newKeySet();
    final Set<String> silent = ConcurrentHashMap.newKeySet();

    @Override
    public void picture(EnginePicture picture) {
      picture.nodes().forEach(node -> nodes.add(node.id().value()));
    }

    @Override
    public void nodeSeen(Node node) {
      nodes.add(node.id().value());
      silent.remove(node.id().value());
    }

    @Override
    public void nodeSilent(NodeId node, String reason) {
      silent.add(node.value());
    }

    @Override
    public void nodeGone(NodeId node, String reason) {
      nodes.remove(node.value());
    }

    @Override
    public void taskSeen(TaskObservation observation) {}

    @Override
    public void usage(List<UsageSample> samples) {}
  }

  @Test
  void aThousandNodesAreOfferedAndTheirChangesHeardAlsoAfterTheServerWasAway() throws Exception {
    try (ApiServer api = ApiServer.start();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      var namespace = new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata();
      api.client().resource(namespace.build()).create();
      addNodes(api, threads);
      try (KubernetesEngine engine = open(api)) {
        var heard = new Heard();
        engine.start(heard);
        assertThat(heard.nodes).hasSize(NODES);

        launchAll(engine, threads);
        List<Pod> pods = api.client().pods().inNamespace(NAMESPACE).list().getItems();
        assertThat(pods).hasSize(TASKS);
        assertThat(pods).extracting(pod -> pod.getSpec().getNodeName()).doesNotHaveDuplicates();

        api.stopServer();
        api.startServer();
        api.client().nodes().withName(name(1)).delete();
        api.addNode("late", 4, 8, 110);
        await("what changed is heard")
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(heard.nodes)
                        .contains("late")
                        .doesNotContain(name(1))
                        .hasSize(NODES));
        assertThat(heard.silent).isEmpty();
        assertThat(api.client().pods().inNamespace(NAMESPACE).list().getItems()).hasSize(TASKS);
      }
    }
  }

  private static String name(int number) {
    return "n%04d".formatted(number);
  }

  private static void addNodes(ApiServer api, ExecutorService threads) throws Exception {
    List<Future<?>> added = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      String name = name(i);
      added.add(threads.submit(() -> api.addNode(name, 4, 8, 110)));
    }
    for (Future<?> each : added) {
      each.get();
    }
  }

  private KubernetesEngine open(ApiServer api) throws Exception {
    var settings =
        KubernetesSettings.DEFAULT.withAccess(
            Access.DEFAULT.withKubeconfig(api.kubeconfig()).inNamespace(NAMESPACE));
    return KubernetesEngine.open(
        settings, new KubernetesEngine.Means(directory, SecretReader.NONE, ArtifactLinks.NONE));
  }

  /// One task on each of the last nodes.
  private static void launchAll(KubernetesEngine engine, ExecutorService threads) throws Exception {
    List<Future<?>> launched = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      TaskLaunch launch = launch(new NodeId(name(NODES - 1 - i)));
      launched.add(threads.submit(() -> engine.launch(launch)));
    }
    for (Future<?> each : launched) {
      each.get();
    }
  }

  private static TaskLaunch launch(NodeId node) {
    PathId app = PathId.of("/many");
    return new TaskLaunch(
        InstanceId.of(app, UUID.randomUUID()).task(),
        app,
        node,
        new Epoch(1),
        new Command.Shell("sleep 100"),
        new TreeMap<>(),
        Resources.of(0.1, 64, 0, 0),
        List.of(),
        Optional.empty(),
        List.of());
  }
}
