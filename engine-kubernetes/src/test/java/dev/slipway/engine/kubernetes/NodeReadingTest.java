package dev.slipway.engine.kubernetes;

import static dev.slipway.engine.kubernetes.ClusterNodes.ready;
import static dev.slipway.engine.kubernetes.ClusterNodes.withCondition;
import static dev.slipway.engine.kubernetes.ClusterNodes.withLabel;
import static dev.slipway.engine.kubernetes.ClusterNodes.withTaint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeReadingTest {
  private final NodeReading reading = new NodeReading(KubernetesSettings.DEFAULT);

  @Test
  void aNodeOffersWhatItsKubeletLetsPodsHave() {
    NodeFacts facts = reading.read(ready("node1"));
    assertThat(facts.whole().id()).isEqualTo(new NodeId("node1"));
    assertThat(facts.whole().hostname()).isEqualTo("node1.example");
    assertThat(facts.whole().address()).isEqualTo("10.97.0.11");
    assertThat(facts.whole().capacity())
        .isEqualTo(new Resources(3920, 24_581_684L * 1024, 267_847_642_337L, 2000));
    assertThat(facts.mostPods()).isEqualTo(110);
    assertThat(facts.silent()).isEmpty();
    assertThat(facts.whole().closed()).isEmpty();
    assertThat(facts.whole().risk()).isEqualTo(DisruptionRisk.NONE);
    assertThat(facts.whole().dedicated()).isEmpty();
  }

  @Test
  void aNodeThatSaysNothingOffersNothingAndIsSilent() {
    Node bare = new NodeBuilder().withNewMetadata().withName("new").endMetadata().build();
    NodeFacts facts = reading.read(bare);
    assertThat(facts.whole().capacity()).isEqualTo(Resources.NONE);
    assertThat(facts.whole().hostname()).isEqualTo("new");
    assertThat(facts.whole().address()).isEqualTo("new");
    assertThat(facts.mostPods()).isZero();
    assertThat(facts.silent()).contains("its kubelet never said that it is ready");
  }

  @Test
  void whatOthersTakeIsNotThereAndNeverLessThanNothing() {
    NodeFacts facts = reading.read(ready("node1"));
    var some = new OtherPods.Taken(new Resources(920, 1024, 0, 1000), 3);
    assertThat(facts.less(some).node().capacity())
        .isEqualTo(new Resources(3000, 24_581_683L * 1024, 267_847_642_337L, 1000));
    assertThat(facts.less(some).node().mostTasks()).hasValue(107);
    var tooMuch = new OtherPods.Taken(new Resources(9000, Resources.MOST, 1, 9000), 300);
    assertThat(facts.less(tooMuch).node().capacity())
        .isEqualTo(new Resources(0, 0, 267_847_642_336L, 0));
    assertThat(facts.less(tooMuch).node().mostTasks()).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "cpu, 2, 2000",
    "cpu, 1.9999, 1999",
    "cpu, 100u, 0",
    "cpu, 1500000n, 1",
    "cpu, 1e3, 1000000",
    "memory, 1Gi, 1073741824",
    "memory, 1G, 1000000000",
    "memory, 128974848m, 128974",
    "memory, 1E3, 1000",
    "memory, 0.5Ki, 512",
    "memory, 8Ei, 36028797018963968",
    "memory, -5, 0",
    "memory, many, 0"
  })
  void amountsAreReadExactlyAndOfferedRoundedDown(String resource, String text, long expected) {
    Resources read = new Quantities("x.y/z").offered(ClusterNodes.amounts(Map.of(resource, text)));
    assertThat(resource.equals("cpu") ? read.milliCpus() : read.memBytes()).isEqualTo(expected);
  }

  @Test
  void whatIsRequestedIsRoundedUp() {
    Resources read =
        new Quantities("x.y/z")
            .requested(ClusterNodes.amounts(Map.of("cpu", "100u", "memory", "128974848m")));
    assertThat(read).isEqualTo(new Resources(1, 128_975, 0, 0));
  }

  @Test
  void labelsAreAttributesAndTheTopologyHasItsOwnWords() {
    Node node = withLabel(ready("n"), "topology.kubernetes.io/zone", "eu-1a");
    node = withLabel(node, "failure-domain.beta.kubernetes.io/region", "eu-1");
    node = withLabel(node, "failure-domain.beta.kubernetes.io/zone", "old");
    node = withLabel(node, "example.com/disk.kind", "ssd");
    assertThat(reading.read(node).whole().attributes())
        .containsEntry("@zone", "eu-1a")
        .containsEntry("@region", "eu-1")
        .containsEntry("topology.kubernetes.io/zone", "eu-1a")
        .containsEntry("example.com/disk.kind", "ssd");
  }

  @Test
  void taintsKeepOffAllButThoseWhoAskForThem() {
    Node node = withLabel(ready("n"), "team", "label");
    node = withTaint(node, "team", "search", "NoSchedule");
    node = withTaint(node, "example.com/batch", null, "NoExecute");
    node = withTaint(node, "soft", "yes", "PreferNoSchedule");
    var read = reading.read(node).whole();
    assertThat(read.dedicated()).containsExactly("example.com/batch", "team");
    assertThat(read.attributes())
        .containsEntry("team", "search")
        .containsEntry("example.com/batch", "")
        .doesNotContainKey("soft");
  }

  @Test
  void aNodeThatWantsNoMoreSaysWhy() {
    Node cordoned =
        new NodeBuilder(ready("n")).editSpec().withUnschedulable(true).endSpec().build();
    cordoned = withTaint(cordoned, "node.kubernetes.io/unschedulable", null, "NoSchedule");
    assertThat(reading.read(cordoned).whole().closed()).contains("cordoned");
    assertThat(reading.read(cordoned).whole().dedicated()).isEmpty();

    Node full = withCondition(ready("n"), "DiskPressure", "True", "KubeletHasDiskPressure", "");
    full = withCondition(full, "MemoryPressure", "Unknown", "NodeStatusUnknown", "");
    full = withTaint(full, "node.kubernetes.io/disk-pressure", null, "NoSchedule");
    assertThat(reading.read(full).whole().closed()).contains("disk pressure");

    Node young =
        withTaint(
            ready("n"), "node.cloudprovider.kubernetes.io/uninitialized", "true", "NoSchedule");
    assertThat(reading.read(young).whole().closed())
        .contains("taint node.cloudprovider.kubernetes.io/uninitialized");

    Node leaving = withTaint(ready("n"), "ToBeDeletedByClusterAutoscaler", "1", "NoSchedule");
    assertThat(reading.read(leaving).whole().closed())
        .contains("about to go: ToBeDeletedByClusterAutoscaler");

    Node windows = withLabel(ready("n"), "kubernetes.io/os", "windows");
    assertThat(reading.read(windows).whole().closed()).contains("runs windows");
  }

  @Test
  void aNodeThatIsNotReadyIsSilentInItsOwnWords() {
    Node down =
        withCondition(
            ready("n"),
            "Ready",
            "Unknown",
            "NodeStatusUnknown",
            "Kubelet stopped\nposting node status.");
    assertThat(reading.read(down).silent())
        .contains("NodeStatusUnknown: Kubelet stopped posting node status.");
    NodeSight sight = reading.read(down).less(OtherPods.Taken.NOTHING);
    assertThat(sight).isInstanceOf(NodeSight.Silent.class);
    Node bad = withCondition(ready("n"), "Ready", "False", "KubeletNotReady", "x".repeat(5000));
    assertThat(reading.read(bad).silent().orElseThrow()).hasSizeLessThan(310);
  }

  @ParameterizedTest
  @CsvSource({
    "karpenter.sh/capacity-type, spot", "eks.amazonaws.com/capacityType, SPOT",
    "cloud.google.com/gke-spot, true", "kubernetes.azure.com/scalesetpriority, spot"
  })
  void machinesThatMayBeTakenBackAreRisky(String label, String value) {
    Node node = withLabel(ready("n"), label, value);
    assertThat(reading.read(node).whole().risk()).isEqualTo(DisruptionRisk.HIGH);
    assertThat(reading.read(withLabel(node, NodeMarks.RISK, "low")).whole().risk())
        .isEqualTo(DisruptionRisk.LOW);
    assertThat(reading.read(withLabel(ready("n"), label, "on-demand")).whole().risk())
        .isEqualTo(DisruptionRisk.NONE);
  }

  @Test
  void whatHasNoRoomIsLeftOutButNeverWhatDecides() {
    Node node = ready("n");
    for (int i = 0; i < dev.slipway.core.node.Node.MOST_ATTRIBUTES; i++) {
      node.getMetadata().getLabels().put("a" + i, "v");
    }
    node = withLabel(node, "topology.kubernetes.io/zone", "z");
    node = withTaint(node, "zz/dedicated", "x", "NoSchedule");
    NodeFacts facts = reading.read(node);
    assertThat(facts.whole().attributes())
        .hasSize(dev.slipway.core.node.Node.MOST_ATTRIBUTES)
        .containsEntry("@zone", "z")
        .containsEntry("zz/dedicated", "x");
    assertThat(facts.leftOut()).isEqualTo(5);
  }

  @Test
  void featuresFollowWhatTheOperatorAllows() {
    assertThat(reading.read(ready("n")).whole().features())
        .containsExactlyInAnyOrder(
            NodeFeature.IMAGES,
            NodeFeature.BRIDGE_NETWORK,
            NodeFeature.CONTAINER_NETWORK,
            NodeFeature.TERMINALS);
    var allowed = new KubernetesSettings.Allowed(true, List.of(NodePath.parse("/srv")));
    var more = KubernetesSettings.DEFAULT.withStorageClass("fast").withAllowed(allowed);
    assertThat(new NodeReading(more).read(ready("n")).whole().features())
        .contains(NodeFeature.PERSISTENT_VOLUMES, NodeFeature.PRIVILEGE, NodeFeature.HOST_VOLUMES);
  }
}
