package dev.slipway.server.marathon.json;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.Condition;

/// Marathon's and Mesos's words for an instance's condition.
public final class TaskState {
  private TaskState() {}

  /// As in tasks and status updates: `TASK_RUNNING`.
  public static String of(Condition condition) {
    return switch (condition) {
      case SCHEDULED, PROVISIONED, STAGING -> "TASK_STAGING";
      case RUNNING -> "TASK_RUNNING";
      case UNREACHABLE, UNREACHABLE_INACTIVE -> "TASK_UNREACHABLE";
      case KILLING -> "TASK_KILLING";
      case FINISHED -> "TASK_FINISHED";
      case FAILED -> "TASK_FAILED";
      case KILLED -> "TASK_KILLED";
      case GONE -> "TASK_GONE";
      case DROPPED -> "TASK_DROPPED";
    };
  }

  /// As in changes of instances: `Running`.
  public static String word(Condition condition) {
    return switch (condition) {
      case SCHEDULED -> "Scheduled";
      case PROVISIONED -> "Provisioned";
      case STAGING -> "Staging";
      case RUNNING -> "Running";
      case UNREACHABLE -> "Unreachable";
      case UNREACHABLE_INACTIVE -> "UnreachableInactive";
      case KILLING -> "Killing";
      case FINISHED -> "Finished";
      case FAILED -> "Failed";
      case KILLED -> "Killed";
      case GONE -> "Gone";
      case DROPPED -> "Dropped";
    };
  }

  /// What a task is after it ended by itself, or was ended by somebody else.
  public static Condition after(TaskEnd end) {
    return switch (end.reason()) {
      case EXITED -> end.successful() ? Condition.FINISHED : Condition.FAILED;
      case KILLED -> Condition.KILLED;
      case GONE -> Condition.GONE;
      case SIGNALED,
          OUT_OF_MEMORY,
          DISK_LIMIT,
          FETCH_FAILED,
          COMMAND_INVALID,
          PORT_IN_USE,
          IMAGE_UNAVAILABLE,
          VOLUME_UNAVAILABLE,
          EVICTED,
          LAUNCH_FAILED ->
          Condition.FAILED;
    };
  }
}
