package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.kubernetes.Stage;
import dev.slipway.bench.kubernetes.StageTimes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class KubernetesBenchmarkTest {
  private static final String COMMAND = "./slipway bench kubernetes bind --runs 3";

  @Test
  void theWholeTimeStandsBeforeItsStages() {
    var times = new StageTimes();
    times.reached(Stage.CREATED, List.of(System.nanoTime() + 1_000_000_000L));
    times.reached(Stage.RUNNING, List.of(System.nanoTime() + 2_000_000_000L, System.nanoTime()));
    Map<Metric, Double> figures = KubernetesStarts.figures("start-20", Stage.RUNNING, times);
    assertThat(figures.keySet())
        .extracting(Metric::name)
        .containsExactly(
            "start_20", "start_20.created", "start_20.running", "start_20.most_on_a_node");
    assertThat(figures.get(Metric.told("start_20", "ms"))).isBetween(2_000.0, 3_000.0);
  }

  @Test
  void bindingIsHeldToATimesOfKubeScheduler() {
    Metric bound = new Metric("bind_1000_nodes", "pods/s", Optional.empty(), true);
    List<Measurement> told =
        KubernetesBinding.withTimes(
            List.of(
                measurement(bound, 900, Optional.empty(), OptionalDouble.empty()),
                measurement(bound, 200, Optional.of("kube-scheduler"), OptionalDouble.of(4.5)),
                measurement(
                    Metric.told("bind_1000_nodes.api_processor", "us/pod"),
                    400,
                    Optional.of("kube-scheduler"),
                    OptionalDouble.of(2)),
                measurement(bound, 950, Optional.of("creation"), OptionalDouble.of(0.95))));
    assertThat(told).hasSize(5);
    assertThat(told.getLast().metric().name()).isEqualTo("bind_1000_nodes.times_kube-scheduler");
    assertThat(told.getLast().value()).isEqualTo(4.5);
    assertThat(told.getLast().ok()).contains(true);
  }

  @Test
  void whatTheEnvironmentNamesStandsBeforeWhatAScriptTells() {
    var means =
        KubernetesMeans.of(
            Map.of("KUBECONFIG", "/one"), Optional.of(Path.of("/script")), "busybox");
    KubernetesMeans all = means.or(Map.of("KUBECONFIG", "/two", "KUBEBUILDER_ASSETS", "/bin"));
    assertThat(all.kubeconfig()).contains(Path.of("/one"));
    assertThat(all.requiredAssets().directory()).isEqualTo(Path.of("/bin"));
    assertThat(all.image()).isEqualTo("busybox");
  }

  private static Measurement measurement(
      Metric metric, double value, Optional<String> peer, OptionalDouble ratio) {
    return new Measurement("kubernetes", metric, Samples.of(value), COMMAND, peer, ratio);
  }
}
