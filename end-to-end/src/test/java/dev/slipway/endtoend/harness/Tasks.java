package dev.slipway.endtoend.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// An app's tasks as Marathon's API lists them.
public record Tasks(List<Task> all) {
  /// One of them.
  ///
  /// @param healthy whether it has health checks and all of them are content
  public record Task(
      String id,
      String host,
      String node,
      String state,
      String version,
      List<Integer> ports,
      boolean healthy) {
    public boolean isRunning() {
      return state.equals("TASK_RUNNING");
    }
  }

  public static Tasks of(Client client, String app) {
    List<Task> tasks = new ArrayList<>();
    for (JsonNode task : client.json("/v2/apps" + app + "/tasks").path("tasks")) {
      List<Integer> ports = new ArrayList<>();
      task.path("ports").forEach(port -> ports.add(port.asInt()));
      boolean healthy = !task.path("healthCheckResults").isEmpty();
      for (JsonNode result : task.path("healthCheckResults")) {
        healthy &= result.path("alive").asBoolean();
      }
      tasks.add(
          new Task(
              task.path("id").asString(),
              task.path("host").asString(),
              task.path("slaveId").asString(),
              task.path("state").asString(),
              task.path("version").asString(),
              ports,
              healthy));
    }
    return new Tasks(tasks);
  }

  public List<Task> running() {
    return all.stream().filter(Task::isRunning).toList();
  }

  public List<Task> healthy() {
    return all.stream().filter(task -> task.isRunning() && task.healthy()).toList();
  }

  public Set<String> ids() {
    return all.stream().map(Task::id).collect(Collectors.toSet());
  }

  public Task only() {
    if (all.size() != 1) {
      throw new AssertionError("not one task but " + all);
    }
    return all.getFirst();
  }
}
