package dev.slipway.core.scenario;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.PolicyRevision;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.state.State;
import dev.slipway.core.volume.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What clients may come to want of a platform as they see it.
final class RandomWishes {
  private static final List<String> GROUPS = List.of("/", "/shop", "/shop/data");

  /// Apps may depend on others that nobody has wanted yet.
  private static final Input.Terms FORCED = new Input.Terms(true, false, true);

  private static final Input.Terms LENIENT = new Input.Terms(false, false, true);

  private static final int MOST_PERCENT = 200;

  private final Dice dice;
  private final State state;
  private final RandomApps apps;

  RandomWishes(Dice dice, State state) {
    this.dice = dice;
    this.state = state;
    this.apps = new RandomApps(dice);
  }

  Input.Command one() {
    var id = PathId.of(dice.one(RandomApps.NAMES));
    return switch (dice.below(32)) {
      case 0, 1 -> new Input.RemoveApp(id, dice.percent(50));
      case 2 -> new Input.RestartApp(id, dice.percent(50));
      case 3 -> new Input.RemoveGroup(PathId.of(dice.one(GROUPS)), dice.percent(50));
      case 4 -> GroupBuilder.scale(dice.one(GROUPS), dice.below(4) / 2.0);
      case 5, 6 -> kill();
      case 7, 8 -> cancel();
      case 9 -> drain(true);
      case 10, 11 -> drain(false);
      case 12 -> new Input.ClearBackoff(id);
      case 13, 14 -> group();
      case 15 -> restore(id);
      case 16, 17, 18 -> scale(id);
      case 19 -> several();
      case 20 -> deleteVolume();
      case 21 -> resume();
      case 22 -> restoreGroup();
      case 23 -> policy();
      case 27 -> dice.percent(20) ? new Input.ResumeEvictions() : put(apps.one(id.toString()));
      case 28, 29 -> new Input.Rebalance();
      case 30 -> dice.percent(50) ? new Input.StopRebalancing() : new Input.Rebalance();
      case 31 -> rebalancing();
      default -> put(apps.one(id.toString()));
    };
  }

  private Input.Command policy() {
    int percent = dice.one(List.of(100, 133, MOST_PERCENT));
    var preemption = new PlacementPolicy.Preemption(dice.percent(80), dice.any(1, 2, 5, 60));
    var headroom = new TreeMap<String, HeadroomClass>();
    if (dice.percent(50)) {
      var slot = Resources.of(0.1 + dice.below(4) / 10.0, 16 + dice.below(64), 0, 0);
      headroom.put("slots", new HeadroomClass(1 + dice.below(9), slot, List.of()));
    }
    return new Input.SetPlacementPolicy(
        now ->
            new PolicyRevision.Result.Revised(
                now.withCpuOvercommit(percent).with(preemption).withHeadroom(headroom)));
  }

  /// The most that is ever offered of what there is.
  static Resources mostOf(Resources capacity) {
    return capacity.withCpuPercent(MOST_PERCENT);
  }

  private Input.Command put(AppBuilder wanted) {
    return switch (dice.below(8)) {
      case 0 -> wanted.queued();
      case 1, 2, 3 -> wanted.lenient();
      default -> new Input.ChangeApps(wanted.put().changes(), Input.Expectation.ANY, FORCED);
    };
  }

  private Input.Command scale(PathId id) {
    App known = state.app(id).orElse(null);
    return known == null
        ? put(apps.one(id.toString()))
        : put(
            new AppBuilder(
                known
                    .spec()
                    .withInstances(dice.below(known.spec().scheduling().daemon() ? 2 : 6))));
  }

  private Input.Command restore(PathId id) {
    List<Instant> versions = new ArrayList<>();
    var known = state.versions().get(id);
    if (known != null) {
      known.keys().forEach(versions::add);
    }
    return versions.isEmpty()
        ? put(apps.one(id.toString()))
        : new Input.RestoreVersion(id, dice.one(versions), dice.percent(50));
  }

  private Input.Command several() {
    var changes =
        dice.any(RandomApps.NAMES.subList(0, 2), RandomApps.NAMES.subList(1, 4)).stream()
            .map(name -> Scenario.always(apps.one(name).spec()))
            .toList();
    return new Input.ChangeApps(
        changes, Input.Expectation.ANY, dice.percent(50) ? FORCED : LENIENT);
  }

  private Input.Command group() {
    var data = GroupBuilder.group("/shop/data").with(apps.one("/shop/data/db"));
    var shop = GroupBuilder.group("/shop").with(apps.one("/shop/web"), apps.one("/shop/api"));
    var wish = (dice.percent(50) ? shop.with(data) : shop).put();
    return new Input.ChangeGroup(
        wish.change(), Input.Expectation.ANY, dice.percent(50) ? FORCED : LENIENT);
  }

  private Input.Command kill() {
    List<InstanceId> all = new ArrayList<>();
    state.instances().values().forEach(ofApp -> ofApp.keys().forEach(all::add));
    List<InstanceId> some = new ArrayList<>();
    for (int i = dice.below(3); i >= 0 && !all.isEmpty(); i--) {
      some.add(dice.one(all));
    }
    return new Input.KillInstances(some, dice.percent(30), dice.percent(50), dice.percent(30));
  }

  private Input.Command deleteVolume() {
    List<VolumeId> all = new ArrayList<>();
    state.nodes().volumes().values().forEach(ofApp -> ofApp.keys().forEach(all::add));
    return all.isEmpty() ? cancel() : new Input.DeleteVolume(dice.one(all));
  }

  private Input.Command resume() {
    List<DeploymentId> all = new ArrayList<>();
    state.deployments().keys().forEach(all::add);
    return all.isEmpty() ? cancel() : new Input.ResumeDeployment(dice.one(all));
  }

  private Input.Command restoreGroup() {
    return new Input.RestoreGroup(
        PathId.of(dice.one(GROUPS)),
        state.root().version().minusMillis(dice.below(3)),
        dice.percent(50) ? FORCED : LENIENT);
  }

  private Input.Command cancel() {
    List<DeploymentId> all = new ArrayList<>();
    state.deployments().keys().forEach(all::add);
    return all.isEmpty()
        ? new Input.CancelDeployment(new DeploymentId("none"), false)
        : new Input.CancelDeployment(dice.one(all), dice.percent(30));
  }

  private Input.Command rebalancing() {
    var wanted =
        new PlacementPolicy.Rebalancing(
            dice.percent(70), 1 + dice.below(4), 0, Duration.ofSeconds(10 + dice.below(50)));
    return Input.SetPlacementPolicy.to(state.placementPolicy().with(wanted));
  }

  private Input.Command drain(boolean draining) {
    List<NodeId> all = new ArrayList<>();
    state.nodes().byId().keys().forEach(all::add);
    return new Input.DrainNode(all.isEmpty() ? new NodeId("n1") : dice.one(all), draining);
  }
}
