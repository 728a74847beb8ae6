package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.Node;
import java.util.Optional;
import java.util.OptionalInt;

/// What a node of the cluster says of itself, before the pods of others are taken off.
///
/// @param whole with all that the kubelet lets pods have
/// @param mostPods how many pods the kubelet takes
/// @param kubelet where its kubelet answers
/// @param silent why nothing can be heard of it
/// @param leftOut attributes that a node has no room for
record NodeFacts(Node whole, int mostPods, Kubelet kubelet, Optional<String> silent, int leftOut) {

  /// What is left for tasks. Others may have more than there is, since the pods of a node's own
  /// system are asked by nobody: nothing is left then, and not less than nothing.
  NodeSight less(OtherPods.Taken taken) {
    Resources left = whole.capacity().minus(taken.requested());
    Node node =
        new Node(
            whole.id(),
            whole.hostname(),
            whole.address(),
            new Resources(
                Math.max(0, left.milliCpus()),
                Math.max(0, left.memBytes()),
                Math.max(0, left.diskBytes()),
                Math.max(0, left.milliGpus())),
            whole.dynamicPorts(),
            whole.fixedPorts(),
            whole.attributes(),
            whole.features(),
            whole.dedicated(),
            whole.risk(),
            whole.closed(),
            OptionalInt.of(Math.max(0, mostPods - taken.pods())));
    return silent
        .<NodeSight>map(reason -> new NodeSight.Silent(node, reason))
        .orElseGet(() -> new NodeSight.Offered(node));
  }
}
