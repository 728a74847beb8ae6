package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Observed;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.volume.VolumeId;
import dev.slipway.engine.kubernetes.testing.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two engines on one namespace, of which the first was followed by the second and does not know.
@SuppressWarnings("NullAway.Init")
class TwoLeadersTest {
  private static final Duration FRESHNESS = KubernetesLimits.DEFAULT.fenceFreshness();
  private static final PathId APP = PathId.of("/shop");
  private static final Epoch FIRST = new Epoch(1);
  private static final Epoch SECOND = new Epoch(2);
  private static ApiServer api;

  @TempDir Path directory = Path.of("");
  private String namespace;

  @BeforeAll
  static void start() {
    api = ApiServer.start();
    api.addNode("n1", 64, 64, 1000);
    api.addNode("n2", 64, 64, 1000);
  }

  @AfterAll
  static void stop() {
    if (api != null) {
      api.close();
    }
  }

  @BeforeEach
  void makeNamespace() {
    namespace = "leaders-" + UUID.randomUUID();
    var made = new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build();
    api.client().resource(made).create();
  }

  private KubernetesEngine open(String name, Epoch epoch, EngineListener listener)
      throws Exception {
    var settings =
        KubernetesSettings.DEFAULT
            .withAccess(Access.DEFAULT.withKubeconfig(api.kubeconfig()).inNamespace(namespace))
            .withUsage(KubeletTrust.OFF);
    var engine =
        KubernetesEngine.open(
            settings,
            new KubernetesEngine.Means(
                directory.resolve(name), SecretReader.NONE, ArtifactLinks.NONE));
    engine.claim("one", epoch);
    engine.start(listener);
    return engine;
  }

  private static TaskLaunch launch(Epoch epoch) {
    return launch(InstanceId.of(APP, UUID.randomUUID()).task(), "n1", epoch);
  }

  private static TaskLaunch launch(TaskId task, String node, Epoch epoch) {
    return new TaskLaunch(
        task,
        APP,
        new NodeId(node),
        epoch,
        new Command.Shell("sleep 100"),
        new TreeMap<>(),
        Resources.of(0.1, 64, 0, 0),
        List.of(),
        Optional.empty(),
        List.of());
  }

  private List<Pod> pods(Map<String, String> labels) {
    return api.client().pods().inNamespace(namespace).withLabels(labels).list().getItems();
  }

  private Optional<Pod> pod(TaskId task) {
    return Optional.ofNullable(
        api.client().pods().inNamespace(namespace).withName(Names.podName(task)).get());
  }

