package dev.slipway.bench;

import dev.slipway.bench.Measurement.Metric;
import dev.slipway.bench.Race.Entrant;
import dev.slipway.bench.kubernetes.Binding;
import dev.slipway.bench.kubernetes.KubeScheduler;
import dev.slipway.bench.kubernetes.PodTemplate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How many pods get a node in a second, on an API server alone with nodes that are objects.
record KubernetesBinding() implements KubernetesBenchmark.Part {
  private static final int NODES = 1_000;
  private static final int PODS = 3_000;
  private static final double TIMES_KUBE_SCHEDULER = 3;
  private static final String KUBE_SCHEDULER = "kube-scheduler";
  static final Metric BOUND = new Metric("bind_1000_nodes", "pods/s", Optional.empty(), true);

  @Override
  public Race.Result measure(Workplace workplace, String name, int runs)
      throws IOException, InterruptedException {
    var binding = new Binding(workplace.freshCluster(NODES, PODS));
    var server = new SlipwayOnKubernetes(workplace, PodTemplate.IMAGE);
    var race =
        new Race(
            KubernetesBenchmark.NAME,
            name,
            List.of(
                new Entrant(Race.OURS, () -> server.bind(binding)),
                entrant("creation", binding, Binding.CREATION),
                entrant(KUBE_SCHEDULER, binding, Binding.kubeScheduler(KubeScheduler.Pace.UNBOUND)),
                entrant(
                    "kube-scheduler-as-shipped",
                    binding,
                    Binding.kubeScheduler(KubeScheduler.Pace.AS_SHIPPED))));
    Race.Result result = race.run(runs, workplace::note);
    return new Race.Result(withTimes(result.figures()), result.whole());
  }

  /// The first pods of a server that has just started, whose JVM still compiles its code.
  static final Metric FIRST = new Metric("bind_1000_nodes.first", "pods/s", Optional.empty(), true);

  private static Entrant entrant(
      String name, Binding binding, Binding.Contestant<Binding.Rate> contestant) {
    return new Entrant(name, () -> figures(binding.run(contestant)));
  }

  /// Figures to which more may be added.
  static Map<Metric, Double> figures(Binding.Rate rate) {
    Map<Metric, Double> figures = new LinkedHashMap<>();
    figures.put(BOUND, rate.podsASecond());
    if (!rate.scheduler().isZero()) {
      figures.put(
          Metric.told(BOUND.name() + ".scheduler_processor", "us/pod"),
          rate.schedulerMicroseconds());
    }
    figures.put(Metric.told(BOUND.name() + ".api_processor", "us/pod"), rate.apiMicroseconds());
    return figures;
  }

  /// Adds how many times as fast as kube-scheduler ours is, which is what the bar is for.
  static List<Measurement> withTimes(List<Measurement> figures) {
    List<Measurement> all = new ArrayList<>(figures);
    figures.stream()
        .filter(each -> each.peer().filter(KUBE_SCHEDULER::equals).isPresent())
        .filter(each -> each.metric().equals(BOUND))
        .filter(each -> each.ratio().isPresent())
        .map(
            each ->
                new Measurement(
                    each.bench(),
                    Metric.atLeast(
                        TIMES_KUBE_SCHEDULER,
                        each.metric().name() + ".times_" + KUBE_SCHEDULER,
                        "x"),
                    Samples.of(each.ratio().orElseThrow()),
                    each.command()))
        .forEach(all::add);
    return all;
  }
}
