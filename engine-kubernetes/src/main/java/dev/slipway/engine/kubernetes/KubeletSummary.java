package dev.slipway.engine.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.TaskId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads what a kubelet says of the pods on its node (`/stats/summary`, stats.k8s.io/v1alpha1).
///
/// @param namespace where our pods are
/// @param tasks what a pod of this name runs, if it is one of ours that runs
record KubeletSummary(String namespace, Function<String, Optional<Measured>> tasks) {
  /// A task that is measured.
  ///
  /// @param memLimitBytes what is enforced, 0 for nothing
  record Measured(TaskId task, long memLimitBytes) {}

  private static final double NANOSECONDS = 1e9;

  /// Far more than a kubelet nests and writes in one piece.
  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder().maxNestingDepth(50).maxStringLength(100_000).build();

  private static final ObjectMapper JSON =
      new ObjectMapper(JsonFactory.builder().streamReadConstraints(LIMITS).build());

  /// @throws IOException when it is not what a kubelet says
  List<UsageSample> read(byte[] text) throws IOException {
    JsonNode pods = JSON.readTree(text).path("pods");
    if (!pods.isArray()) {
      throw new IOException("the kubelet's summary has no pods");
    }
    List<UsageSample> samples = new ArrayList<>();
    for (JsonNode pod : pods) {
      JsonNode reference = pod.path("podRef");
      if (!namespace.equals(reference.path("namespace").asText())) {
        continue;
      }
      Optional<Measured> measured = tasks.apply(reference.path("name").asText());
      for (JsonNode container : pod.path("containers")) {
        if (Names.TASK_CONTAINER.equals(container.path("name").asText())) {
          measured.flatMap(task -> sample(task, pod, container)).ifPresent(samples::add);
        }
      }
    }
    return samples;
  }

  /// A container that has only begun has not been measured yet.
  private static Optional<UsageSample> sample(Measured measured, JsonNode pod, JsonNode container) {
    JsonNode cpu = container.path("cpu").path("usageCoreNanoSeconds");
    JsonNode memory = container.path("memory").path("workingSetBytes");
    if (!cpu.isNumber() || !memory.isNumber()) {
      return Optional.empty();
    }
    return time(container.path("cpu").path("time").asText())
        .map(
            at ->
                new UsageSample(
                    measured.task(),
                    at,
                    cpu.asLong() / NANOSECONDS,
                    memory.asLong(),
                    measured.memLimitBytes(),
                    pod.path("process_stats").path("process_count").asInt()));
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }
}
