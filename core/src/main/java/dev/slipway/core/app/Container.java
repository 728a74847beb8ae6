package dev.slipway.core.app;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What a task is wrapped in (Marathon's `container`).
///
/// @param kind who makes the container, as Marathon calls it; it decides the defaults of others
/// @param image the file system that the task starts with; without one that of the node
/// @param portMappings the ports of a task that has a network of its own; empty on the host's
/// network
/// @param linuxInfo settings of Mesos's own containers, kept as they were given (JSON)
public record Container(
    Kind kind,
    Optional<Image> image,
    List<Volume> volumes,
    List<PortMapping> portMappings,
    Optional<String> linuxInfo) {

  public enum Kind {
    DOCKER,
    MESOS
  }

  public Container {
    volumes = List.copyOf(volumes);
    portMappings = List.copyOf(portMappings);
  }

  public Container withPortMappings(List<PortMapping> mappings) {
    return new Container(kind, image, volumes, mappings, linuxInfo);
  }

  /// An image of a registry.
  ///
  /// @param name as `docker pull` takes it
  /// @param forcePull whether it is asked for again before each start
  /// @param parameters further options, in the words of Docker's command line
  /// @param pullSecret the app's name for the secret that holds the registry's credentials
  /// @param credential an account as Mesos knows it; kept, of no effect
  public record Image(
      String name,
      boolean forcePull,
      boolean privileged,
      List<Parameter> parameters,
      Optional<String> pullSecret,
      Optional<Credential> credential) {
    public Image {
      parameters = List.copyOf(parameters);
    }
  }

  public record Parameter(String key, String value) {}

  public record Credential(String principal, Optional<String> secret) {}

  /// A port of the container.
  ///
  /// @param containerPort the port within; 0 is the host port's number
  /// @param hostPort the node's port that leads to it: 0 is any; without one none leads to it
  /// @param servicePort the port that load balancers offer; 0 asks for any
  /// @param protocol `tcp`, `udp` or `udp,tcp`
  /// @param networkNames the container networks that it is for; all when empty
  public record PortMapping(
      int containerPort,
      Optional<Integer> hostPort,
      int servicePort,
      String protocol,
      Optional<String> name,
      SortedMap<String, String> labels,
      List<String> networkNames) {
    public PortMapping {
      labels = Sorted.copyOf(labels);
      networkNames = List.copyOf(networkNames);
    }

    public PortMapping withServicePort(int chosen) {
      return new PortMapping(containerPort, hostPort, chosen, protocol, name, labels, networkNames);
    }
  }
}
