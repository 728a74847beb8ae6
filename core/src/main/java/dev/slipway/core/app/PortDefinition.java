package dev.slipway.core.app;

import java.util.Optional;
import java.util.SortedMap;

/// A host port that every instance gets (Marathon's `portDefinitions`).
///
/// @param port the service port, and with `requirePorts` the host port too; 0 asks for any
/// @param protocol `tcp`, `udp` or `udp,tcp`
public record PortDefinition(
    int port, String protocol, Optional<String> name, SortedMap<String, String> labels) {
  public PortDefinition {
    labels = Sorted.copyOf(labels);
  }

  public static PortDefinition any() {
    return new PortDefinition(
        0, "tcp", Optional.of("default"), new java.util.TreeMap<String, String>());
  }

  public PortDefinition withPort(int chosen) {
    return new PortDefinition(chosen, protocol, name, labels);
  }
}
