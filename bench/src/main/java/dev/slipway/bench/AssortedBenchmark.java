package dev.slipway.bench;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A subject whose parts measure each in a way of its own.
///
/// @param measured what can be measured alone, in the order in which it is
record AssortedBenchmark(String name, String about, Map<String, Part> measured)
    implements Benchmark {

  /// Measures one part.
  interface Part {
    /// @return whether all of it could be measured
    boolean measure(Workplace workplace, int runs, Consumer<Measurement> found)
        throws IOException, InterruptedException;
  }

  AssortedBenchmark {
    measured = Collections.unmodifiableMap(new LinkedHashMap<>(measured));
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
        whole &= part.getValue().measure(workplace, runs, found);
      } catch (IOException | RuntimeException failure) {
        workplace.note(
            "bench %s %s failed: %s".formatted(name, part.getKey(), failure.getMessage()));
        whole = false;
      }
    }
    return whole;
  }
}
