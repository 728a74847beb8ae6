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
import java.util.stream.Stream;

/// Whether what an instance's end is put down to was so.
final class Causes {
  private Causes() {}

  static void check(Step step) {
    for (Event event : step.decision().events()) {
      if (event instanceof Event.KillOrdered order) {
        boolean patient =
            order.kill().reason() == KillReason.EXPUNGED
                || !(step.input() instanceof Input.NodeSilent silent)
                || node(step, order).filter(node -> node.id().equals(silent.node())).isEmpty()
                // A deployment went on, since it waits for nothing there any more.
                || !step.before().formation(app(order)).equals(step.after().formation(app(order)));
        Rule.SILENCE.holds(patient, "%s", order);
        Rule.KILL_CAUSE.holds(
            isSo(step, order),
            "%s by %s; before: %s, then: %s",
            order,
            step.input(),
            Invariants.conditions(step.before(), app(order)),
            step.decision().events());
      }
      if (event instanceof Event.InstanceEnded ended) {
        Rule.SILENCE.holds(!(step.input() instanceof Input.NodeSilent), "%s", ended);
      }
    }
  }

  private static PathId app(Event.KillOrdered order) {
    return order.instance().app();
  }

  private static boolean isSo(Step step, Event.KillOrdered order) {
    PathId app = order.instance().app();
    var formation = step.after().formation(app);
    return switch (order.kill().reason()) {
      case REQUESTED ->
          step.input() instanceof Input.KillInstances wish
              && wish.instances().contains(order.instance());
      case UNHEALTHY ->
          step.input() instanceof Input.UnhealthySeen seen
              && seen.instance().equals(order.instance());
      case APP_REMOVED -> !step.after().root().apps().containsKey(app);
      case NODE_DRAINED -> node(step, order).filter(NodeRecord::givesUp).isPresent();
      case EXPUNGED ->
          node(step, order)
              .filter(NodeRecord::silent)
              .filter(
                  node ->
                      states(step)
                          .anyMatch(state -> isPatienceOver(step, state.formation(app), node)))
              .isPresent();
      case REPLACED ->
          states(step)
              .flatMap(state -> state.instance(order.instance()).stream())
              .anyMatch(instance -> formation.isPresent() && isOutdated(step, instance));
      case SCALED_DOWN ->
          formation.isEmpty()
              || Invariants.staying(step.after(), app)
                  >= Invariants.wanted(step.after(), formation.get());
    };
  }

  /// Of another generation, or launched under other constraints.
  private static boolean isOutdated(Step step, Instance instance) {
    App wanted = step.after().formation(instance.app()).orElseThrow().app();
    return !instance.generation().equals(wanted.generation())
        || step.after()
            .app(instance.app(), instance.version())
            .filter(app -> !app.spec().constraints().equals(wanted.spec().constraints()))
            .isPresent();
  }

  private static Optional<NodeRecord> node(Step step, Event.KillOrdered order) {
    return states(step)
        .flatMap(state -> state.instance(order.instance()).stream())
        .flatMap(instance -> instance.place().stream())
        .findFirst()
        .flatMap(place -> step.after().node(place.node()));
  }

  private static boolean isPatienceOver(Step step, Optional<Formation> formation, NodeRecord node) {
    return formation
        .filter(
            held ->
                held.app().spec().unreachableStrategy()
                        instanceof UnreachableStrategy.Replaced strategy
                    && !step.now().isBefore(node.since().plus(strategy.expungeAfter())))
        .isPresent();
  }

  private static Stream<State> states(Step step) {
    return Stream.of(step.before(), step.after());
  }
}
