package dev.slipway.core.control;

import dev.slipway.core.deployment.RollingUpdate;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;

/// An app's instances, sorted by what they are to its formation.
///
/// @param current of the version that is wanted, or good enough for it; those on no node included
/// @param outdated of another generation, and to be replaced
/// @param leaving on a node that gives up its instances, and to be replaced
/// @param ending being ended
record Census(
    Formation formation,
    List<Instance> current,
    List<Instance> outdated,
    List<Instance> leaving,
    List<Instance> ending) {

  static Census of(State state, Formation formation) {
    List<Instance> current = new ArrayList<>();
    List<Instance> outdated = new ArrayList<>();
    List<Instance> leaving = new ArrayList<>();
    List<Instance> ending = new ArrayList<>();
    for (Instance instance : state.instancesOf(formation.app().id()).values()) {
      if (instance.condition() == Condition.KILLING) {
        ending.add(instance);
      } else if (instance.condition() == Condition.SCHEDULED) {
        current.add(instance);
      } else if (isOutdated(formation, instance)) {
        outdated.add(instance);
      } else if (onDrainingNode(state, instance)) {
        leaving.add(instance);
      } else {
        current.add(instance);
      }
    }
    return new Census(formation, current, outdated, leaving, ending);
  }

  private static boolean onDrainingNode(State state, Instance instance) {
    return instance
        .place()
        .flatMap(place -> state.node(place.node()))
        .filter(NodeRecord::draining)
        .isPresent();
  }

  /// Whether the instance is of another generation and to be replaced.
  boolean isOutdated(Instance instance) {
    return isOutdated(formation, instance);
  }

  private static boolean isOutdated(Formation formation, Instance instance) {
    return formation.replacing() && !instance.generation().equals(formation.app().generation());
  }

  boolean isEmpty() {
    return current.isEmpty() && outdated.isEmpty() && leaving.isEmpty() && ending.isEmpty();
  }

  boolean isReady(Instance instance) {
    return instance.isReady(!formation.app().spec().healthChecks().isEmpty());
  }

  int ready(List<Instance> instances) {
    return (int) instances.stream().filter(this::isReady).count();
  }

  /// Whether all is as wanted. Instances that wait to leave a draining node do not hold it up.
  boolean isSatisfied() {
    if (formation.instances() == 0) {
      return isEmpty();
    }
    return outdated.isEmpty()
        && ending.isEmpty()
        && current.size() <= formation.instances()
        && ready(current) + ready(leaving) >= formation.instances();
  }

  /// What has to be replaced: the outdated and the leaving.
  List<Instance> replaced() {
    List<Instance> all = new ArrayList<>(outdated);
    all.addAll(leaving);
    return all;
  }

  /// Whether instances are being replaced, those included that already end and still hold their
  /// room.
  boolean isReplacing() {
    return !outdated.isEmpty() || !leaving.isEmpty() || ending.stream().anyMatch(Census::gaveWay);
  }

  private static boolean gaveWay(Instance instance) {
    return instance
        .kill()
        .filter(
            kill ->
                kill.reason() == KillReason.REPLACED || kill.reason() == KillReason.NODE_DRAINED)
        .isPresent();
  }

  /// @param delayed whether the next launch is held back, so that instances on no node wait for
  ///     that and not for room
  RollingUpdate.Counts counts(boolean delayed) {
    List<Instance> replaced = replaced();
    int ready = ready(replaced);
    int unreachable =
        (int) replaced.stream().filter(one -> one.condition() == Condition.UNREACHABLE).count();
    int unready = replaced.size() - ready - unreachable;
    return new RollingUpdate.Counts(
        formation.instances(),
        new RollingUpdate.Old(ready, unready, unreachable),
        ending.size(),
        new RollingUpdate.Fresh(ready(current), current.size(), delayed ? 0 : roomless()));
  }

  /// Instances that no node has room for, and for which ending an outdated one could make some. One
  /// that leaves a draining node makes no room that may be used.
  private int roomless() {
    if (outdated.isEmpty()) {
      return 0;
    }
    return (int) current.stream().filter(one -> one.condition() == Condition.SCHEDULED).count();
  }
}
