package dev.slipway.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// How fast apps start on Kubernetes and how fast pods get their nodes, beside kube-scheduler.
///
/// @param measured what can be measured alone, in the order in which it is
record KubernetesBenchmark(Map<String, Part> measured) implements Benchmark {
  static final String NAME = "kubernetes";

  /// Measures a part of that name.
  interface Part {
    Race.Result measure(Workplace workplace, String name, int runs)
        throws IOException, InterruptedException;
  }

  static Benchmark create() {
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("start-20", new KubernetesStarts(20));
    parts.put("start-100", new KubernetesStarts(100));
    parts.put("hollow", new KubernetesHollow());
    parts.put("bind", new KubernetesBinding());
    return new KubernetesBenchmark(parts);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String about() {
    return "apps to running on Kubernetes, and pods to their nodes, beside kube-scheduler";
  }

  @Override
  public List<String> parts() {
    return List.copyOf(measured.keySet());
  }

  @Override
  public boolean run(
      Workplace workplace, List<String> wanted, int runs, Consumer<Measurement> found)
      throws InterruptedException {
    boolean whole = true;
    for (Map.Entry<String, Part> part : measured.entrySet()) {
      if (!wanted.contains(part.getKey())) {
        continue;
      }
      try {
        Race.Result result = part.getValue().measure(workplace, part.getKey(), runs);
        result.figures().forEach(found);
        whole &= result.whole();
      } catch (IOException | RuntimeException failure) {
        workplace.note(
            "bench %s %s failed: %s".formatted(NAME, part.getKey(), failure.getMessage()));
        whole = false;
      }
    }
    return whole;
  }
}
