package dev.slipway.core.scheduling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an asker says of single nodes, for what stands there: it makes nodes differ from what their
/// shape says of them where its own tasks stand, or others that it speaks of, and nowhere else.
final class NodeRules {
  /// Whoever has no tasks and no rules.
  private final Footprint siblings;
  private final int perNode;
  private final List<Rule> rules;
  private final @Nullable Footprint atHand;

  /// @param rules those of which {@link #speaksOf} is true
  /// @param atHand where what the tasks need is at hand; null where nothing has to be brought
  NodeRules(Footprint siblings, int perNode, List<Rule> rules, @Nullable Footprint atHand) {
    this.siblings = siblings;
    this.perNode = perNode;
    this.rules = List.copyOf(rules);
    this.atHand = atHand;
  }

  /// Whether a rule says the same of a node until something changes on the node itself, but for the
  /// beginnings of another app.
  static boolean speaksOf(Rule rule) {
    return rule.attribute().tellsNodesApart()
        && switch (rule.kind()) {
          case AT_MOST, TOGETHER -> true;
          case EVEN -> rule.isRequired() && rule.limit() == 1;
          case LEVEL -> false;
        };
  }

  /// Changes whenever a rule begins or ceases to hold for all nodes: affinity does when the first
  /// of the others comes, and when the last one goes.
  int beginnings() {
    int sum = 0;
    for (int i = 0; i < rules.size(); i++) {
      sum += rules.get(i).kind() == Rule.Kind.TOGETHER ? rules.get(i).of().beginnings() : 0;
    }
    return sum;
  }

  /// Whether a rule keeps the asker off the node.
  boolean refuses(int node) {
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (rule.isRequired() && !allows(rule, rule.attribute().code(node))) {
        return true;
      }
    }
    return false;
  }

  /// The rank of a node that is not refused.
  ///
  /// @param bare what the shape alone makes of it
  long rank(long bare, int node) {
    int level = 0;
    int unmet = 0;
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      int code = rule.attribute().code(node);
      if (rule.kind() == Rule.Kind.EVEN) {
        level += rule.of().by(rule.attribute())[code];
      } else if (!rule.isRequired() && !allows(rule, code)) {
        unmet += rule.weight();
      }
    }
    long rank =
        Rank.with(bare, level, unmet, siblings.on(node) / perNode, siblings.at(node) / perNode);
    return atHand != null && atHand.on(node) == 0 ? Rank.withMissing(rank) : rank;
  }

  /// The rank of a node where none of those stand that this speaks of, {@link Tournament#OUT} where
  /// all of these are refused.
  long rankElsewhere(long bare) {
    int unmet = 0;
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (rule.kind() == Rule.Kind.TOGETHER && !rule.isNowhere()) {
        if (rule.isRequired()) {
          return Tournament.OUT;
        }
        unmet += rule.weight();
      }
    }
    return unmet == 0 ? bare : Rank.plusUnmet(bare, unmet);
  }

  /// An even spread over single nodes, with no more than one between them, is kept by taking the
  /// emptiest first.
  private static boolean allows(Rule rule, int code) {
    return rule.kind() == Rule.Kind.EVEN ? code != Attribute.NONE : rule.allows(code, 0);
  }

  /// Whether nodes of which this does not speak are alike.
  boolean isLocal() {
    for (int i = 0; i < rules.size(); i++) {
      if (!rules.get(i).attribute().isComplete()) {
        return false;
      }
    }
    return true;
  }

  /// Collects the nodes of which this speaks.
  ///
  /// @return whether there was room for all
  boolean collect(Overlay into) {
    if (!into.addAll(siblings)) {
      return false;
    }
    for (int i = 0; i < rules.size(); i++) {
      Footprint of = rules.get(i).of();
      if (of != siblings && !into.addAll(of)) {
        return false;
      }
    }
    return true;
  }
}
