package dev.slipway.core.placement;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which instances stand where their app's constraints, changed since, do not let them. The oldest
/// are judged first, and each that may stay counts for those after it, so that no more are found
/// than have to move.
///
/// `GROUP_BY` gives each value its share: the instances by the number of values, rounded up, of all
/// values where an instance could stand now or does.
public final class Displaced {
  private Displaced() {}

  /// @param wanted how many instances there are to be
  /// @param settled instances that were placed under these constraints
  /// @param judged the others
  public static Set<InstanceId> of(
      Nodes nodes, AppSpec app, int wanted, List<Instance> settled, List<Instance> judged) {
    if (app.constraints().isEmpty()) {
      return Set.of();
    }
    var all = new ArrayList<>(settled);
    all.addAll(judged);
    var kept = Siblings.of(nodes, settled);
    List<Rule> rules = rules(nodes, app, wanted, Siblings.of(nodes, all), kept);
    List<Instance> sorted = new ArrayList<>(judged);
    sorted.sort(Comparator.comparing(Instance::scheduledAt).thenComparing(Instance::id));
    Set<InstanceId> displaced = new HashSet<>();
    for (Instance instance : sorted) {
      Optional<Node> node =
          instance
              .place()
              .flatMap(place -> Optional.ofNullable(nodes.byId().get(place.node())))
              .map(NodeRecord::node);
      if (node.isPresent()
          && rules.stream().anyMatch(rule -> rule.objection(node.get()).isPresent())) {
        displaced.add(instance.id());
      } else {
        kept.add(nodes, instance);
      }
    }
    return displaced;
  }

  private static List<Rule> rules(
      Nodes nodes, AppSpec app, int wanted, Siblings standing, Siblings kept) {
    List<Rule> rules = new ArrayList<>();
    var budget = BoundedPattern.Budget.forNodes(nodes.byId().size());
    for (Constraint constraint : app.constraints()) {
      if (constraint.operator() != Constraint.Operator.GROUP_BY) {
        rules.add(Rule.of(constraint, kept, budget));
        continue;
      }
      int values = Math.max(1, values(nodes, app, new Field(constraint.field()), standing).size());
      rules.add(Rule.atMost(constraint, kept, (wanted + values - 1) / values));
    }
    return rules;
  }

  private static Set<String> values(Nodes nodes, AppSpec app, Field field, Siblings standing) {
    List<Constraint> ofNodes =
        app.constraints().stream().filter(one -> !Rule.dependsOnSiblings(one)).toList();
    Request request = Request.of(app, 0).withConstraints(ofNodes);
    var examination = Examination.of(nodes, request, standing);
    Set<String> values = new TreeSet<>(standing.byValue(field).values());
    for (NodeRecord record : nodes.byId().values()) {
      if (examination.objection(record).isEmpty()) {
        field.of(record.node()).ifPresent(values::add);
      }
    }
    return values;
  }
}
