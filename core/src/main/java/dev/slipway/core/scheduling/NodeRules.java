package dev.slipway.core.scheduling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an asker says of single nodes, for what stands there: it makes nodes differ from what their
/// shape says of them where its own tasks stand, or others that it speaks of, and nowhere else.
final class NodeRules {
  private final Footprint siblings;
  private final int perNode;
  private final Rule[] rules;
  private final boolean draws;
  private final boolean local;
  private final @Nullable Footprint atHand;

  /// @param rules those of which {@link #speaksOf} is true
  /// @param atHand where what the tasks need is at hand; null where nothing has to be brought
  NodeRules(Footprint siblings, int perNode, List<Rule> rules, @Nullable Footprint atHand) {
    this.siblings = siblings;
    this.perNode = perNode;
    this.rules = rules.toArray(new Rule[0]);
    boolean together = false;
    boolean complete = true;
    for (Rule rule : this.rules) {
      together |= rule.kind() == Rule.Kind.TOGETHER;
      complete &= rule.attribute().isComplete();
    }
    draws = together;
    local = complete;
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
    for (Rule rule : rules) {
      sum += rule.kind() == Rule.Kind.TOGETHER ? rule.of().beginnings() : 0;
    }
    return sum;
  }

  /// Whether a rule keeps the asker off the node.
  boolean refuses(int node) {
    for (Rule rule : rules) {
      if (rule.isRequired() && !allows(rule, node)) {
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
    for (Rule rule : rules) {
      if (rule.kind() == Rule.Kind.EVEN) {
        level += rule.of().on(node);
      } else if (!rule.isRequired() && !allows(rule, node)) {
        unmet += rule.weight();
      }
    }
    long rank =
        Rank.with(bare, level, unmet, siblings.on(node) / perNode, siblings.at(node) / perNode);
    return lacks(node) ? Rank.withMissing(rank) : rank;
  }

  /// The rank of a node that does not differ, {@link Tournament#OUT} where all of these are
  /// refused.
  long rankElsewhere(long bare) {
    if (!draws) {
      return bare;
    }
    int unmet = 0;
    for (Rule rule : rules) {
      if (rule.kind() == Rule.Kind.TOGETHER && !rule.isNowhere()) {
        if (rule.isRequired()) {
          return Tournament.OUT;
        }
        unmet += rule.weight();
      }
    }
    return Rank.plusUnmet(bare, unmet);
  }

  /// Whether this says something of the node that it does not say of nodes where nobody stands. To
  /// all but {@link #draws} it is a reason against the node.
  boolean differs(int node) {
    if (siblings.total() > 0 && siblings.at(node) >= perNode) {
      return true;
    }
    for (Rule rule : rules) {
      int here = rule.of().on(node);
      if (here > 0 && (rule.kind() != Rule.Kind.AT_MOST || here >= rule.limit())) {
        return true;
      }
    }
    return false;
  }

  /// Whether something has to be brought to the node first.
  boolean lacks(int node) {
    return atHand != null && atHand.on(node) == 0;
  }

  /// Whether there are nodes that are the better for who stands there.
  boolean draws() {
    return draws;
  }

  /// Whether there may be nodes that differ.
  boolean mayDiffer() {
    return siblings.total() > 0 || rules.length > 0;
  }

  /// Where those stand of whom this speaks, the asker's own first.
  int footprints() {
    return 1 + rules.length;
  }

  Footprint footprint(int index) {
    return index == 0 ? siblings : rules[index - 1].of();
  }

  /// As {@link Rule#allows}, since the attribute tells nodes apart. An even spread over single
  /// nodes, with no more than one between them, is kept by taking the emptiest first.
  private static boolean allows(Rule rule, int node) {
    if (rule.attribute().code(node) == Attribute.NONE) {
      return false;
    }
    return switch (rule.kind()) {
      case AT_MOST -> rule.of().on(node) < rule.limit();
      case TOGETHER -> rule.of().on(node) > 0 || rule.isNowhere();
      case EVEN, LEVEL -> true;
    };
  }

  /// Whether nodes of which this does not speak are alike.
  boolean isLocal() {
    return local;
  }
}
