package dev.slipway.engine.kubernetes;

import static dev.slipway.engine.kubernetes.ClusterNodes.container;
import static dev.slipway.engine.kubernetes.ClusterNodes.ready;
import static dev.slipway.engine.kubernetes.ClusterNodes.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OtherPodsTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final Quantities QUANTITIES = new Quantities("nvidia.com/gpu");

  private final OtherPods others = new OtherPods("slipway", QUANTITIES);

  @Test
  void podsCountFromWhenTheyHaveANodeUntilTheyEnd() {
    Pod waiting =
        new PodBuilder(running("1", "n1", "cpu=1")).editSpec().withNodeName(null).endSpec().build();
    assertThat(others.seen(waiting)).isEmpty();
    assertThat(others.seen(running("1", "n1", "cpu=1"))).contains(N1);
    assertThat(others.seen(running("1", "n1", "cpu=1"))).isEmpty();
    assertThat(others.on(N1)).isEqualTo(new OtherPods.Taken(new Resources(1000, 0, 0, 0), 1));
    assertThat(others.seen(phase(running("1", "n1", "cpu=1"), "Succeeded"))).contains(N1);
    assertThat(others.on(N1)).isEqualTo(OtherPods.Taken.NOTHING);
    assertThat(others.removed(running("1", "n1", "cpu=1"))).isEmpty();
  }

  @Test
  void oursDoNotCountButThoseOfAnotherSlipwayDo() {
    assertThat(others.seen(labelled(running("1", "n1", "cpu=1"), "slipway"))).isEmpty();
    assertThat(others.seen(labelled(running("2", "n1", "cpu=1"), "elsewhere"))).contains(N1);
    assertThat(others.on(N1).pods()).isEqualTo(1);
  }

  @Test
  void aNewListTellsWhatChangedMeanwhile() {
    list(running("1", "n1", "cpu=1"), running("2", "n2", "cpu=1"));
    assertThat(list(running("3", "n1", "cpu=1"), running("2", "n2", "cpu=2"))).containsExactly(N2);
    assertThat(list(running("3", "n1", "cpu=1"))).containsExactly(N2);
    assertThat(list(running("3", "n1", "cpu=1"))).isEmpty();
  }

  @Test
  void aListOfOurNamespaceSaysNothingOfTheOthers() {
    Pod beside = inNamespace(running("4", "n1", "cpu=2"), "slipway");
    list(running("1", "n1", "cpu=1"));
    assertThat(others.all(OtherPods.Part.OUR_NAMESPACE, List.of(beside))).containsExactly(N1);
    assertThat(others.on(N1)).isEqualTo(new OtherPods.Taken(new Resources(3000, 0, 0, 0), 2));
    assertThat(list()).containsExactly(N1);
    assertThat(others.on(N1)).isEqualTo(new OtherPods.Taken(new Resources(2000, 0, 0, 0), 1));
  }

  private Set<NodeId> list(Pod... pods) {
    return others.all(OtherPods.Part.OTHER_NAMESPACES, List.of(pods));
  }

  @Test
  void aPodTakesWhatItsContainersNeedOrItsStartIfThatIsMore() {
    Pod pod =
        new PodBuilder(running("1", "n1"))
            .editSpec()
            .withContainers(
                container("a", "cpu=500m", "memory=1Gi").build(),
                container("b", "cpu=250m", "nvidia.com/gpu=1").build())
            .withInitContainers(
                container("first", "cpu=2", "memory=10Mi").build(),
                container("beside", "cpu=100m").withRestartPolicy("Always").build(),
                container("later", "memory=2Gi").build())
            .addToOverhead("memory", new Quantity("1Mi"))
            .endSpec()
            .build();
    assertThat(PodRequests.of(pod, QUANTITIES))
        .isEqualTo(new Resources(2000, 2048 * Resources.MEBIBYTE + Resources.MEBIBYTE, 0, 1000));
  }

  @Test
  void sidecarsStayBesideTheOthers() {
    Pod pod =
        new PodBuilder(running("1", "n1", "cpu=1"))
            .editSpec()
            .withInitContainers(
                container("s", "cpu=300m").withRestartPolicy("Always").build(),
                container("init", "cpu=900m").build())
            .endSpec()
            .build();
    assertThat(PodRequests.of(pod, QUANTITIES).milliCpus()).isEqualTo(1300);
  }

  @Test
  void aRequestOfThePodAsAWholeStandsInPlaceOfItsContainers() {
    Pod pod =
        new PodBuilder(running("1", "n1", "cpu=1", "memory=1Gi", "ephemeral-storage=5"))
            .editSpec()
            .withNewResources()
            .addToRequests("cpu", new Quantity("3"))
            .endResources()
            .endSpec()
            .build();
    assertThat(PodRequests.of(pod, QUANTITIES))
        .isEqualTo(new Resources(3000, 1024 * Resources.MEBIBYTE, 5, 0));
  }

  @Test
  void whatIsGrantedStillCountsAfterAResize() {
    Pod pod =
        new PodBuilder(running("1", "n1", "cpu=1"))
            .editStatus()
            .addNewContainerStatus()
            .withName("main")
            .addToAllocatedResources("cpu", new Quantity("4"))
            .endContainerStatus()
            .endStatus()
            .build();
    assertThat(PodRequests.of(pod, QUANTITIES).milliCpus()).isEqualTo(4000);
  }

  @Test
  void absurdRequestsDoNotBreakTheSum() {
    for (int i = 0; i < 600; i++) {
      others.seen(running("" + i, "n1", "memory=8Ei", "cpu=1E", "nvidia.com/gpu=999999999999"));
    }
    assertThat(others.on(N1).requested().memBytes()).isEqualTo(Resources.MOST);
    NodeFacts facts = new NodeReading(KubernetesSettings.DEFAULT).read(ready("n1"));
    assertThat(facts.less(others.on(N1)).node().capacity().memBytes()).isZero();
    for (int i = 0; i < 600; i++) {
      others.removed(running("" + i, "n1"));
    }
    assertThat(others.on(N1)).isEqualTo(OtherPods.Taken.NOTHING);
  }

  @Test
  void whatIsKeptByEventsIsWhatAListWouldGive() {
    var random = new Random(5);
    var alive = new java.util.TreeMap<String, Pod>();
    for (int step = 0; step < 2000; step++) {
      String uid = "" + random.nextInt(60);
      Pod pod = running(uid, "n" + uid.charAt(0), "cpu=" + random.nextInt(5));
      if (random.nextBoolean()) {
        alive.put(uid, pod);
        others.seen(pod);
      } else {
        alive.remove(uid);
        others.removed(pod);
      }
    }
    assertThat(others.all(OtherPods.Part.OTHER_NAMESPACES, alive.values())).isEmpty();
  }

  private static Pod phase(Pod pod, String phase) {
    return new PodBuilder(pod).editStatus().withPhase(phase).endStatus().build();
  }

  private static Pod inNamespace(Pod pod, String namespace) {
    return new PodBuilder(pod).editMetadata().withNamespace(namespace).endMetadata().build();
  }

  private static Pod labelled(Pod pod, String namespace) {
    return new PodBuilder(inNamespace(pod, namespace))
        .editMetadata()
        .withLabels(Names.OURS)
        .endMetadata()
        .build();
  }
}
