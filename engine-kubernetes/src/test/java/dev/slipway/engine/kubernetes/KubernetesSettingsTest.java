package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.node.PortRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesSettingsTest {
  @Test
  void byDefaultNothingBeyondTheBaselineIsAllowed() {
    KubernetesSettings settings = KubernetesSettings.DEFAULT;
    assertThat(settings.allowed().privileged()).isFalse();
    assertThat(settings.allowed().paths()).isEmpty();
    assertThat(settings.usage()).isEqualTo(KubeletTrust.VERIFIED);
    assertThat(settings.storageClass()).isEmpty();
    assertThat(settings.cacheDirectory()).isEmpty();
    assertThat(settings.offer().dynamicPorts()).isEqualTo(new PortRange(20_000, 29_999));
  }

  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void eachPartChangesAlone() {
    KubernetesSettings changed =
        KubernetesSettings.DEFAULT
            .withAccess(Access.DEFAULT.withContext("test").inNamespace("shop"))
            .withImages(TaskImages.DEFAULT.withBase("local/base:2").withPullSecrets(List.of("hub")))
            .withOffer(new Offer("amd.com/gpu", Offer.USUAL_DYNAMIC_PORTS, Offer.USUAL_FIXED_PORTS))
            .withStorageClass("fast")
            .withCacheDirectory("/var/cache/slipway")
            .withUsage(KubeletTrust.OFF)
            .withLimits(KubernetesLimits.DEFAULT.withPatience(LONG, LONG, LONG));
    assertThat(changed.access().namespace()).contains("shop");
    assertThat(changed.access().context()).contains("test");
    assertThat(changed.images().base()).isEqualTo("local/base:2");
    assertThat(changed.images().fetch()).isEqualTo(TaskImages.USUAL);
    assertThat(changed.offer().gpuResource()).isEqualTo("amd.com/gpu");
    assertThat(changed.storageClass()).contains("fast");
    assertThat(changed.cacheDirectory())
        .contains(new NodePath(Path.of("/var/cache/slipway"), false));
    assertThat(changed.usage()).isEqualTo(KubeletTrust.OFF);
    assertThat(changed.limits().writePatience()).isEqualTo(LONG);
    assertThat(changed.retention()).isEqualTo(KubernetesSettings.DEFAULT.retention());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "A", "a_b", "a.b", "a-"})
  void whatIsNoNamespaceIsRefusedAtOnce(String name) {
    assertThatThrownBy(() -> Access.DEFAULT.inNamespace(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "' is no name of a namespace");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-v", "a b", "a:1\n", "a$b"})
  void whatIsNoImageIsRefusedAtOnce(String name) {
    assertThatThrownBy(() -> TaskImages.DEFAULT.withBase(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no base image");
  }

  @Test
  void portsToChooseFromLieApartFromPortsToRequire() {
    assertThatThrownBy(
            () -> Offer.DEFAULT.withPorts(new PortRange(9_000, 12_000), Offer.USUAL_FIXED_PORTS))
        .hasMessage(
            "the ports that are chosen (9000-12000) and those that apps may require (1024-9999) have"
                + " to lie apart");
  }

  @Test
  void directoriesOfNodesAreComparedByNameAndByWhatIsDoneThere() {
    NodePath data = NodePath.parse("/srv/data:ro");
    assertThat(data.allows(Path.of("/srv/data/a"), false)).isTrue();
    assertThat(data.allows(Path.of("/srv/data/a"), true)).isFalse();
    assertThat(data.allows(Path.of("/srv/data/../x"), false)).isFalse();
    assertThat(data.allows(Path.of("/srv/database"), false)).isFalse();
    assertThatThrownBy(() -> NodePath.parse("data")).hasMessageContaining("whole path");
    assertThatThrownBy(() -> KubernetesSettings.DEFAULT.withCacheDirectory("/c:ro"))
        .hasMessageContaining("written to");
  }
}
