package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Container;
import dev.slipway.core.app.Container.PortMapping;
import dev.slipway.core.app.Network;
import dev.slipway.core.engine.TaskLaunch;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/// Which of the node's ports lead to a task. Every task has a network of its own; on "the host's"
/// its assigned ports lead to the same numbers of its own, so that it listens where it is told to
/// and yet has not the node's loopback.
final class PodPorts {
  private PodPorts() {}

  static List<ContainerPort> of(TaskLaunch launch) {
    boolean host =
        launch.surroundings().networks().stream()
            .allMatch(network -> network.mode() == Network.Mode.HOST);
    return host ? same(launch.hostPorts()) : mapped(launch);
  }

  /// A launch does not tell the protocols here, and the ports are the task's for both.
  private static List<ContainerPort> same(List<Integer> hostPorts) {
    List<ContainerPort> ports = new ArrayList<>();
    for (int port : hostPorts) {
      ports.add(port(port, port, "TCP"));
      ports.add(port(port, port, "UDP"));
    }
    return ports;
  }

  private static List<ContainerPort> mapped(TaskLaunch launch) {
    List<PortMapping> mappings =
        launch.surroundings().container().map(Container::portMappings).orElse(List.of());
    List<ContainerPort> ports = new ArrayList<>();
    Iterator<Integer> assigned = launch.hostPorts().iterator();
    for (PortMapping mapping : mappings) {
      if (mapping.hostPort().isEmpty() || !assigned.hasNext()) {
        continue;
      }
      int hostPort = assigned.next();
      int containerPort = mapping.containerPort() == 0 ? hostPort : mapping.containerPort();
      for (String protocol : mapping.protocol().split(",", -1)) {
        ports.add(port(containerPort, hostPort, protocol.strip().toUpperCase(Locale.ROOT)));
      }
    }
    return ports;
  }

  private static ContainerPort port(int containerPort, int hostPort, String protocol) {
    return new ContainerPortBuilder()
        .withContainerPort(containerPort)
        .withHostPort(hostPort)
        .withProtocol(protocol)
        .build();
  }
}
