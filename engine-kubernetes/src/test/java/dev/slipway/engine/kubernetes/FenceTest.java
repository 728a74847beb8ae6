package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.engine.kubernetes.testing.ApiServer;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
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
    var writes = new Writes(new Writes.Bounds(4, 1000, Duration.ofSeconds(20)));
    var fence = new Fence(api.client(), namespace, writes);
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

    // The first one does not know yet; as soon as it has to write, it finds out.
    assertThatCode(() -> first.admit(new Epoch(7))).doesNotThrowAnyException();
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

  private static void admitOrFindStale(Fence fence, Epoch epoch) {
    try {
      fence.admit(epoch);
    } catch (StaleEpoch late) {
      assertThat(late).hasMessageContaining("epoch " + epoch.value());
    }
  }
}
