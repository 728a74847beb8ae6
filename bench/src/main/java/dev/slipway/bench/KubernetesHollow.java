package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.Race.Entrant;
import dev.slipway.bench.kubernetes.HollowCluster;
import dev.slipway.bench.kubernetes.PodTemplate;
import dev.slipway.bench.kubernetes.Stage;
import dev.slipway.bench.kubernetes.StageTimes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// From the request for many instances until all run on hollow nodes, and how many pods were made
/// and placed in a second meanwhile.
record KubernetesHollow() implements KubernetesBenchmark.Part {
  private static final int NODES = 50;
  private static final int PODS = 2_000;

  @Override
  public Race.Result measure(Workplace workplace, String name, int runs)
      throws IOException, InterruptedException {
    var cluster = new HollowCluster(workplace.freshCluster(NODES, PODS));
    var server = new SlipwayOnKubernetes(workplace, PodTemplate.IMAGE);
    var ours =
        new Entrant(Race.OURS, () -> figures(name, Stage.REPORTED, cluster.run(server::launch)));
    var scheduler =
        new Entrant(
            "kube-scheduler",
            () -> figures(name, Stage.RUNNING, cluster.run(HollowCluster.KUBE_SCHEDULER)));
    return new Race(KubernetesBenchmark.NAME, name, List.of(ours, scheduler))
        .run(runs, workplace::note);
  }

  private static Map<Metric, Double> figures(String name, Stage end, StageTimes times) {
    Map<Metric, Double> figures = KubernetesStarts.figures(name, end, times);
    rate(times, Stage.CREATED).ifPresent(rate -> figures.put(metric(name + ".pods_created"), rate));
    rate(times, Stage.BOUND).ifPresent(rate -> figures.put(metric(name + ".pods_bound"), rate));
    return figures;
  }

  private static Metric metric(String name) {
    return new Metric(name, "pods/s", Optional.empty(), true);
  }

  private static Optional<Double> rate(StageTimes times, Stage stage) {
    return times.time(stage).map(taken -> PODS * 1e9 / taken.toNanos());
  }
}
