package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One who asks for places: what is asked of any node, by whom, and by which rules.
///
/// The same object is to be used for the same asker each time, since what was found out is kept by
/// it.
public final class Asker {
  private final Shape shape;
  private final Footprint siblings;
  private final int perNode;
  private final List<Rule> rules;

  /// Where what its tasks need is at hand; null where nothing has to be brought.
  final @Nullable Footprint atHand;

  /// What the asker says of single nodes, and of groups of them.
  final NodeRules ofNodes;

  final List<Rule> ofGroups;

  /// Whether a node's level is to be no more than one above others'.
  final boolean levels;

  /// The attributes by which nodes are grouped.
  final List<Attribute> attributes;

  /// What was prepared for it.
  @Nullable Search search;

  /// @param siblings the tasks of the same app
  /// @param perNode so many tasks of the app on one node are as good as one, from 1 on
  public Asker(Shape shape, Footprint siblings, int perNode, List<Rule> rules) {
    this(shape, siblings, perNode, rules, null);
  }

  /// @param atHand where what its tasks need is at hand; null where nothing has to be brought
  public Asker(
      Shape shape, Footprint siblings, int perNode, List<Rule> rules, @Nullable Footprint atHand) {
    this.shape = shape;
    this.siblings = siblings;
    this.perNode = perNode;
    this.rules = List.copyOf(rules);
    this.atHand = atHand;
    List<Rule> single = new ArrayList<>();
    List<Rule> grouped = new ArrayList<>();
    boolean even = false;
    for (Rule rule : rules) {
      boolean isEven = rule.kind() == Rule.Kind.EVEN;
      if (NodeRules.speaksOf(rule) && !(isEven && even)) {
        single.add(rule);
        even |= isEven;
      } else {
        grouped.add(rule);
      }
    }
    levels = even;
    ofNodes = new NodeRules(siblings, perNode, single, atHand);
    ofGroups = List.copyOf(grouped);
    Set<Attribute> named = new LinkedHashSet<>();
    grouped.forEach(rule -> named.add(rule.attribute()));
    attributes = List.copyOf(named);
  }

  public Shape shape() {
    return shape;
  }

  public Footprint siblings() {
    return siblings;
  }

  public int perNode() {
    return perNode;
  }

  public List<Rule> rules() {
    return rules;
  }
}
