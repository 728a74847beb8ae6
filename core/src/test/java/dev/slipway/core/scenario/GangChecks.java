package dev.slipway.core.scenario;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.util.Set;
import java.util.TreeSet;

/// That one decision places all of a gang that waits, or nothing of it.
final class GangChecks {
  private GangChecks() {}

  static void check(Step step) {
    Set<PathId> looked = new TreeSet<>();
    State then = step.before();
    for (Event event : step.decision().events()) {
      if (event instanceof Event.InstancePlaced placed
          && looked.add(placed.instance().app())
          && isGang(then, placed.instance().app())) {
        waiting(then, placed.instance().app())
            .forEach(
                id ->
                    Rule.GANGS.holds(
                        step.after()
                            .instance(id)
                            .filter(one -> one.condition() == Condition.SCHEDULED)
                            .isEmpty(),
                        "%s is left behind by %s",
                        id,
                        step.decision().events()));
      }
      then = Evolution.apply(then, event);
    }
  }

  /// Whether it is one of which nothing is being replaced.
  private static boolean isGang(State state, PathId app) {
    Formation held = state.formation(app).orElse(null);
    if (held == null || !held.app().spec().scheduling().gang()) {
      return false;
    }
    for (Instance instance : state.instancesOf(app).values()) {
      if (isReplaced(state, held, instance)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isReplaced(State state, Formation held, Instance instance) {
    if (instance.condition() == Condition.SCHEDULED
        || instance.condition() == Condition.UNREACHABLE_INACTIVE) {
      return false;
    }
    if (instance.condition() == Condition.KILLING) {
      KillReason reason = instance.kill().orElseThrow().reason();
      return reason == KillReason.REPLACED
          || reason == KillReason.NODE_DRAINED
          || reason == KillReason.REBALANCED;
    }
    App now = held.app();
    boolean leaving =
        instance
            .place()
            .flatMap(place -> state.node(place.node()))
            .filter(NodeRecord::givesUp)
            .isPresent();
    boolean moved =
        state
            .app(instance.app(), instance.version())
            .filter(then -> !then.spec().constraints().equals(now.spec().constraints()))
            .isPresent();
    boolean wantedElsewhere = state.rebalancing().moveOf(instance).isPresent();
    return leaving || moved || wantedElsewhere || !instance.generation().equals(now.generation());
  }

  private static Set<InstanceId> waiting(State state, PathId app) {
    Set<InstanceId> all = new TreeSet<>();
    for (Instance instance : state.instancesOf(app).values()) {
      if (instance.condition() == Condition.SCHEDULED) {
        all.add(instance.id());
      }
    }
    return all;
  }
}
