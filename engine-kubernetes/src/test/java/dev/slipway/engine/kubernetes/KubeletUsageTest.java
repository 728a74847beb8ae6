package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.engine.kubernetes.KubeletSummary.Measured;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KubeletUsageTest {
  private static final TaskId TASK =
      new TaskId("shop.instance-11111111-2222-3333-4444-555555555555._app.1");

  private static final String SUMMARY =
      """
      {"node": {"nodeName": "n1"}, "pods": [
        {"podRef": {"name": "shop-1", "namespace": "slipway", "uid": "u"},
         "containers": [
           {"name": "fetch", "cpu": {"usageCoreNanoSeconds": 1}},
           {"name": "task", "cpu": {"time": "2026-11-22T17:30:44Z", "usageCoreNanoSeconds": 2500000000},
            "memory": {"workingSetBytes": 1048576}}],
         "process_stats": {"process_count": 3}},
        {"podRef": {"name": "shop-1", "namespace": "other"},
         "containers": [{"name": "task", "cpu": {"usageCoreNanoSeconds": 1}}]},
        {"podRef": {"name": "young", "namespace": "slipway"}, "containers": [{"name": "task"}]}]}
      """;

  private final KubeletSummary summary =
      new KubeletSummary(
          "slipway",
          name ->
              name.equals("shop-1") || name.equals("young")
                  ? Optional.of(new Measured(TASK, 4096))
                  : Optional.empty());

  @Test
  void onlyTasksOfOursThatWereMeasuredAreTold() throws IOException {
    assertThat(summary.read(SUMMARY.getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            new UsageSample(TASK, Instant.parse("2026-11-22T17:30:44Z"), 2.5, 1_048_576, 4096, 3));
  }

  @Test
  void whatNoKubeletSaysIsNoSample() {
    for (String text : List.of("", "[]", "{\"pods\":", "<html>", "[".repeat(2000))) {
      assertThatThrownBy(() -> summary.read(text.getBytes(StandardCharsets.UTF_8)))
          .as(text)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aKubeletThatDoesNotAnswerIsAskedLessAndLessOften() throws InterruptedException {
    KubernetesLimits limits =
        KubernetesLimits.DEFAULT.withPatience(
            Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(1));
    // Nothing listens on port 1.
    var nobody = new Kubelet(new NodeId("n1"), "127.0.0.1", 1);
    try (var client = new KubeletClient(Config.empty(), KubeletTrust.INSECURE, limits);
        var usage = new KubeletUsage(limits, client, summary, () -> List.of(nobody), _ -> {})) {
      long asked = 0;
      for (long round = 0; round < 100; round++) {
        long before = usage.waits(round).getOrDefault(nobody.node(), 0L);
        usage.measure(round);
        asked += before <= 0 ? 1 : 0;
      }
      assertThat(asked).isBetween(5L, 8L);
    }
  }

  @Nested
  class OnACluster {
    @RegisterExtension static final TestNamespace NAMESPACE = new TestNamespace("usage");

    @Test
    void kubeletsTellWhatTasksUse() throws InterruptedException {
      String node = NAMESPACE.cluster().nodes(1).getFirst();
      NAMESPACE.client().resource(busy(node)).create();
      NAMESPACE
          .client()
          .pods()
          .inNamespace(NAMESPACE.name())
          .withName("busy")
          .waitUntilCondition(
              pod -> pod != null && "Running".equals(pod.getStatus().getPhase()),
              60,
              TimeUnit.SECONDS);
      var kubelet =
          new Kubelet(new NodeId(node), NAMESPACE.cluster().address(node), Kubelet.USUAL_PORT);
      var ours = new KubeletSummary(NAMESPACE.name(), _ -> Optional.of(new Measured(TASK, 0)));
      KubernetesLimits limits = KubernetesLimits.DEFAULT;
      Config config = NAMESPACE.client().getConfiguration();
      try (var client = new KubeletClient(config, KubeletTrust.INSECURE, limits);
          var usage = new KubeletUsage(limits, client, ours, () -> List.of(kubelet), _ -> {})) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(
                () ->
                    assertThat(usage.measure(0))
                        .singleElement()
                        .satisfies(
                            sample -> {
                              assertThat(sample.cpuSeconds()).isPositive();
                              assertThat(sample.memBytes()).isPositive();
                            }));
      }
      // The certificates of this cluster's kubelets are signed by nobody.
      try (var client = new KubeletClient(config, KubeletTrust.VERIFIED, limits)) {
        assertThatThrownBy(() -> client.summary(kubelet))
            .isInstanceOf(javax.net.ssl.SSLException.class);
      }
    }

    private static io.fabric8.kubernetes.api.model.Pod busy(String node) {
      return new PodBuilder()
          .withNewMetadata()
          .withName("busy")
          .withNamespace(NAMESPACE.name())
          .endMetadata()
          .withNewSpec()
          .withNodeName(node)
          .withTerminationGracePeriodSeconds(1L)
          .addNewContainer()
          .withName(Names.TASK_CONTAINER)
          .withImage(NAMESPACE.cluster().image())
          .withCommand(
              "sh",
              "-c",
              "while true; do i=0; while [ $i -lt 9999 ]; do i=$((i+1)); done; sleep 0.2; done")
          .endContainer()
          .endSpec()
          .build();
    }
  }
}
