package dev.slipway.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// How fast apps start on Kubernetes and how fast pods get their nodes, beside kube-scheduler.
final class KubernetesBenchmark {
  static final String NAME = "kubernetes";

  private KubernetesBenchmark() {}

  /// Measures a part of that name.
  interface Part {
    Race.Result measure(Workplace workplace, String name, int runs)
        throws IOException, InterruptedException;
  }

  static Benchmark create() {
    Map<String, AssortedBenchmark.Part> parts = new LinkedHashMap<>();
    add(parts, "start-20", new KubernetesStarts(20));
    add(parts, "start-100", new KubernetesStarts(100));
    add(parts, "hollow", new KubernetesHollow());
    add(parts, "bind", new KubernetesBinding());
    return new AssortedBenchmark(
        NAME,
        "apps to running on Kubernetes, and pods to their nodes, beside kube-scheduler",
        parts);
  }

  private static void add(Map<String, AssortedBenchmark.Part> parts, String name, Part part) {
    parts.put(
        name,
        (workplace, runs, found) -> {
          Race.Result result = part.measure(workplace, name, runs);
          result.figures().forEach(found);
          return result.whole();
        });
  }
}
