package dev.slipway.core.placement;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request held against nodes, one by one: the first thing that speaks against each.
record Examination(Nodes nodes, Request request, List<Rule> rules) {

  /// Makes the constraints ready. Those that spread evenly come last, since they need to know
  /// which nodes could take the instance but for them.
  static Examination of(Nodes nodes, Request request, Siblings siblings) {
    List<Rule> rules = new ArrayList<>();
    List<Constraint> spreading = new ArrayList<>();
    for (Constraint constraint : request.constraints()) {
      if (Rule.isSpread(constraint)) {
        spreading.add(constraint);
        continue;
      }
      rules.add(Rule.of(constraint, siblings));
    }
    var examination = new Examination(nodes, request, List.copyOf(rules));
    if (spreading.isEmpty()) {
      return examination;
    }
    List<Node> able = examination.ableNodes();
    spreading.forEach(constraint -> rules.add(Rule.spread(constraint, siblings, able)));
    return new Examination(nodes, request, List.copyOf(rules));
  }

  /// The first reason against the node, in the order of {@link Reason}; nothing where it fits.
  Optional<NodeVerdict> objection(NodeRecord record) {
    return broken(record.node())
        .or(() -> away(record))
        .or(() -> shortage(record))
        .or(() -> portless(record.node()));
  }

  /// Whether nothing but a lack of resources or ports keeps the instance off the node.
  boolean wouldFitWithMoreRoom(NodeRecord record) {
    return broken(record.node()).isEmpty() && away(record).isEmpty();
  }

  PortChoice ports(Node node) {
    return PortChoice.of(node, nodes.portsOf(node), request);
  }

  private List<Node> ableNodes() {
    List<Node> able = new ArrayList<>();
    for (NodeRecord record : nodes.byId().values()) {
      if (objection(record).isEmpty()) {
        able.add(record.node());
      }
    }
    return able;
  }

  private Optional<NodeVerdict> broken(Node node) {
    for (Rule rule : rules) {
      var objection = rule.objection(node);
      if (objection.isPresent()) {
        return Optional.of(
            new NodeVerdict(node.id(), Reason.UNFULFILLED_CONSTRAINT, objection.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<NodeVerdict> away(NodeRecord record) {
    String since = Timestamps.format(record.since());
    return switch (record.state()) {
      case READY -> Optional.empty();
      case UNREACHABLE ->
          Optional.of(
              new NodeVerdict(
                  record.id(), Reason.NODE_UNREACHABLE, "nothing heard of it since " + since));
      case DRAINING ->
          Optional.of(
              new NodeVerdict(record.id(), Reason.NODE_DRAINING, "being drained since " + since));
    };
  }

  private Optional<NodeVerdict> shortage(NodeRecord record) {
    Resources wanted = request.resources();
    Resources free = record.free();
    for (Dimension dimension : Dimension.values()) {
      if (dimension.missing(wanted, free) > 0) {
        return Optional.of(
            new NodeVerdict(
                record.id(), dimension.shortage(), dimension.shortageText(wanted, free)));
      }
    }
    return Optional.empty();
  }

  private Optional<NodeVerdict> portless(Node node) {
    return switch (ports(node)) {
      case PortChoice.Chosen _ -> Optional.empty();
      case PortChoice.Lacking(String detail) ->
          Optional.of(new NodeVerdict(node.id(), Reason.INSUFFICIENT_PORTS, detail));
    };
  }
}
