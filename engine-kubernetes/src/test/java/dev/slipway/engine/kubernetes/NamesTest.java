package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.volume.VolumeId;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class NamesTest {
  private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  private static final String LABEL_VALUE = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final UUID ID = UUID.fromString("0a2b3c4d-0000-4000-8000-0123456789ab");

  @Test
  void aPodIsNamedAfterItsAppAndItsInstance() {
    assertThat(Names.podName(task("/shop/cart")))
        .isEqualTo("shop-cart-0a2b3c4d-0000-4000-8000-0123456789ab");
    assertThat(Names.podName(task("/a-very-long/path.of.an-app/with-more")))
        .isEqualTo("a-very-long-path-of-0a2b3c4d-0000-4000-8000-0123456789ab");
  }

  @Test
  void everyNameIsADnsLabelAndEveryLabelAllowed() {
    for (String path :
        List.of("/a", "/1/2.3-4", "/" + "x".repeat(200), "/a/" + "b.".repeat(60) + "c")) {
      TaskId task = task(path);
      assertThat(Names.podName(task)).matches(DNS_LABEL);
      assertThat(Names.pullSecretName(task)).matches(DNS_LABEL);
      assertThat(
              Names.labels(task, Instant.parse("2026-01-02T03:04:05.678Z"), new Epoch(7)).values())
          .allSatisfy(value -> assertThat(value).matches(LABEL_VALUE));
    }
  }

  @Test
  void longPathsThatDifferAtTheirEndsHaveDifferentLabels() {
    String start = "/" + "segment-".repeat(12);
    assertThat(Names.ofApp(PathId.of(start + "a")))
        .isNotEqualTo(Names.ofApp(PathId.of(start + "b")));
  }

  @Test
  void labelsTellWhatPeopleLookFor() {
    assertThat(
            Names.labels(
                task("/shop/cart"), Instant.parse("2026-01-02T03:04:05.678Z"), new Epoch(7)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "slipway.dev/managed-by", "slipway",
                "slipway.dev/instance", "0a2b3c4d-0000-4000-8000-0123456789ab",
                "slipway.dev/app", "shop_cart",
                "slipway.dev/version", "2026-01-02T03-04-05.678Z",
                "slipway.dev/epoch", "7"));
  }

  @Test
  void aTaskIsReadBackFromItsPodAndNothingFromThoseOfOthers() {
    TaskId task = task("/shop/cart");
    assertThat(
            Names.task(annotated(Names.annotations(task, PathId.of("/shop/cart"), Instant.EPOCH))))
        .contains(task);
    assertThat(Names.task(annotated(Map.of()))).isEmpty();
    assertThat(Names.task(annotated(Map.of(Names.TASK, "somebody's")))).isEmpty();
  }

  @Test
  void claimsOfDifferentVolumesHaveDifferentNames() {
    VolumeId volume = VolumeId.of(PathId.of("/shop/db"), "Data", ID);
    assertThat(Names.claimName(volume))
        .isEqualTo("shop-db-data-volume-0a2b3c4d-0000-4000-8000-0123456789ab");
    assertThat(Names.claimName(new VolumeId("by_hand"))).matches(DNS_LABEL);
    assertThat(Names.claimName(new VolumeId("by_hand")))
        .isNotEqualTo(Names.claimName(new VolumeId("by-hand")));
  }

  @Test
  void theOrderToEndAPodSurvivesInItsAnnotation() {
    var order = new EndOrder(TaskEnd.Reason.IMAGE_UNAVAILABLE, "no image\n of that name");
    assertThat(EndOrder.of(annotated(Map.of(Names.KILL, order.text())))).contains(order);
    assertThat(order.message()).isEqualTo("no image of that name");
    assertThat(EndOrder.of(annotated(Map.of(Names.KILL, "")))).contains(EndOrder.KILLED);
    assertThat(EndOrder.of(annotated(Map.of()))).isEmpty();
  }

  private static TaskId task(String app) {
    return InstanceId.of(PathId.of(app), ID).task();
  }

  private static Pod annotated(Map<String, String> annotations) {
    return new PodBuilder().withNewMetadata().withAnnotations(annotations).endMetadata().build();
  }
}
