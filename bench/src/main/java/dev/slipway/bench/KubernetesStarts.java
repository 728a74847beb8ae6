package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.Race.Entrant;
import dev.slipway.bench.kubernetes.Assets;
import dev.slipway.bench.kubernetes.Launching;
import dev.slipway.bench.kubernetes.MissingException;
import dev.slipway.bench.kubernetes.PodPattern;
import dev.slipway.bench.kubernetes.ScriptedCluster;
import dev.slipway.bench.kubernetes.Stage;
import dev.slipway.bench.kubernetes.StageTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// From the request for instances until all run, on a cluster with real kubelets.
record KubernetesStarts(int instances) implements KubernetesBenchmark.Part {

  @Override
  public Race.Result measure(Workplace workplace, String name, int runs)
      throws IOException, InterruptedException {
    KubernetesMeans given = workplace.kubernetes();
    if (given.kubeconfig().isPresent() || given.cluster().isEmpty()) {
      return race(workplace, given, name, runs);
    }
    try (var cluster = ScriptedCluster.open(given.cluster().get(), KubernetesMeans.KUBECONFIG)) {
      return race(workplace, given.or(cluster.variables()), name, runs);
    }
  }

  private Race.Result race(Workplace workplace, KubernetesMeans means, String name, int runs)
      throws InterruptedException {
    Path kubeconfig =
        means
            .kubeconfig()
            .orElseThrow(
                () ->
                    new MissingException(
                        "it needs a cluster: set $KUBECONFIG, or give --cluster SCRIPT"));
    Assets assets = means.requiredAssets();
    assets.require("kube-scheduler");
    var launching =
        new Launching(
            assets,
            kubeconfig,
            () -> workplace.fresh("kubernetes"),
            new PodPattern(means.image()),
            instances);
    var server = new SlipwayOnKubernetes(workplace, means.image());
    var ours =
        new Entrant(Race.OURS, () -> figures(name, Stage.REPORTED, launching.run(server::launch)));
    var deployment =
        new Entrant(
            "deployment", () -> figures(name, Stage.RUNNING, launching.run(Launching.DEPLOYMENT)));
    return new Race(KubernetesBenchmark.NAME, name, List.of(ours, deployment))
        .run(runs, workplace::note);
  }

  /// @param end the stage with which all is done
  static Map<Metric, Double> figures(String name, Stage end, StageTimes times) {
    String prefix = name.replace('-', '_');
    Map<Metric, Double> figures = new LinkedHashMap<>();
    times.time(end).ifPresent(time -> figures.put(Metric.told(prefix, "ms"), milliseconds(time)));
    for (Stage stage : Stage.values()) {
      Optional<Duration> time = times.time(stage);
      time.ifPresent(
          taken ->
              figures.put(Metric.told(prefix + "." + stage.label(), "ms"), milliseconds(taken)));
    }
    figures.put(Metric.told(prefix + ".most_on_a_node", "pods"), (double) times.mostOnANode());
    return figures;
  }

  private static double milliseconds(Duration time) {
    return time.toNanos() / 1e6;
  }
}
