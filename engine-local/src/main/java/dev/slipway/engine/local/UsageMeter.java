package dev.slipway.engine.local;

import dev.slipway.core.engine.UsageSample;
import dev.slipway.engine.local.LocalTask.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Measures what running tasks use: from their control groups, else as the sum of their processes,
/// where the time of processes that ended unwaited for is lost.
final class UsageMeter {
  private UsageMeter() {}

  static List<UsageSample> measure(List<LocalTask> tasks) {
    Instant now = Instant.now();
    List<UsageSample> samples = new ArrayList<>();
    List<ProcessTable.Row> table = List.of();
    for (LocalTask task : tasks) {
      if (!(task.phase() instanceof Phase.Running running)) {
        continue;
      }
      TaskGroup group = TaskGroup.of(running.run());
      OptionalLong memory = group.memoryBytes();
      OptionalLong count = group.processCount();
      if (memory.isPresent() && count.isPresent()) {
        samples.add(
            new UsageSample(
                task.id(),
                now,
                group.cpuSeconds(),
                memory.getAsLong(),
                running.run().memoryLimit(),
                (int) count.getAsLong()));
        continue;
      }
      if (table.isEmpty()) {
        table = ProcessTable.all();
      }
      samples.add(sum(task, now, running.processes().family(table), running.run()));
    }
    return samples;
  }

  private static UsageSample sum(
      LocalTask task, Instant now, List<ProcessTable.Row> rows, RunRecord run) {
    double cpuSeconds = 0;
    long memory = 0;
    int threads = 0;
    for (ProcessTable.Row row : rows) {
      cpuSeconds += row.cpuSeconds();
      memory += row.residentBytes();
      threads += row.threads();
    }
    return new UsageSample(task.id(), now, cpuSeconds, memory, run.memoryLimit(), threads);
  }
}
