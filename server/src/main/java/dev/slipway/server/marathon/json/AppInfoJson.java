package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;

/// An app with what is known of its tasks; each part is there when it was asked for (`embed`).
///
/// @param readinessCheckResults of the tasks that a deployment waits for
public record AppInfoJson(
    @JsonUnwrapped AppJson app,
    Optional<Integer> tasksStaged,
    Optional<Integer> tasksRunning,
    Optional<Integer> tasksHealthy,
    Optional<Integer> tasksUnhealthy,
    Optional<List<IdJson>> deployments,
    Optional<List<ReadinessResultJson>> readinessCheckResults,
    Optional<List<TaskJson>> tasks,
    Optional<LastTaskFailureJson> lastTaskFailure,
    Optional<TaskStatsJson> taskStats) {}
