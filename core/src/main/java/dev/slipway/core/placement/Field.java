package dev.slipway.core.placement;

import dev.slipway.core.node.Node;
import java.util.Optional;

/// What a constraint speaks of: the host name, or an attribute of the node.
record Field(String name) {
  /// The node's value; nothing where it has no such attribute.
  Optional<String> of(Node node) {
    return switch (name) {
      case "hostname", "@hostname" -> Optional.of(node.hostname());
      default -> Optional.ofNullable(node.attributes().get(name));
    };
  }
}
