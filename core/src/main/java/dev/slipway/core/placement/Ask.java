package dev.slipway.core.placement;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One thing that an app asks of where its instances stand, to be counted over all of them.
///
/// @param name as it is told to people: `zone GROUP_BY 3`
/// @param weight of a preference; 0 where it is required
/// @param number how many may stand at one value, or by how many two values may differ
/// @param rule what speaks against a node alone
/// @param other the app that it speaks of
record Ask(
    String name,
    Kind kind,
    Field field,
    int weight,
    int number,
    Optional<Rule> rule,
    Optional<PathId> other) {

  enum Kind {
    /// The node is right or is not.
    ALONE,
    /// No more than so many at one value.
    AT_MOST,
    /// No two values differ by more.
    EVEN,
    /// All where the oldest one is.
    TOGETHER,
    /// Where the other app is.
    WITH,
    /// Where the other app is not.
    APART
  }

  /// @param nodes how many the rules are to be held against
  static List<Ask> of(AppSpec app, int nodes) {
    List<Ask> asks = new ArrayList<>();
    var budget = BoundedPattern.Budget.forNodes(nodes);
    app.constraints().forEach(constraint -> add(constraint, 0, budget, asks));
    for (Preference preference : app.preferences()) {
      add(preference.constraint(), preference.weight(), budget, asks);
    }
    for (Scheduling.Spread spread : app.scheduling().spread()) {
      asks.add(
          new Ask(
              "spread over " + spread.attribute(),
              Kind.EVEN,
              new Field(spread.attribute()),
              spread.weight().orElse(0),
              spread.maxSkew(),
              Optional.empty(),
              Optional.empty()));
    }
    app.scheduling().affinity().forEach(one -> asks.add(near(one, Kind.WITH, "with", app.id())));
    app.scheduling()
        .antiAffinity()
        .forEach(one -> asks.add(near(one, Kind.APART, "apart from", app.id())));
    return asks;
  }

  private static Ask near(Scheduling.Affinity affinity, Kind kind, String word, PathId app) {
    boolean itself = affinity.app().equals(app) && kind == Kind.APART;
    return new Ask(
        "%s %s by %s".formatted(word, affinity.app(), affinity.attribute()),
        itself ? Kind.AT_MOST : kind,
        new Field(affinity.attribute()),
        affinity.weight().orElse(0),
        1,
        Optional.empty(),
        itself ? Optional.empty() : Optional.of(affinity.app()));
  }

  private static void add(
      Constraint constraint, int weight, BoundedPattern.Budget budget, List<Ask> asks) {
    Rule alone = Rule.of(constraint, Siblings.of(Nodes.NONE, List.of()), budget);
    if (!Rule.dependsOnSiblings(constraint)) {
      asks.add(of(alone, Kind.ALONE, weight, 0, Optional.of(alone)));
      return;
    }
    int number = Rule.number(constraint).orElse(0);
    switch (constraint.operator()) {
      case UNIQUE -> asks.add(of(alone, Kind.AT_MOST, weight, 1, Optional.empty()));
      case MAX_PER -> asks.add(of(alone, Kind.AT_MOST, weight, number, Optional.empty()));
      case GROUP_BY -> asks.add(of(alone, Kind.EVEN, weight, 1, Optional.empty()));
      case CLUSTER -> asks.add(of(alone, Kind.TOGETHER, weight, 0, Optional.empty()));
      case LIKE, UNLIKE, IS -> {}
    }
  }

  private static Ask of(Rule rule, Kind kind, int weight, int number, Optional<Rule> alone) {
    return new Ask(rule.name(), kind, rule.field(), weight, number, alone, Optional.empty());
  }

  Strain strain(int times) {
    return weight == 0 ? new Strain(times, 0) : new Strain(0, weight * times);
  }
}
