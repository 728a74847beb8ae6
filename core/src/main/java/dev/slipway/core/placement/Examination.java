package dev.slipway.core.placement;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A request held against nodes, one by one: the first thing that speaks against each, and how much
/// of what is preferred each lacks.
record Examination(Nodes nodes, Request request, List<Rule> rules, List<Wish> wishes) {
  /// A preference made ready.
  private record Wish(Rule rule, int weight) {}

  /// Makes the constraints ready. Those that spread evenly come last, since they need to know
  /// which nodes could take the instance but for them.
  static Examination of(Nodes nodes, Request request, Siblings siblings) {
    return of(nodes, request, siblings, BoundedPattern.Budget.forNodes(nodes.byId().size()));
  }

  /// @param budget for the regular expressions
  static Examination of(
      Nodes nodes, Request request, Siblings siblings, BoundedPattern.Budget budget) {
    List<Rule> rules = new ArrayList<>();
    List<Constraint> spreading = new ArrayList<>();
    for (Constraint constraint : request.constraints()) {
      if (Rule.isSpread(constraint)) {
        spreading.add(constraint);
        continue;
      }
      rules.add(Rule.of(constraint, siblings, budget));
    }
    List<Wish> near = new ArrayList<>();
    for (Scheduling.Affinity affinity : request.scheduling().affinity()) {
      add(Proximity.affinity(affinity, nodes), affinity.weight(), rules, near);
    }
    for (Scheduling.Affinity affinity : request.scheduling().antiAffinity()) {
      add(Proximity.antiAffinity(affinity, nodes), affinity.weight(), rules, near);
    }
    var examination = new Examination(nodes, request, List.copyOf(rules), List.of());
    Scheduling scheduling = request.scheduling();
    boolean even =
        request.preferences().stream().map(Preference::constraint).anyMatch(Rule::isSpread)
            || !scheduling.spread().isEmpty();
    List<Node> able = spreading.isEmpty() && !even ? List.of() : examination.ableNodes();
    spreading.forEach(constraint -> rules.add(Rule.spread(constraint, siblings, able)));
    List<Wish> wishes = new ArrayList<>(near);
    for (Scheduling.Spread spread : scheduling.spread()) {
      add(Proximity.spread(spread, siblings, able), spread.weight(), rules, wishes);
    }
    for (Preference preference : request.preferences()) {
      Constraint wanted = preference.constraint();
      Rule rule =
          Rule.isSpread(wanted)
              ? Rule.spread(wanted, siblings, able)
              : Rule.of(wanted, siblings, budget);
      wishes.add(new Wish(rule, preference.weight()));
    }
    return new Examination(nodes, request, List.copyOf(rules), List.copyOf(wishes));
  }

  /// A rule with a weight is a wish.
  private static void add(Rule rule, OptionalInt weight, List<Rule> rules, List<Wish> wishes) {
    if (weight.isPresent()) {
      wishes.add(new Wish(rule, weight.getAsInt()));
    } else {
      rules.add(rule);
    }
  }

  /// The first reason against the node, in the order of {@link Reason}; nothing where it fits.
  Optional<NodeVerdict> objection(NodeRecord record) {
    return elsewhere(record.node())
        .or(() -> away(record))
        .or(() -> full(record))
        .or(() -> shortage(record))
        .or(() -> deviceless(record))
        .or(() -> portless(record.node()));
  }

  /// All that speaks against the node, not the first alone.
  ///
  /// @param never what nothing would change that is asked for or goes on there
  /// @param broken the rules that refuse it; no more than two are looked for
  /// @param away that it takes nothing now
  /// @param room what it has too little of
  record Obstacles(
      Optional<NodeVerdict> never,
      List<Rule> broken,
      Optional<NodeVerdict> away,
      Optional<NodeVerdict> room) {
    /// Whether one change would do.
    boolean isOne() {
      return broken.size()
              + Stream.of(never, away, room).mapToInt(one -> one.isPresent() ? 1 : 0).sum()
          == 1;
    }
  }

  Obstacles obstacles(NodeRecord record) {
    Node node = record.node();
    List<Rule> broken =
        rules.stream().filter(rule -> rule.objection(node).isPresent()).limit(2).toList();
    return new Obstacles(
        never(node),
        broken,
        away(record),
        full(record)
            .or(() -> shortage(record))
            .or(() -> deviceless(record))
            .or(() -> portless(node)));
  }

  /// All rules, those included that are only preferred.
  Stream<Rule> all() {
    return Stream.concat(rules.stream(), wishes.stream().map(Wish::rule));
  }

  /// The weights of the preferences that the node does not meet, added up.
  int unmet(Node node) {
    int sum = 0;
    for (Wish wish : wishes) {
      sum += wish.rule().objection(node).isPresent() ? wish.weight() : 0;
    }
    return sum;
  }

  /// What the node meets of the preferences, for people; empty where none are asked for.
  String preferred(Node node) {
    if (wishes.isEmpty()) {
      return "";
    }
    int all = wishes.stream().mapToInt(Wish::weight).sum();
    String lacking =
        wishes.stream()
            .flatMap(wish -> wish.rule().objection(node).stream())
            .collect(Collectors.joining("; ", ", not ", ""));
    String met = "; meets %d of %d preferred".formatted(all - unmet(node), all);
    return unmet(node) == 0 ? met : met + lacking;
  }

