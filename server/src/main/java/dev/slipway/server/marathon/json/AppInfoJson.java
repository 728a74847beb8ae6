package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;

/// An app with what is known of its tasks; each part is there when it was asked for (`embed`).
///
/// @param readinessCheckResults always empty when asked for: there are no readiness checks
public record AppInfoJson(
    @JsonUnwrapped AppJson app,
    Optional<Integer> tasksStaged,
    Optional<Integer> tasksRunning,
    Optional<Integer> tasksHealthy,
    Optional<Integer> tasksUnhealthy,
    Optional<List<IdJson>> deployments,
    Optional<List<Object>> readinessCheckResults,
    Optional<List<TaskJson>> tasks,
    Optional<LastTaskFailureJson> lastTaskFailure,
    Optional<TaskStatsJson> taskStats) {}
