package dev.slipway.server.control;

import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What tasks were last measured to use. Measurements are no decisions and are never recorded.
public final class UsageBoard {
  /// A task's last measurement.
  ///
  /// @param cpus cores used between the last two measurements; 0 after the first
  public record Usage(UsageSample sample, double cpus) {}

  private final Map<TaskId, Usage> latest = new ConcurrentHashMap<>();

  /// Takes in a round of measurements: of all tasks that run.
  public void take(List<UsageSample> samples) {
    for (UsageSample sample : samples) {
      latest.compute(sample.task(), (task, before) -> new Usage(sample, rate(before, sample)));
    }
    var running =
        samples.stream().map(UsageSample::task).collect(java.util.stream.Collectors.toSet());
    latest.keySet().retainAll(running);
  }

  public Optional<Usage> of(TaskId task) {
    return Optional.ofNullable(latest.get(task));
  }

  private static double rate(@org.jspecify.annotations.Nullable Usage before, UsageSample sample) {
    if (before == null) {
      return 0;
    }
    double seconds = Duration.between(before.sample().at(), sample.at()).toNanos() / 1e9;
    double used = sample.cpuSeconds() - before.sample().cpuSeconds();
    return seconds <= 0 || used < 0 ? before.cpus() : used / seconds;
  }
}
