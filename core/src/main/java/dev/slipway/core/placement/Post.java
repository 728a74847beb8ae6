package dev.slipway.core.placement;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The one node that an instance of a daemon is for. There is nothing to choose, so that no other
/// node is looked at.
public final class Post {
  private Post() {}

  /// What an instance of the daemon needs of its node. Where others stand does not matter: rules
  /// about that are not for daemons.
  public static Request request(AppSpec app, int portCursor) {
    return Request.of(app, portCursor)
        .ofNodesAlone(
            app.constraints().stream().filter(one -> !Rule.dependsOnSiblings(one)).toList());
  }

  /// Which nodes a daemon is for: those that its constraints, its roles, what its tasks need and
  /// the nodes' dedication admit, whatever room they have and whether they are heard of.
  public static Predicate<Node> admission(AppSpec app) {
    var examination = examination(Nodes.NONE, request(app, 0));
    return node -> examination.exclusion(node).isEmpty();
  }

  /// The place on this very node, or why it does not take the instance; nothing else is told.
  public static Outcome place(Nodes nodes, NodeId id, Request request) {
    NodeRecord record = nodes.byId().get(id);
    if (record == null) {
      return new Outcome.NotPlaced(Survey.NONE);
    }
    var examination = examination(nodes, request);
    Optional<NodeVerdict> objection = examination.objection(record);
    if (objection.isPresent()
        || !(examination.ports(record.node()) instanceof PortChoice.Chosen(List<Integer> ports))
        || !(examination.devices(record) instanceof DeviceChoice.Chosen(List<Integer> devices))) {
      return new Outcome.NotPlaced(Survey.of(objection.stream().toList()));
    }
    return new Outcome.Placed(
        new Instance.Place(id, ports, request.resources(), List.of(), devices));
  }

  /// Whether an instance would fit into the place of one that stands there now.
  public static boolean takesOver(Nodes nodes, Instance.Place held, Instance old, Request request) {
    NodeRecord record = nodes.byId().get(held.node());
    if (record == null) {
      return false;
    }
    var ports = nodes.portsOf(record.node());
    for (int port : held.hostPorts()) {
      ports = old.id().equals(ports.get(port)) ? ports.remove(port) : ports;
    }
    Nodes without =
        nodes.with(record.without(old.id(), held)).withPorts(record.node().address(), ports);
    return place(without, held.node(), request) instanceof Outcome.Placed;
  }

  private static Examination examination(Nodes nodes, Request request) {
    return Examination.of(nodes, request, Siblings.of(Nodes.NONE, List.of()));
  }
}
