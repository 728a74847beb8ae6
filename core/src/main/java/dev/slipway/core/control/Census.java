package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.deployment.RollingUpdate;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Displaced;
import dev.slipway.core.state.Finished;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// An app's instances, sorted by what they are to its formation.
///
/// @param current of the version that is wanted, or good enough for it; those on no node included
/// @param outdated of another generation, or where the app's constraints have not let them stand
///     since they were changed, and to be replaced
/// @param leaving on a node that gives up its instances, or being moved, and to be replaced
/// @param inactive silent for so long that others take their place; neither counted nor ended
/// @param ending being ended
/// @param lost to be ended on a node that nothing is heard of, or given up with one that is back;
///     nobody waits for that
/// @param done instances of run-once work that ended and are not followed by others
/// @param checked the versions whose instances are asked whether they are well
/// @param slots how many instances there should be, those that are done included
record Census(
    Formation formation,
    List<Instance> current,
    List<Instance> outdated,
    List<Instance> leaving,
    List<Instance> inactive,
    List<Instance> ending,
    List<Instance> lost,
    int done,
    Set<Instant> checked,
    int slots) {

  static Census of(State state, Formation formation) {
    var census =
        new Census(
            formation,
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            state.finished(formation).map(Finished::all).orElse(0),
            state.checkedVersions(formation.app().id()),
            state.wanted(formation));
    Set<InstanceId> displaced = displaced(state, formation);
    for (Instance instance : state.instancesOf(formation.app().id()).values()) {
      census.sort(state, instance, displaced.contains(instance.id()));
    }
    return census;
  }

  private void sort(State state, Instance instance, boolean displaced) {
    if (instance.condition() == Condition.KILLING) {
      boolean forgone = instance.isGivenUp() || isOnSilentNode(state, instance);
      (forgone ? lost : ending).add(instance);
    } else if (instance.condition() == Condition.UNREACHABLE_INACTIVE) {
      inactive.add(instance);
    } else if (instance.condition() == Condition.SCHEDULED) {
      current.add(instance);
    } else if (formation.isDaemon()) {
      sortOfDaemon(state, instance);
    } else if (displaced || isOfAnotherGeneration(formation, instance)) {
      outdated.add(instance);
    } else if (isLeaving(state, instance)) {
      leaving.add(instance);
    } else {
      current.add(instance);
    }
  }

  /// A daemon's instance leaves with its node, and is waited for while nothing is heard of that. On
  /// a node that is being emptied, or is closed to new tasks, none takes its place.
  private void sortOfDaemon(State state, Instance instance) {
    NodeRecord node = instance.place().flatMap(place -> state.node(place.node())).orElseThrow();
    boolean post = state.roster(formation.app().id()).posts().containsKey(node.id());
    switch (node.state()) {
      case UNREACHABLE -> current.add(instance);
      case CLOSED, DRAINING -> (post ? current : leaving).add(instance);
      case READY -> {
        boolean old = isOfAnotherGeneration(formation, instance);
        (post ? old ? outdated : current : leaving).add(instance);
      }
    }
  }

  static boolean isOnSilentNode(State state, Instance instance) {
    return instance.place().filter(place -> state.nodes().isSilent(place.node())).isPresent();
  }

  /// Whether it has to leave its node. One that has volumes there cannot.
  private static boolean isLeaving(State state, Instance instance) {
    return isOnGivingUpNode(state, instance) || state.rebalancing().moveOf(instance).isPresent();
  }

  private static boolean isOnGivingUpNode(State state, Instance instance) {
    return instance
        .place()
        .filter(place -> place.volumes().isEmpty())
        .flatMap(place -> state.node(place.node()))
        .filter(NodeRecord::givesUp)
        .isPresent();
  }

  /// Whether it gives way for no other reason than that somebody wants it elsewhere.
  boolean isMoved(State state, Instance instance) {
    return !isOutdated(instance)
        && state.rebalancing().moveOf(instance).isPresent()
        && !isOnGivingUpNode(state, instance);
  }

  static boolean isOfAnotherGeneration(Formation formation, Instance instance) {
    return formation.replacing() && !instance.generation().equals(formation.app().generation());
  }

  /// The instances that were launched under other constraints than those of now, and stand where
  /// these do not let them. Only a deployment moves them: a node that joins later, or changes, is
  /// no cause to end what serves.
  private static Set<InstanceId> displaced(State state, Formation formation) {
    if (formation.isDaemon() || !areJudged(state, formation)) {
      return Set.of();
    }
    AppSpec spec = formation.app().spec();
    List<Instance> settled = new ArrayList<>();
    List<Instance> judged = new ArrayList<>();
    Set<Instant> same = new HashSet<>();
    Set<Instant> other = new HashSet<>();
    for (Instance instance : state.instancesOf(spec.id()).values()) {
      boolean stands = instance.place().isPresent() && instance.condition() != Condition.KILLING;
      if (!stands || isOfAnotherGeneration(formation, instance)) {
        continue;
      }
      Instant version = instance.version();
      if (!same.contains(version) && !other.contains(version)) {
        (isLaunchedLike(state, formation, version) ? same : other).add(version);
      }
      (same.contains(version) ? settled : judged).add(instance);
    }
    return judged.isEmpty()
        ? Set.of()
        : Displaced.of(state.nodes(), spec, formation.instances(), settled, judged);
  }

  /// Whether it matters now where instances stand.
  static boolean areJudged(State state, Formation formation) {
    return formation.replacing() && state.locks().containsKey(formation.app().id());
  }

  /// Whether the constraints of a version are those of now; of one that is not kept nobody knows,
  /// and its instances stay.
  static boolean isLaunchedLike(State state, Formation formation, Instant version) {
    App now = formation.app();
    return version.equals(now.version())
        || state
            .app(now.id(), version)
            .filter(app -> !app.spec().constraints().equals(now.spec().constraints()))
            .isEmpty();
  }

  /// Whether the instance is replaced for what it is, not for where it stands.
  boolean isOutdated(Instance instance) {
    return outdated.contains(instance);
  }

  /// Whether there are no instances left but those that nobody waits for.
  boolean isEmpty() {
    return current.isEmpty()
        && outdated.isEmpty()
        && leaving.isEmpty()
        && inactive.isEmpty()
        && ending.isEmpty();
  }

  /// By the checks that it is asked: an old instance is not unwell for checks of the new version.
  boolean isReady(Instance instance) {
    return instance.isReady(checked.contains(instance.version()));
  }

  int ready(List<Instance> instances) {
    return (int) instances.stream().filter(this::isReady).count();
  }

  /// How many instances there should be now: those that are done are not started again.
  int wanted() {
    return Math.max(0, slots - done);
  }

  /// Instances of run-once work that are being ended and will not be followed by others.
  int endingForGood() {
    if (formation.app().spec().restartPolicy() != RestartPolicy.NEVER) {
      return 0;
    }
    return (int)
        ending.stream()
            .filter(one -> one.generation().equals(formation.app().generation()))
            .filter(one -> one.kill().filter(Instance.Kill::isForItself).isPresent())
            .count();
  }

  /// Instances that are there and are to go.
  int going() {
    return outdated.size() + ending.size();
  }

  /// Whether all is as wanted. Instances that wait to leave a draining node do not hold it up.
  boolean isSatisfied() {
    if (formation.instances() == 0) {
      return isEmpty();
    }
    return outdated.isEmpty()
        && ending.isEmpty()
        && current.size() <= wanted()
        && ready(current) + ready(leaving) >= wanted();
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
                switch (kill.reason()) {
                  case REPLACED, NODE_DRAINED, REBALANCED -> true;
                  case REQUESTED, SCALED_DOWN, APP_REMOVED, UNHEALTHY, PREEMPTED, EXPUNGED -> false;
                })
        .isPresent();
  }

  /// @param roomless whether instances on no node are known to wait for room
  RollingUpdate.Counts counts(boolean roomless) {
    List<Instance> replaced = replaced();
    int ready = ready(replaced);
    int unreachable =
        (int) replaced.stream().filter(one -> one.condition() == Condition.UNREACHABLE).count();
    int unready = replaced.size() - ready - unreachable;
    return new RollingUpdate.Counts(
        wanted(),
        new RollingUpdate.Old(ready, unready, unreachable),
        ending.size(),
        new RollingUpdate.Fresh(
            ready(current), current.size(), roomless && !outdated.isEmpty() ? unplaced() : 0));
  }

  /// How many stand on no node.
  int unplaced() {
    return (int) current.stream().filter(one -> one.condition() == Condition.SCHEDULED).count();
  }

  /// Only because their nodes give up their instances, and no other cause, some are replaced.
  boolean isOnlyLeaving() {
    return outdated.isEmpty() && !leaving.isEmpty();
  }
}
