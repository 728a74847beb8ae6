package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.engine.kubernetes.testing.ApiServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Writes to an API server that takes one at a time, and that is away for a while.
class PushBackTest {
  private static final int MANY = 60;
  private static final int AT_ONCE = 32;
  private static final String NAMESPACE = "default";

  private static ApiServer api;
  private static KubernetesClient client;

  @BeforeAll
  static void start() {
    api =
        ApiServer.start(
            "--max-mutating-requests-inflight=1", "--enable-priority-and-fairness=false");
    // The group of admins is asked to wait for nothing, so another user writes.
    api.client()
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("writer")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                .addNewSubject(
                    "rbac.authorization.k8s.io", "User", ApiServer.USER_WITHOUT_RIGHTS, null)
                .build())
        .create();
    client = api.clientWithoutRights();
    await("the rights hold").ignoreExceptions().until(() -> create("rights") != null);
  }

  @AfterAll
  static void stop() {
    if (api != null) {
      api.close();
    }
  }

  private static Writes writes(Duration patience) {
    return new Writes(new Writes.Bounds(AT_ONCE, 1000, patience));
  }

  private static ConfigMap create(String name) {
    ConfigMap map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(NAMESPACE)
            .endMetadata()
            .build();
    return client.resource(map).create();
  }

  @Test
  void whatAServerThatIsAskedTooMuchRefusesIsWrittenLaterAndOnce() throws Exception {
    Writes writes = writes(Duration.ofMinutes(1));
    List<Future<ConfigMap>> sent = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < MANY; i++) {
        String name = "many-" + i;
        sent.add(threads.submit(() -> writes.send(name, () -> create(name))));
      }
      for (Future<ConfigMap> each : sent) {
        assertThat(each.get().getMetadata().getUid()).isNotEmpty();
      }
    }
    assertThat(writes.pushedBack()).isPositive();
    assertThat(writes.sent()).isEqualTo(MANY + writes.pushedBack());
    assertThat(writes.waiting()).isZero();
  }

  @Test
  void aServerThatIsAwayIsAskedAgainUntilItIsBack() throws Exception {
    Writes writes = writes(Duration.ofMinutes(1));
    api.stopServer();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ConfigMap> sent = threads.submit(() -> writes.send("it", () -> create("patient")));
      assertThatThrownBy(() -> writes(Duration.ofMillis(300)).send("the map x", () -> create("x")))
          .isInstanceOf(EngineUnavailable.class)
          .hasMessageContaining("the map x cannot be written");
      api.startServer();
      assertThat(sent.get().getMetadata().getName()).isEqualTo("patient");
    } finally {
      api.startServer();
    }
    assertThat(client.configMaps().inNamespace(NAMESPACE).withName("x").get()).isNull();
  }

  @Test
  void aRefusalIsPassedOnAtOnce() {
    Writes writes = writes(Duration.ofMinutes(1));
    writes.send("it", () -> create("twice"));
    assertThatThrownBy(() -> writes.send("it", () -> create("twice")))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> assertThat(e.getCode()).isEqualTo(Failures.CONFLICT));
  }
}
