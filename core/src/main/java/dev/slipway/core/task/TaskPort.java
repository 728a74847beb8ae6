package dev.slipway.core.task;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.core.app.PortDefinition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// One of an app's ports as a task has it (Marathon's `PortAssignment`).
///
/// @param hostPort the node's port that leads to it; none where it is reached in the task's own
///     network alone
/// @param containerPort what the task listens on; 0 where nobody knows that
/// @param requested the number that the app asked for; 0 if any
public record TaskPort(
    Optional<String> name, Optional<Integer> hostPort, int containerPort, int requested) {

  /// The ports of a task that was given these host ports, one for each port definition, or each
  /// port mapping, of its app: so `portIndex` counts them. Host ports beyond those that the app
  /// defines come after them, without a name.
  public static List<TaskPort> of(AppSpec app, List<Integer> hostPorts) {
    return app.isOnHostNetwork()
        ? defined(app.ports(), hostPorts)
        : mapped(app.portMappings(), hostPorts);
  }

  private static List<TaskPort> defined(List<PortDefinition> definitions, List<Integer> hostPorts) {
    List<TaskPort> result = new ArrayList<>();
    for (int index = 0; index < hostPorts.size(); index++) {
      int port = hostPorts.get(index);
      Optional<PortDefinition> definition =
          index < definitions.size() ? Optional.of(definitions.get(index)) : Optional.empty();
      result.add(
          new TaskPort(
              definition.flatMap(PortDefinition::name),
              Optional.of(port),
              port,
              definition.map(PortDefinition::port).orElse(0)));
    }
    return result;
  }

  private static List<TaskPort> mapped(List<PortMapping> mappings, List<Integer> hostPorts) {
    List<TaskPort> result = new ArrayList<>();
    Iterator<Integer> assigned = hostPorts.iterator();
    for (PortMapping mapping : mappings) {
      Optional<Integer> hostPort =
          mapping.hostPort().isPresent() && assigned.hasNext()
              ? Optional.of(assigned.next())
              : Optional.empty();
      int container = mapping.containerPort() == 0 ? hostPort.orElse(0) : mapping.containerPort();
      result.add(new TaskPort(mapping.name(), hostPort, container, mapping.containerPort()));
    }
    return result;
  }

  /// The number that the task is told: the host's, or its own where no host port leads to it.
  public int number() {
    return hostPort.orElse(containerPort);
  }
}
