package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.ForeignPlatform;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.engine.kubernetes.testing.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Orders of old epochs stay outside.
@SuppressWarnings("NullAway.Init")
class FenceTest {
  private static final Duration FRESHNESS = KubernetesLimits.DEFAULT.fenceFreshness();

  private static ApiServer api;
  private String namespace;

  @BeforeAll
  static void start() {
    api = ApiServer.start();
  }

  @AfterAll
  static void stop() {
    if (api != null) {
      api.close();
    }
  }

  @BeforeEach
  void makeNamespace() {
    namespace = "fence-" + UUID.randomUUID();
    var made = new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build();
    api.client().resource(made).create();
  }

  private Fence fence() {
    return fence(KubernetesLimits.DEFAULT);
  }

  private Fence fence(KubernetesLimits limits) {
    var writes = new Writes(new Writes.Bounds(4, 1000, Duration.ofSeconds(20)));
    var fence = new Fence(new FenceLease(api.client(), namespace), writes, limits);
    fence.read();
    return fence;
  }

  @Test
  void aLowerEpochIsRefusedHereAndByWhoeverReadsLater() {
    Fence first = fence();
    first.admit(new Epoch(7));
    first.admit(new Epoch(7));
    assertThatThrownBy(() -> first.admit(new Epoch(6))).isInstanceOf(StaleEpoch.class);

    Fence second = fence();
    assertThatThrownBy(() -> second.admit(new Epoch(6))).isInstanceOf(StaleEpoch.class);
    second.admit(new Epoch(8));

    // The first one finds out as soon as what it knows is too old.
    await()
        .pollDelay(FRESHNESS)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> first.admit(new Epoch(7))).isInstanceOf(StaleEpoch.class));
    assertThatThrownBy(() -> fence().admit(new Epoch(7))).isInstanceOf(StaleEpoch.class);
  }

  @Test
  void ofManyThatRiseAtOnceTheHighestIsKept() throws Exception {
    int many = 12;
    List<Future<?>> rising = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int epoch = 1; epoch <= many; epoch++) {
        var wanted = new Epoch(epoch);
        Fence fence = fence();
        rising.add(threads.submit(() -> admitOrFindStale(fence, wanted)));
      }
      for (Future<?> each : rising) {
        each.get();
      }
    }
    Fence last = fence();
    last.admit(new Epoch(many));
    assertThatThrownBy(() -> last.admit(new Epoch(many - 1))).isInstanceOf(StaleEpoch.class);
  }

  @Test
  void aNamespaceThatWasClaimedIsRefusedToOtherPlatformsAndJournals() {
    Fence first = fence();
    first.claim("one", new Epoch(3));
    assertThatThrownBy(() -> fence().claim("two", new Epoch(9)))
        .isInstanceOf(ForeignPlatform.class)
        .hasMessageContaining("the namespace '" + namespace + "' belongs to the platform one")
        .hasMessageContaining("slipway journal restore")
        .hasMessageContaining(
            "kubectl --namespace %s annotate lease slipway slipway.dev/platform-"
                .formatted(namespace));
    assertThatThrownBy(() -> fence().claim("one", new Epoch(3)))
        .isInstanceOf(ForeignPlatform.class)
        .hasMessageContaining("one is a copy of the other");
    assertThatThrownBy(() -> fence().claim("one", new Epoch(2))).isInstanceOf(StaleEpoch.class);
    first.admit(new Epoch(3));
    assertThat(first.fenced().platform()).hasValue("one");
  }

  @Test
  void aPlatformThatWasGivenUpOrdersNothingMoreUntilItClaimsAnew() {
    Fence fence = fence();
    fence.claim("one", new Epoch(3));
    api.client()
        .leases()
        .inNamespace(namespace)
        .withName(FenceLease.NAME)
        .edit(
            lease ->
                new LeaseBuilder(lease)
                    .editMetadata()
                    .removeFromAnnotations(Names.PLATFORM)
                    .endMetadata()
                    .build());
    await()
        .pollDelay(FRESHNESS)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> fence.admit(new Epoch(3)))
                    .isInstanceOf(ForeignPlatform.class)
                    .hasMessageContaining("was given up"));
    Fence other = fence();
    other.claim("two", new Epoch(4));
    other.admit(new Epoch(4));
  }

  @Test
  void manyOrdersShareTheirReadings() throws Exception {
    Fence fence = fence();
    fence.claim("one", new Epoch(1));
    int many = 2_000;
    long began = System.nanoTime();
    List<Future<?>> orders = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int order = 0; order < many; order++) {
        orders.add(threads.submit(() -> fence.admit(new Epoch(1))));
      }
      for (Future<?> each : orders) {
        each.get();
      }
    }
    long halves = (System.nanoTime() - began) / (FRESHNESS.toNanos() / 2);
    assertThat(fence.readings()).isLessThanOrEqualTo(halves + 1);
  }

  @Test
  void withoutTheServerNothingIsOrdered() {
    var patient =
        KubernetesLimits.DEFAULT.withPatience(
            Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(100));
    Fence fence = fence(patient);
    fence.claim("one", new Epoch(1));
    api.stopServer();
    try {
      await()
          .pollDelay(FRESHNESS)
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> fence.admit(new Epoch(1)))
                      .isInstanceOf(EngineUnavailable.class)
                      .hasMessageContaining("cannot be read"));
    } finally {
      api.startServer();
    }
    fence.admit(new Epoch(1));
  }

  private static void admitOrFindStale(Fence fence, Epoch epoch) {
    try {
      fence.admit(epoch);
    } catch (StaleEpoch late) {
      assertThat(late).hasMessageContaining("epoch " + epoch.value());
    }
  }
}
