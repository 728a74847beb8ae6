package dev.slipway.core.placement;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PortDefinition;
import java.util.List;

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

  /// The host ports that an instance of the app needs, in the order of its ports; a mapped port
  /// that no host port leads to needs none.
  static List<PortRequest> of(AppSpec app) {
    if (app.isOnHostNetwork()) {
      return app.ports().stream()
          .map(definition -> PortRequest.of(definition, app.requirePorts()))
          .toList();
    }
    return app.portMappings().stream()
        .flatMap(mapping -> mapping.hostPort().stream())
        .<PortRequest>map(port -> port == 0 ? new Any() : new Required(port))
        .toList();
  }

  /// What a port definition asks of the node: with `requirePorts` its own number, where it has
  /// one.
  static PortRequest of(PortDefinition definition, boolean requirePorts) {
    return requirePorts && definition.port() != 0 ? new Required(definition.port()) : new Any();
  }
}
