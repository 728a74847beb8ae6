package dev.slipway.core.placement;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.node.Node;
import java.util.List;
import java.util.Optional;

/// Keeps apps off nodes that are dedicated to others: an app asks for an attribute by a constraint
/// that names the value it wants of it.
final class Dedication {
  private Dedication() {}

  /// What speaks against the node, for people.
  ///
  /// @param constraints the app's, whether the node meets them or not
  static Optional<String> objection(Node node, List<Constraint> constraints) {
    for (String name : node.dedicated()) {
      if (constraints.stream().noneMatch(constraint -> asksFor(constraint, name))) {
        return Optional.of(
            "%s is dedicated: %s=%s; the app does not ask for it"
                .formatted(node.id(), name, node.attributes().getOrDefault(name, "")));
      }
    }
    return Optional.empty();
  }

  private static boolean asksFor(Constraint constraint, String name) {
    return constraint.field().equals(name)
        && switch (constraint.operator()) {
          case IS, LIKE -> true;
          case CLUSTER -> constraint.value().filter(value -> !value.isEmpty()).isPresent();
          case UNIQUE, GROUP_BY, UNLIKE, MAX_PER -> false;
        };
  }
}