  /// A creation that was on its way for long.
  private void createLate(TaskId task) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(Names.podName(task))
            .withLabels(Names.labels(task, Instant.EPOCH, FIRST))
            .withAnnotations(Names.annotations(task, APP, Instant.EPOCH))
            .endMetadata()
            .withNewSpec()
            .withNodeName("n1")
            .addNewContainer()
            .withName("task")
            .withImage("busybox")
            .endContainer()
            .endSpec()
            .build();
    api.client().pods().inNamespace(namespace).resource(pod).create();
  }

  @Test
  void whoeverWasFollowedIsRefusedWhateverItOrders() throws Exception {
    try (KubernetesEngine first = open("first", FIRST, new Observed())) {
      TaskLaunch running = launch(FIRST);
      first.launch(running);
      try (KubernetesEngine second = open("second", SECOND, new Observed())) {
        await().pollDelay(FRESHNESS).until(() -> true);
        assertThatThrownBy(() -> first.launch(launch(FIRST))).isInstanceOf(StaleEpoch.class);
        assertThatThrownBy(() -> first.kill(running.id(), Duration.ZERO, FIRST))
            .isInstanceOf(StaleEpoch.class);
        assertThatThrownBy(() -> first.destroyVolume(new VolumeId("shop.data"), FIRST))
            .isInstanceOf(StaleEpoch.class);
        second.launch(launch(SECOND));
        assertThat(pods(Names.OURS)).hasSize(2);
        assertThat(pod(running.id()).orElseThrow().getMetadata().getDeletionTimestamp()).isNull();
      }
    }
  }

  @Test
  void aLaunchWhoseTaskRunsOnAnotherNodeFailsAndLeavesItAlone() throws Exception {
    TaskLaunch lost = launch(FIRST);
    try (KubernetesEngine first = open("first", FIRST, new Observed())) {
      first.launch(lost);
      var observed = new Observed();
      try (KubernetesEngine second = open("second", SECOND, observed)) {
        second.launch(launch(lost.id(), "n2", SECOND));
        assertThat(observed.awaitEnd(lost.id()))
            .returns(TaskEnd.Reason.LAUNCH_FAILED, TaskEnd::reason)
            .extracting(TaskEnd::message)
            .asString()
            .contains("on node n1 already");
        Pod pod = pod(lost.id()).orElseThrow();
        assertThat(pod.getSpec().getNodeName()).isEqualTo("n1");
        assertThat(pod.getMetadata().getDeletionTimestamp()).isNull();
      }
    }
  }

  /// Somebody made a pod of that name, which nobody ever hears of as a task.
  @Test
  void aLaunchWhoseNameAStrangePodHasFails() throws Exception {
    TaskLaunch launch = launch(FIRST);
    var observed = new Observed();
    try (KubernetesEngine engine = open("first", FIRST, observed)) {
      api.client().resource(strange(Names.podName(launch.id()))).create();
      engine.launch(launch);
      assertThat(observed.awaitEnd(launch.id()))
          .returns(TaskEnd.Reason.LAUNCH_FAILED, TaskEnd::reason)
          .extracting(TaskEnd::message)
          .asString()
          .contains("already exists");
    }
  }

  private Pod strange(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("strange")
        .withImage("strange")
        .endContainer()
        .endSpec()
        .build();
  }

  @Test
  void aTaskThatWasEndedWithoutAPodIsNeverLaunchedAnyMore() throws Exception {
    var observed = new Observed();
    TaskLaunch late = launch(FIRST);
    try (KubernetesEngine second = open("second", SECOND, observed)) {
      second.kill(late.id(), Duration.ZERO, SECOND);
      assertThat(observed.awaitEnd(late.id())).returns(TaskEnd.Reason.KILLED, TaskEnd::reason);
      assertThatThrownBy(() -> createLate(late.id()))
          .isInstanceOfSatisfying(
              KubernetesClientException.class,
              refused -> assertThat(refused.getCode()).isEqualTo(Failures.CONFLICT));

      second.kill(late.id(), Duration.ZERO, SECOND);
      Pod tombstone = pod(late.id()).orElseThrow();
      assertThat(Tombstones.is(tombstone)).isTrue();
      assertThat(tombstone.getSpec().getNodeName()).isNull();
      assertThat(tombstone.getMetadata().getDeletionTimestamp()).isNull();
      assertThat(pods(Names.OURS)).isEmpty();
      assertThat(second.fence().tasks()).isZero();
    }
  }

  @Test
  void aLaunchThatFindsItsTaskEndedTellsTheEnd() throws Exception {
    TaskLaunch late = launch(SECOND);
    try (KubernetesEngine first = open("first", FIRST, new Observed())) {
      first.kill(late.id(), Duration.ZERO, FIRST);
    }
    var observed = new Observed();
    try (KubernetesEngine second = open("second", SECOND, observed)) {
      second.launch(late);
      assertThat(observed.awaitEnd(late.id())).returns(TaskEnd.Reason.KILLED, TaskEnd::reason);
      assertThat(Tombstones.is(pod(late.id()).orElseThrow())).isTrue();
    }
  }

  /// The first was ordered to launch it and stood still; the second launched it and ended it.
  @Test
  void whatWasEndedAfterATakeoverKeepsItsName() throws Exception {
    TaskLaunch task = launch(SECOND);
    try (KubernetesEngine first = open("first", FIRST, new Observed())) {
      first.launch(launch(FIRST));
    }
    try (KubernetesEngine second = open("second", SECOND, new Observed())) {
      second.launch(task);
      await().until(() -> second.fence().tasks() == 2);
      second.kill(task.id(), Duration.ZERO, SECOND);
      // No kubelet is here to say that it ended.
      api.client()
          .pods()
          .inNamespace(namespace)
          .withName(Names.podName(task.id()))
          .withGracePeriod(0)
          .delete();
      await().until(() -> pod(task.id()).filter(Tombstones::is).isPresent());
      assertThatThrownBy(() -> createLate(task.id())).isInstanceOf(KubernetesClientException.class);
    }
  }

  @Test
  void tombstonesThatNobodyNeedsAnyMoreAreNamed() throws Exception {
    TaskId task = launch(FIRST).id();
    try (KubernetesEngine engine = open("first", FIRST, new Observed())) {
      engine.kill(task, Duration.ZERO, FIRST);
    }
    try (Connection connection =
        Connection.open(
            Access.DEFAULT.withKubeconfig(api.kubeconfig()).inNamespace(namespace),
            KubernetesLimits.DEFAULT)) {
      var tombstones =
          new Tombstones(connection, new Writes(new Writes.Bounds(1, 10, Duration.ofSeconds(5))));
      assertThat(tombstones.old(Instant.now())).isEmpty();
      assertThat(tombstones.old(Instant.now().plus(Tombstones.KEPT).plusSeconds(60)))
          .containsExactly(Names.podName(task));
    }
  }
}
