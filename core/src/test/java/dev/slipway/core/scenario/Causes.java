package dev.slipway.core.scenario;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.control.Input;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.util.Optional;

/// Whether what an instance's end is put down to is so.
final class Causes {
  private Causes() {}

  /// @param then the state right before the order
  static void check(State then, Step step, Event.KillOrdered order) {
    var node = node(then, order);
    boolean patient =
        order.kill().reason() == KillReason.EXPUNGED
            || !(step.input() instanceof Input.NodeSilent silent)
            || node.filter(one -> one.id().equals(silent.node())).isEmpty()
            // A deployment went on, since it waits for nothing there any more.
            || !step.before().formation(app(order)).equals(then.formation(app(order)));
    Rule.SILENCE.holds(patient, "%s", order);
    Rule.KILL_CAUSE.holds(
        isSo(then, step, order),
        "%s by %s; before: %s, then: %s",
        order,
        step.input(),
        Invariants.conditions(step.before(), app(order)),
        step.decision().events());
  }

  private static PathId app(Event.KillOrdered order) {
    return order.instance().app();
  }

  private static boolean isSo(State then, Step step, Event.KillOrdered order) {
    PathId app = app(order);
    Optional<Instance> instance = then.instance(order.instance());
    Optional<Formation> formation = then.formation(app);
    if (formation.filter(Formation::isDaemon).isPresent()) {
      switch (order.kill().reason()) {
        case SCALED_DOWN, NODE_DRAINED -> {
          return DaemonChecks.isSo(then, formation.get(), order);
        }
        case REQUESTED, UNHEALTHY, APP_REMOVED, EXPUNGED, REPLACED, PREEMPTED, REBALANCED -> {
          // For the same causes as any other.
        }
      }
    }
    return switch (order.kill().reason()) {
      case REQUESTED ->
          step.input() instanceof Input.KillInstances wish
              && wish.instances().contains(order.instance());
      case UNHEALTHY ->
          step.input() instanceof Input.UnhealthySeen seen
              && seen.instance().equals(order.instance());
      case APP_REMOVED -> !then.root().apps().containsKey(app);
      case NODE_DRAINED -> node(then, order).filter(NodeRecord::givesUp).isPresent();
      case REBALANCED ->
          instance.filter(one -> then.rebalancing().moveOf(one).isPresent()).isPresent();
      case EXPUNGED ->
          node(then, order)
              .filter(NodeRecord::silent)
              .filter(node -> formation.filter(held -> isOver(step, held, node)).isPresent())
              .isPresent();
      case REPLACED ->
          formation
              .filter(held -> instance.filter(one -> isOutdated(then, held, one)).isPresent())
              .isPresent();
      case PREEMPTED -> instance.filter(one -> Yielding.isFor(then, one, order.kill())).isPresent();
      case SCALED_DOWN ->
          formation
              .filter(
                  held ->
                      held.instances() == 0
                          || Invariants.staying(then, app) > Invariants.wanted(then, held))
              .isPresent();
    };
  }

  /// Of another generation, or launched under other constraints.
  private static boolean isOutdated(State then, Formation held, Instance instance) {
    App wanted = held.app();
    return !instance.generation().equals(wanted.generation())
        || then.app(instance.app(), instance.version())
            .filter(app -> !app.spec().constraints().equals(wanted.spec().constraints()))
            .isPresent();
  }

  private static Optional<NodeRecord> node(State then, Event.KillOrdered order) {
    return then.instance(order.instance())
        .flatMap(Instance::place)
        .flatMap(place -> then.node(place.node()));
  }

  /// Whether the app's patience with a silent node is over.
  private static boolean isOver(Step step, Formation held, NodeRecord node) {
    return held.app().spec().unreachableStrategy() instanceof UnreachableStrategy.Replaced strategy
        && !step.now().isBefore(node.since().plus(strategy.expungeAfter()));
  }
}
