package dev.slipway.server.mesos;

import dev.slipway.core.instance.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A file or directory of a task by a path of Mesos's, of which there are two spellings:
/// ```
/// /tasks/<task>/<path>
/// /var/lib/slipway/slaves/<node>/frameworks/<framework>/executors/<task>/runs/<run>/<path>
/// ```
/// The paths are names only: no such directory exists, the task's engine knows where the files are.
/// Names are compared whole, one by one, so no prefix of a name is taken for the name.
///
/// @param prefix what was written before the path within the sandbox, without a slash at its end
/// @param path within the sandbox, as the sandbox takes it; empty for the sandbox itself
record SandboxAddress(TaskId task, String prefix, String path) {
  /// Mesos's `--work_dir`, as clients see it.
  static final String WORK_DIRECTORY = "/var/lib/slipway";

  /// The only run there is: a task is never run twice.
  static final String RUN = "latest";

  private static final int MAX_LENGTH = 8192;

  /// Where the task's name stands after the names of the work directory.
  private static final int TASK_POSITION = 5;

  private static final int RUN_POSITION = 7;

  /// The directory that clients are told.
  static String directory(String node, String framework, TaskId task) {
    return "%s/slaves/%s/frameworks/%s/executors/%s/runs/%s"
        .formatted(WORK_DIRECTORY, node, framework, task, RUN);
  }

  /// Nothing for a path that leads to no sandbox, whether or not the task exists.
  static Optional<SandboxAddress> parse(String text) {
    if (text.length() > MAX_LENGTH || !text.startsWith("/")) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    if (names.size() >= 2 && names.getFirst().equals("tasks")) {
      return at(names, 1, 2);
    }
    List<String> work = List.of(WORK_DIRECTORY.substring(1).split("/", -1));
    if (names.size() <= work.size() || !names.subList(0, work.size()).equals(work)) {
      return Optional.empty();
    }
    List<String> rest = names.subList(work.size(), names.size());
    boolean mesos =
        rest.size() > RUN_POSITION
            && rest.get(0).equals("slaves")
            && rest.get(2).equals("frameworks")
            && rest.get(4).equals("executors")
            && rest.get(6).equals("runs")
            && (rest.get(RUN_POSITION).equals(RUN)
                || rest.get(RUN_POSITION).equals(rest.get(TASK_POSITION)));
    return mesos
        ? at(names, work.size() + TASK_POSITION, work.size() + RUN_POSITION + 1)
        : Optional.empty();
  }

  private static Optional<SandboxAddress> at(List<String> names, int task, int end) {
    try {
      return Optional.of(
          new SandboxAddress(
              new TaskId(names.get(task)),
              "/" + String.join("/", names.subList(0, end)),
              String.join("/", names.subList(end, names.size()))));
    } catch (IllegalArgumentException notATask) {
      return Optional.empty();
    }
  }

  /// A path within the sandbox as clients write it.
  String shown(String within) {
    return prefix + "/" + within;
  }
}
