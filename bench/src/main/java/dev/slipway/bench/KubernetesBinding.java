package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.Race.Entrant;
import dev.slipway.bench.kubernetes.Binding;
import dev.slipway.bench.kubernetes.KubeScheduler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many pods get a node in a second, on an API server alone with nodes that are objects.
record KubernetesBinding() implements KubernetesBenchmark.Part {
  private static final int NODES = 1_000;
  private static final int PODS = 3_000;
  private static final double TIMES_KUBE_SCHEDULER = 3;
  private static final String KUBE_SCHEDULER = "kube-scheduler";
  private static final Metric BOUND =
      new Metric("bind_1000_nodes", "pods/s", Optional.empty(), true);

  @Override
  public List<Measurement> measure(Workplace workplace, String name, int runs)
      throws IOException, InterruptedException {
    var binding =
        new Binding(
            workplace.kubernetes().requiredAssets(), () -> workplace.fresh("kubernetes"), NODES, PODS);
    var race =
        new Race(
            KubernetesBenchmark.NAME,
            name,
            List.of(
                entrant("creation", binding, Binding.CREATION),
                entrant(KUBE_SCHEDULER, binding, Binding.kubeScheduler(KubeScheduler.Pace.UNBOUND)),
                entrant(
                    "kube-scheduler-as-shipped",
                    binding,
                    Binding.kubeScheduler(KubeScheduler.Pace.AS_SHIPPED))));
    return withTimes(race.run(runs, workplace::note));
  }

  private static Entrant entrant(String name, Binding binding, Binding.Contestant contestant) {
    return new Entrant(name, () -> Map.of(BOUND, binding.run(contestant)));
  }

  /// Adds how many times as fast as kube-scheduler ours is, which is what the bar is for.
  static List<Measurement> withTimes(List<Measurement> figures) {
    List<Measurement> all = new ArrayList<>(figures);
    figures.stream()
        .filter(each -> each.peer().filter(KUBE_SCHEDULER::equals).isPresent())
        .filter(each -> each.ratio().isPresent())
        .map(
            each ->
                new Measurement(
                    each.bench(),
                    Metric.atLeast(
                        TIMES_KUBE_SCHEDULER, each.metric().name() + ".times_" + KUBE_SCHEDULER, "x"),
                    Samples.of(each.ratio().orElseThrow()),
                    each.command()))
        .forEach(all::add);
    return all;
  }
}
