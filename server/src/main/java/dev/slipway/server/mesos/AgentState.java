package dev.slipway.server.mesos;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.State;
import dev.slipway.server.marathon.json.TaskJson;
import dev.slipway.server.marathon.json.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The records of Mesos's `/state` that tools read to find a task's sandbox. One agent is shown,
/// which has the tasks of all nodes; each task names its own node.
final class AgentState {
  /// What clients of Mesos call the framework whose tasks these are.
  static final String FRAMEWORK_NAME = "marathon";

  private AgentState() {}

  record Amounts(double cpus, double mem, double disk, double gpus, String ports) {
    static Amounts of(Resources resources, List<Integer> ports) {
      String ranges =
          ports.stream().map(port -> port + "-" + port).collect(Collectors.joining(", "));
      return new Amounts(
          resources.milliCpus() / 1000.0,
          resources.memBytes() / (double) Resources.MEBIBYTE,
          resources.diskBytes() / (double) Resources.MEBIBYTE,
          resources.gpus(),
          ports.isEmpty() ? "" : "[" + ranges + "]");
    }
  }

  record Agent(
      String id,
      String hostname,
      String pid,
      boolean active,
      Map<String, String> attributes,
      Amounts resources) {
    static Agent of(NodeRecord record, int port) {
      Node node = record.node();
      return new Agent(
          node.id().value(),
          node.hostname(),
          "slave(1)@" + node.hostname() + ":" + port,
          true,
          node.attributes(),
          Amounts.of(record.offered(), List.of()));
    }
  }

  /// @param container_status absent where nobody knows any more where the task was reached
  record Status(String state, double timestamp, Optional<ContainerStatus> container_status) {}

  /// Where a task is reached; Mesos-DNS names tasks by it.
  record ContainerStatus(List<NetworkInfo> network_infos) {}

  record NetworkInfo(List<IpAddress> ip_addresses) {}

  record IpAddress(String protocol, String ip_address) {}

  record Task(
      String id,
      String name,
      String framework_id,
      String executor_id,
      String slave_id,
      String state,
      Amounts resources,
      List<Status> statuses) {}

  /// A task's executor: in Mesos's words what runs one task and owns its sandbox.
  ///
  /// @param source the same as the id, as Mesos's own command executor has it
  /// @param container names the run
  record Executor(
      String id,
      String name,
      String source,
      String container,
      String directory,
      Amounts resources,
      List<Task> tasks,
      List<Task> queued_tasks,
      List<Task> completed_tasks) {}

  static Executor running(State state, Instance instance, Instance.Place place) {
    TaskId id = instance.id().task();
    String word = TaskState.of(instance.condition());
    Amounts amounts = Amounts.of(place.resources(), place.hostPorts());
    Task task =
        task(
            state,
            id,
            instance.app(),
            place.node().value(),
            new Status(word, seconds(instance.since()), containerStatus(state, instance)),
            amounts);
    return executor(state, task, List.of(task), List.of());
  }

  static Executor ended(State state, TaskObservation seen, TaskEnd end) {
    Task task =
        task(
            state,
            seen.task(),
            seen.task().instance().app(),
            seen.node().value(),
            new Status(TaskState.of(TaskState.after(end)), seconds(seen.at()), Optional.empty()),
            Amounts.of(Resources.NONE, List.of()));
    return executor(state, task, List.of(), List.of(task));
  }

  private static Optional<ContainerStatus> containerStatus(State state, Instance instance) {
    List<IpAddress> addresses =
        TaskJson.IpAddressJson.of(state, instance).stream()
            .map(address -> new IpAddress(address.protocol(), address.ipAddress()))
            .toList();
    return addresses.isEmpty()
        ? Optional.empty()
        : Optional.of(new ContainerStatus(List.of(new NetworkInfo(addresses))));
  }

  private static Task task(
      State state, TaskId id, PathId app, String node, Status status, Amounts amounts) {
    return new Task(
        id.value(),
        nameOf(app),
        state.platform().id(),
        "",
        node,
        status.state(),
        amounts,
        List.of(status));
  }

  private static Executor executor(State state, Task task, List<Task> tasks, List<Task> completed) {
    return new Executor(
        task.id(),
        "Command Executor (Task: " + task.id() + ")",
        task.id(),
        SandboxAddress.RUN,
        SandboxAddress.directory(task.slave_id(), state.platform().id(), new TaskId(task.id())),
        task.resources(),
        tasks,
        List.of(),
        completed);
  }

  /// As Marathon names tasks to Mesos: the path reversed, `c.b.a` for `/a/b/c`.
  private static String nameOf(PathId app) {
    List<String> names = List.of(app.toString().substring(1).split("/", -1));
    return String.join(".", names.reversed());
  }

  private static double seconds(java.time.Instant at) {
    return at.toEpochMilli() / 1000.0;
  }
}
