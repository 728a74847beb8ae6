package dev.slipway.core.pressure;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import java.time.Instant;
import java.util.List;

/// What all tasks of a node were measured to use, in one round.
public record NodeUse(Instant at, Resources capacity, List<OfTask> tasks) {
  public NodeUse {
    tasks = List.copyOf(tasks);
  }

  /// What one task was measured to use.
  ///
  /// @param cpus cores, since the round before
  /// @param memBytes memory, now
  public record OfTask(PathId app, double cpus, long memBytes, Resources requested) {
    /// Cores beyond those that it requested.
    double excess() {
      return Math.max(0, cpus - requested.cpus());
    }
  }

  /// Of the node's processors, the part that tasks use beyond what they requested.
  double excess() {
    return part(tasks.stream().mapToDouble(OfTask::excess).sum(), capacity.cpus());
  }

  /// The part of the node's processors that is used.
  double busy() {
    return part(tasks.stream().mapToDouble(OfTask::cpus).sum(), capacity.cpus());
  }

  /// The part of the node's memory that is used.
  double memory() {
    long used = tasks.stream().mapToLong(OfTask::memBytes).sum();
    return part((double) used, (double) capacity.memBytes());
  }

  private static double part(double used, double capacity) {
    return capacity > 0 ? used / capacity : 0;
  }
}
