package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From which nodes a volume can be reached.
class NodeAffinityRuleTest {
  private static final Node NODE =
      new NodeBuilder()
          .withNewMetadata()
          .withName("node1")
          .addToLabels("zone", "a")
          .addToLabels("disks", "4")
          .endMetadata()
          .build();

  @ParameterizedTest
  @CsvSource({
    "zone, In, a, true",
    "zone, In, b, false",
    "rack, In, a, false",
    "zone, NotIn, b, true",
    "zone, NotIn, a, false",
    "rack, NotIn, a, true",
    "zone, Exists, , true",
    "rack, Exists, , false",
    "rack, DoesNotExist, , true",
    "zone, DoesNotExist, , false",
    "disks, Gt, 3, true",
    "disks, Gt, 4, false",
    "disks, Lt, 5, true",
    "zone, Lt, 5, false",
    "zone, Near, a, false"
  })
  void anExpressionHoldsAsKubernetesReadsIt(
      String label, String operator, String value, boolean holds) {
    List<String> values = value == null ? List.of() : List.of(value);
    PersistentVolume volume =
        new PersistentVolumeBuilder()
            .withNewSpec()
            .withNewNodeAffinity()
            .withNewRequired()
            .addNewNodeSelectorTerm()
            .addToMatchExpressions(new NodeSelectorRequirement(label, operator, values))
            .endNodeSelectorTerm()
            .endRequired()
            .endNodeAffinity()
            .endSpec()
            .build();
    assertThat(NodeAffinityRule.of(volume).admits(NODE)).isEqualTo(holds);
  }

  @Test
  void allExpressionsOfOneTermHaveToHoldAndAnEmptyTermHoldsNowhere() {
    PersistentVolume either =
        new PersistentVolumeBuilder()
            .withNewSpec()
            .withNewNodeAffinity()
            .withNewRequired()
            .addNewNodeSelectorTerm()
            .addToMatchExpressions(new NodeSelectorRequirement("zone", "In", List.of("a")))
            .addToMatchFields(new NodeSelectorRequirement("metadata.name", "In", List.of("node2")))
            .endNodeSelectorTerm()
            .addNewNodeSelectorTerm()
            .endNodeSelectorTerm()
            .endRequired()
            .endNodeAffinity()
            .endSpec()
            .build();
    assertThat(NodeAffinityRule.of(either).admits(NODE)).isFalse();
    assertThat(NodeAffinityRule.of(either).admits(named("node2"))).isFalse();
  }

  @Test
  void aVolumeWithoutARuleIsReachedFromEverywhere() {
    PersistentVolume everywhere = new PersistentVolumeBuilder().withNewSpec().endSpec().build();
    assertThat(NodeAffinityRule.of(everywhere).admits(NODE)).isTrue();
  }

  private static Node named(String name) {
    return new NodeBuilder().withNewMetadata().withName(name).endMetadata().build();
  }
}
