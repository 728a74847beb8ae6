package dev.slipway.server.marathon.json;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.state.Failures;
import dev.slipway.core.state.State;

/// The last failure of an app's task.
public record LastTaskFailureJson(
    String appId,
    String host,
    String message,
    String state,
    String taskId,
    String timestamp,
    String version,
    String slaveId) {

  public static LastTaskFailureJson fromCore(PathId app, Failures.Failure failure, State state) {
    String host =
        state
            .node(failure.node())
            .map(node -> node.node().hostname())
            .orElse(failure.node().value());
    return new LastTaskFailureJson(
        app.toString(),
        host,
        failure.end().message(),
        TaskState.of(TaskState.after(failure.end())),
        failure.instance().task().value(),
        Timestamps.format(failure.at()),
        Timestamps.format(failure.version()),
        failure.node().value());
  }
}
