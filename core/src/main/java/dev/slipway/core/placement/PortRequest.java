package dev.slipway.core.placement;

import dev.slipway.core.app.PortDefinition;

/// A host port that an instance needs.
public sealed interface PortRequest {
  /// This port and no other.
  record Required(int port) implements PortRequest {
    public Required {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("a port lies within 1 to 65535: " + port);
      }
    }
  }

  /// Any port of the node's dynamic range.
  record Any() implements PortRequest {}

  /// What a port definition asks of the node: with `requirePorts` its own number, where it has
  /// one.
  static PortRequest of(PortDefinition definition, boolean requirePorts) {
    return requirePorts && definition.port() != 0 ? new Required(definition.port()) : new Any();
  }
}