  /// Whether nothing but a lack of resources or ports keeps the instance off the node.
  boolean wouldFitWithMoreRoom(NodeRecord record) {
    return elsewhere(record.node()).isEmpty() && away(record).isEmpty();
  }

  /// Why the node could not take the instance even if it were ready and had the room; nothing where
  /// it could.
  Optional<NodeVerdict> exclusion(Node node) {
    return elsewhere(node);
  }

  /// The nodes that are worth looking at: all others are refused since the instance is bound.
  List<NodeRecord> candidates() {
    List<NodeRecord> candidates = new ArrayList<>();
    if (request.bound().isEmpty()) {
      nodes.byId().values().forEach(candidates::add);
      return candidates;
    }
    for (NodeId id : request.bound().get().nodes()) {
      NodeRecord record = nodes.byId().get(id);
      if (record != null) {
        candidates.add(record);
      }
    }
    return candidates;
  }

  PortChoice ports(Node node) {
    return PortChoice.of(node, nodes.portsOf(node), request);
  }

  DeviceChoice devices(NodeRecord record) {
    return DeviceChoice.of(record, request.resources().milliGpus());
  }

  /// The same rules among nodes of which others have room.
  Examination amid(Nodes others) {
    return new Examination(others, request, rules, wishes);
  }

  private List<Node> ableNodes() {
    List<Node> able = new ArrayList<>();
    for (NodeRecord record : candidates()) {
      if (objection(record).isEmpty()) {
        able.add(record.node());
      }
    }
    return able;
  }

  /// What no room on the node would change.
  private Optional<NodeVerdict> elsewhere(Node node) {
    return never(node).or(() -> broken(node));
  }

  /// What nothing would change that others do.
  private Optional<NodeVerdict> never(Node node) {
    return unbound(node)
        .or(() -> foreign(node))
        .or(() -> unable(node))
        .or(() -> withoutPorts(node))
        .or(() -> dedicated(node));
  }

  private Optional<NodeVerdict> foreign(Node node) {
    return request.takesAnyRole()
        ? Optional.empty()
        : Optional.of(
            new NodeVerdict(
                node.id(),
                Reason.UNFULFILLED_ROLE,
                "its resources have the role '*', not " + String.join(" or ", request.roles())));
  }

  private Optional<NodeVerdict> unable(Node node) {
    for (NodeFeature needed : request.needs()) {
      if (!node.features().contains(needed)) {
        return Optional.of(
            new NodeVerdict(
                node.id(), Reason.MISSING_FEATURE, "%s %s".formatted(node.id(), needed.lack())));
      }
    }
    return Optional.empty();
  }

  private Optional<NodeVerdict> unbound(Node node) {
    return request
        .bound()
        .filter(bound -> !bound.nodes().contains(node.id()))
        .map(bound -> new NodeVerdict(node.id(), bound.reason(), bound.why()));
  }

  private Optional<NodeVerdict> withoutPorts(Node node) {
    return PortChoice.never(node, request)
        .map(why -> new NodeVerdict(node.id(), Reason.PORTS_NOT_OFFERED, why));
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

  private Optional<NodeVerdict> dedicated(Node node) {
    return node.dedicated().isEmpty()
        ? Optional.empty()
        : Dedication.objection(node, request.constraints())
            .map(objection -> new NodeVerdict(node.id(), Reason.NODE_DEDICATED, objection));
  }

  private static Optional<NodeVerdict> away(NodeRecord record) {
    return switch (record.state()) {
      case READY -> Optional.empty();
      case CLOSED ->
          Optional.of(
              new NodeVerdict(
                  record.id(),
                  Reason.NODE_CLOSED,
                  "closed to new tasks: %s, since %s"
                      .formatted(
                          record.node().closed().orElse(""), Timestamps.format(record.since()))));
      case UNREACHABLE ->
          Optional.of(
              new NodeVerdict(
                  record.id(),
                  Reason.NODE_UNREACHABLE,
                  "nothing heard of it since " + Timestamps.format(record.since())));
      case DRAINING ->
          Optional.of(
              new NodeVerdict(
                  record.id(),
                  Reason.NODE_DRAINING,
                  record.withdrawn()
                      ? "not offered any more since " + Timestamps.format(record.since())
                      : "being drained since " + Timestamps.format(record.since())));
    };
  }

  private static Optional<NodeVerdict> full(NodeRecord record) {
    return record.places() > 0
        ? Optional.empty()
        : Optional.of(
            new NodeVerdict(
                record.id(),
                Reason.NODE_FULL,
                "holds as many tasks as it takes: " + record.node().mostTasks().orElse(0)));
  }

  private Optional<NodeVerdict> shortage(NodeRecord record) {
    Resources wanted = request.taken();
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

  /// Where there is enough in all, and not on one device or on whole ones.
  private Optional<NodeVerdict> deviceless(NodeRecord record) {
    return switch (devices(record)) {
      case DeviceChoice.Chosen _ -> Optional.empty();
      case DeviceChoice.Lacking(int _, String detail) ->
          Optional.of(new NodeVerdict(record.id(), Reason.INSUFFICIENT_GPUS, detail));
    };
  }

  private Optional<NodeVerdict> portless(Node node) {
    return switch (ports(node)) {
      case PortChoice.Chosen _ -> Optional.empty();
      case PortChoice.Lacking(String detail) ->
          Optional.of(new NodeVerdict(node.id(), Reason.INSUFFICIENT_PORTS, detail));
    };
  }
}
