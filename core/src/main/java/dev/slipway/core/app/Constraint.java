package dev.slipway.core.app;

import java.util.Optional;

/// A rule about the nodes on which an app's instances may stand (Marathon's `constraints`).
///
/// @param field `hostname` (or `@hostname`), `@region`, `@zone`, or the name of a node's attribute
public record Constraint(String field, Operator operator, Optional<String> value) {
  /// The operators of Marathon, with its semantics (`Constraints.scala`).
  public enum Operator {
    UNIQUE,
    CLUSTER,
    GROUP_BY,
    LIKE,
    UNLIKE,
    MAX_PER,
    IS
  }
}
