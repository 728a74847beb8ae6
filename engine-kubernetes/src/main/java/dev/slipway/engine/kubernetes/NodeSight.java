package dev.slipway.engine.kubernetes;

import dev.slipway.core.node.Node;

/// What is told of a node of the cluster.
sealed interface NodeSight {
  /// As it is offered, or would be.
  Node node();

  /// It takes tasks, unless it is closed.
  record Offered(Node node) implements NodeSight {}

  /// Its kubelet does not say that all is well; tasks may still run there.
  ///
  /// @param reason for people, in Kubernetes' own words
  record Silent(Node node, String reason) implements NodeSight {}
}
