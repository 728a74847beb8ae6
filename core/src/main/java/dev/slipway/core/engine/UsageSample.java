package dev.slipway.core.engine;

import dev.slipway.core.instance.TaskId;
import java.time.Instant;

/// What a task was measured to use.
///
/// @param cpuSeconds processor time since the task started, all its processes together
/// @param memBytes memory in use now
/// @param memLimitBytes the limit that is enforced, 0 for none
/// @param processes processes and threads now
public record UsageSample(
    TaskId task, Instant at, double cpuSeconds, long memBytes, long memLimitBytes, int processes) {}
