package dev.slipway.engine.local;

import java.time.Duration;

/// What one engine and its tasks may use.
///
/// @param concurrentStarts tasks being fetched or started at once
/// @param processes processes and threads of a task, where control groups can count them
/// @param openFiles open files of a process
/// @param outputBytes size at which `stdout` or `stderr` is cut; one older part of at most that
/// size is kept
/// @param hardCpu whether a task may never use more processor time than it requested, even if it is
/// free
/// @param keptAge how long the sandbox of an ended task is kept
/// @param keptCount how many sandboxes of ended tasks are kept
/// @param keptBytes how much all sandboxes of ended tasks may hold together
public record LocalLimits(
    int concurrentStarts,
    int processes,
    int openFiles,
    long outputBytes,
    boolean hardCpu,
    Duration keptAge,
    int keptCount,
    long keptBytes) {
  public static final LocalLimits DEFAULT =
      new LocalLimits(
          16, 1024, 65_536, 10_000_000, false, Duration.ofHours(24), 200, 10_000_000_000L);

  public LocalLimits {
    if (concurrentStarts < 1 || processes < 1 || openFiles < 16 || outputBytes < 4096) {
      throw new IllegalArgumentException("a limit is too small to run anything");
    }
  }

  public LocalLimits withOutputBytes(long bytes) {
    return new LocalLimits(
        concurrentStarts, processes, openFiles, bytes, hardCpu, keptAge, keptCount, keptBytes);
  }

  public LocalLimits withProcesses(int count) {
    return new LocalLimits(
        concurrentStarts, count, openFiles, outputBytes, hardCpu, keptAge, keptCount, keptBytes);
  }

  public LocalLimits withKept(Duration age, int count, long bytes) {
    return new LocalLimits(
        concurrentStarts, processes, openFiles, outputBytes, hardCpu, age, count, bytes);
  }
}
