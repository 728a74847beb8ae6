package dev.slipway.core.placement;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Resources;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.placement.Remedy.Kind;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What would make a request fit that fits nowhere: the single changes, of the request or of the
/// nodes, that would do, those first that let the most nodes take it. Each node that only one thing
/// speaks against counts for that; what speaks against a node twice is no help.
public final class Remedies {
  /// More would not be read.
  private static final int MOST = 10;

  /// Nodes that a text names.
  private static final int MOST_NAMED = 3;

  private final Nodes nodes;
  private final Examination examination;
  private final Map<String, Integer> rules = new LinkedHashMap<>();
  private final Map<String, Integer> pools = new LinkedHashMap<>();
  private final List<String> draining = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();
  private final List<String> full = new ArrayList<>();
  private final List<String> silent = new ArrayList<>();
  private final List<NodeRecord> roomless = new ArrayList<>();
  private final List<NodeVerdict> portless = new ArrayList<>();

  private Remedies(Nodes nodes, Examination examination) {
    this.nodes = nodes;
    this.examination = examination;
  }

  /// None but hints where some node takes it.
  public static List<Remedy> of(Nodes nodes, Request request, Collection<Instance> siblings) {
    var remedies =
        new Remedies(nodes, Examination.of(nodes, request, Siblings.of(nodes, siblings)));
    List<Remedy> list = remedies.hints();
    List<Remedy> found = remedies.found();
    found.sort(Comparator.comparingInt(Remedy::nodes).reversed());
    list.addAll(found);
    return list.stream().limit(MOST).toList();
  }

  /// Attributes that no node has.
  private List<Remedy> hints() {
    List<Remedy> hints = new ArrayList<>();
    Set<Field> told = new TreeSet<>(Comparator.comparing(Field::name));
    examination
        .all()
        .forEach(
            rule -> {
              boolean unknown =
                  !nodes.byId().isEmpty()
                      && records().noneMatch(one -> rule.field().of(one.node()).isPresent());
              if (unknown && told.add(rule.field())) {
                hints.add(
                    new Remedy(
                        Kind.NO_SUCH_ATTRIBUTE,
                        "no node has an attribute '%s' (%s)"
                            .formatted(rule.field().name(), rule.name()),
                        0));
              }
            });
    return hints;
  }

  private Stream<NodeRecord> records() {
    List<NodeRecord> records = new ArrayList<>();
    nodes.byId().values().forEach(records::add);
    return records.stream();
  }

  private List<Remedy> found() {
    for (NodeRecord record : nodes.byId().values()) {
      if (examination.objection(record).isEmpty()) {
        return new ArrayList<>();
      }
      var obstacles = examination.obstacles(record);
      if (obstacles.isOne()) {
        count(record, obstacles);
      }
    }
    List<Remedy> found = new ArrayList<>();
    rules.forEach((name, count) -> found.add(new Remedy(Kind.DROP_RULE, "drop " + name, count)));
    pools.forEach((name, count) -> found.add(new Remedy(Kind.ASK_FOR_POOL, name, count)));
    addOf(found, Kind.END_DRAIN, "end the drain of ", draining);
    addOf(found, Kind.OPEN_NODE, "open to new tasks again ", closed);
    addOf(found, Kind.BRING_BACK, "bring back ", silent);
    addOf(found, Kind.FREE_PLACE, "end a task, or let there be more, on ", full);
    addRoom(found);
    if (!portless.isEmpty()) {
      NodeVerdict first = portless.getFirst();
      found.add(
          new Remedy(
              Kind.FREE_PORTS,
              "free what is taken on %s: %s".formatted(first.node(), first.detail()),
              portless.size()));
    }
    if (examination.request().bound().isEmpty()) {
      found.add(new Remedy(Kind.ADD_NODE, "add a node with at least " + wanted(), 1));
    }
    return found;
  }

  private void count(NodeRecord record, Examination.Obstacles obstacles) {
    obstacles.broken().forEach(rule -> rules.merge(rule.name(), 1, Integer::sum));
    obstacles
        .never()
        .filter(verdict -> verdict.reason() == Reason.NODE_DEDICATED)
        .ifPresent(verdict -> pools.merge(pool(record), 1, Integer::sum));
    String name = record.id().value();
    switch (record.state()) {
      case READY -> {}
      case CLOSED -> closed.add("%s (%s)".formatted(name, record.node().closed().orElse("")));
      case DRAINING -> draining.add(name);
      case UNREACHABLE -> silent.add(name);
    }
    obstacles
        .room()
        .ifPresent(
            verdict -> {
              if (verdict.reason() == Reason.INSUFFICIENT_PORTS) {
                portless.add(verdict);
              } else if (verdict.reason() == Reason.NODE_FULL) {
                full.add(name);
              } else {
                roomless.add(record);
              }
            });
  }

  private static String pool(NodeRecord record) {
    return record.node().dedicated().stream()
        .map(name -> name + " IS " + record.node().attributes().getOrDefault(name, ""))
        .collect(Collectors.joining(" and ", "ask for the pool by the constraint ", ""));
  }

  private static void addOf(List<Remedy> found, Kind kind, String what, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    String named = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    String more =
        names.size() > MOST_NAMED ? " or one of %d more".formatted(names.size() - MOST_NAMED) : "";
    found.add(new Remedy(kind, what + named + more, names.size()));
  }

  /// The node where the least is missing, as a part of what is requested.
  private void addRoom(List<Remedy> found) {
    @Nullable NodeRecord nearest = null;
    double least = Double.POSITIVE_INFINITY;
    for (NodeRecord record : roomless) {
      double lack = Placement.lack(record, examination.request());
      if (lack < least) {
        nearest = record;
        least = lack;
      }
    }
    if (nearest != null) {
      String missing = Placement.missing(nearest, examination.request());
      found.add(
          new Remedy(
              Kind.FREE_ROOM,
              "free %s on %s, or ask for so much less".formatted(missing, nearest.id()),
              1));
    }
  }

  /// What another node would need: room, and what constraints say of nodes alone.
  private String wanted() {
    Resources taken = examination.request().taken();
    String room =
        Stream.of(Dimension.values())
            .filter(dimension -> dimension.of(taken) > 0)
            .map(dimension -> dimension.text(dimension.of(taken), RoundingMode.CEILING))
            .collect(Collectors.joining(", "));
    String rules =
        examination.request().constraints().stream()
            .filter(constraint -> !Rule.dependsOnSiblings(constraint))
            .map(Remedies::text)
            .collect(Collectors.joining(" and "));
    return (room.isEmpty() ? "nothing" : room) + (rules.isEmpty() ? "" : " where " + rules);
  }

  private static String text(Constraint constraint) {
    return "%s %s %s"
        .formatted(constraint.field(), constraint.operator(), constraint.value().orElse(""))
        .strip();
  }
}
