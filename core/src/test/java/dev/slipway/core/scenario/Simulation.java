package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.scenario.Scenario.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random wishes and faults from one seed, on virtual time: clients that deploy, scale, kill,
/// cancel, force, drain and remove; sights that are lost, late, doubled and out of order; nodes
/// that go silent; orders that are lost; servers that die at any moment. The invariants of {@link
/// Invariants} hold after every step. Then all faults end, and what is must become what is wanted.
final class Simulation {
  private static final int NODES = 4;
  private static final int TURNS = 40;
  private static final List<String> APPS =
      List.of("/a", "/b", "/shop/web", "/shop/api", "/shop/data/db", "/shop/data/queue");
  private static final List<String> GROUPS = List.of("/", "/shop", "/shop/data");
  private static final List<String> SCRIPTS =
      List.of("run", "run", "run", "run", "stubborn", "slow", "crash", "finish", "unhealthy");
  private static final double[] PARTS = {0, 0.25, 0.5, 0.75, 1};

  private final Random random;
  private final Scenario story;
  private boolean faults = true;

  Simulation(long seed) {
    random = new Random(seed);
    story = Scenario.onNodes(NODES, Resources.of(2, 2048, 2048, 0));
    story.fates(this::fate);
    story.delivery(this::delivery);
  }

  Scenario run() {
    for (int turn = 0; turn < TURNS; turn++) {
      story.insist(wish());
      if (chance(20)) {
        trouble();
      }
      story.pass(Duration.ofMillis(random.nextInt(chance(10) ? 120_000 : 4_000)));
    }
    calm();
    return story;
  }

  /// All faults end; the engine tells what it may not have told; and there is time for the longest
  /// delays.
  private void calm() {
    faults = false;
    story.engine().deaf(false);
    for (NodeId node : story.engine().silent()) {
      story.engine().silence(node, false);
    }
    tellAll();
    story.pass(Duration.ofMinutes(5));
    tellAll();
    story.pass(Duration.ofMinutes(5));
  }

  private Fate fate() {
    if (!faults || random.nextInt(150) > 0) {
      return Fate.LIVES;
    }
    return one(
        List.of(Fate.DIES_BEFORE_RECORDING, Fate.DIES_BEFORE_ACTING, Fate.DIES_WHILE_ACTING));
  }

  /// A lost sight is followed by a picture, since an engine knows when it could not tell something.
  private List<Duration> delivery() {
    if (!faults) {
      return List.of(Duration.ZERO);
    }
    return switch (random.nextInt(20)) {
      case 0 -> {
        story.after(Duration.ofMillis(random.nextInt(20_000)), this::tellAll);
        yield List.of();
      }
      case 1 -> List.of(late(), late());
      case 2, 3 -> List.of(late());
      default -> List.of(Duration.ZERO);
    };
  }

  private void tellAll() {
    story.picture();
    story.engine().probeAgain();
  }

  private Duration late() {
    return Duration.ofMillis(random.nextInt(5_000));
  }

  private void trouble() {
    switch (random.nextInt(4)) {
      case 0 -> story.restart();
      case 1 -> {
        var node = new NodeId("n" + (1 + random.nextInt(NODES)));
        story.engine().silence(node, true);
        story.after(late().multipliedBy(10), () -> story.engine().silence(node, false));
      }
      case 2 -> {
        story.engine().deaf(true);
        story.after(
            late().multipliedBy(4),
            () -> {
              story.engine().deaf(false);
              tellAll();
            });
      }
      default -> {
        var alive = story.engine().alive();
        if (!alive.isEmpty()) {
          story.engine().exit(one(alive), random.nextInt(2));
        }
      }
    }
  }

  private Input.Command wish() {
    var id = PathId.of(one(APPS));
    App known = story.state().app(id).orElse(null);
    return switch (random.nextInt(20)) {
      case 0, 1 -> new Input.RemoveApp(id, chance(50));
      case 2 -> new Input.RestartApp(id, chance(50));
      case 3 -> new Input.RemoveGroup(PathId.of(one(GROUPS)), chance(50));
      case 4 -> GroupBuilder.scale(one(GROUPS), random.nextInt(4) / 2.0);
      case 5, 6 -> kill();
      case 7, 8, 9 -> cancel();
      case 10 -> drain(true);
      case 11, 12 -> drain(false);
      case 13 -> new Input.ClearBackoff(id);
      case 14, 15 -> group();
      case 16 ->
          known == null ? deploy(id) : new Input.RestoreVersion(id, one(versions(id)), chance(50));
      default -> deploy(id);
    };
  }

  private Input.Command deploy(PathId id) {
    var wanted = builder(id.toString());
    return chance(50) ? wanted.force() : wanted.put();
  }

  private AppBuilder builder(String id) {
    var wanted =
        app(id, random.nextInt(5))
            .running(one(SCRIPTS))
            .version("" + random.nextInt(3))
            .upgrading(PARTS[random.nextInt(PARTS.length)], PARTS[random.nextInt(PARTS.length)])
            .backingOff(1 + random.nextInt(3), 1 + random.nextInt(3) / 2.0, 60)
            .requesting(0.1 + random.nextInt(3) / 10.0, 32);
    if (chance(60)) {
      wanted = wanted.withHealthCheck();
    }
    if (chance(30)) {
      wanted = chance(50) ? wanted.withPort(0, false) : wanted.withPort(8080, true);
    }
    // Only on those before it, so that there is no cycle.
    int place = APPS.indexOf(id);
    return place > 0 && chance(30) ? wanted.dependingOn(APPS.get(random.nextInt(place))) : wanted;
  }

  private Input.Command group() {
    var data = GroupBuilder.group("/shop/data").with(builder("/shop/data/db"));
    var shop = GroupBuilder.group("/shop").with(builder("/shop/web"), builder("/shop/api"));
    return (chance(50) ? shop.with(data) : shop).put(Input.Expectation.ANY, chance(50));
  }

  private Input.Command kill() {
    List<InstanceId> all = new ArrayList<>();
    story.state().instances().values().forEach(ofApp -> ofApp.keys().forEach(all::add));
    List<InstanceId> some = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0 && !all.isEmpty(); i--) {
      some.add(one(all));
    }
    return new Input.KillInstances(some, chance(30), chance(50));
  }

  private Input.Command cancel() {
    List<DeploymentId> all = new ArrayList<>();
    story.state().deployments().keys().forEach(all::add);
    return new Input.CancelDeployment(
        all.isEmpty() ? new DeploymentId("none") : one(all), chance(30));
  }

  private Input.Command drain(boolean draining) {
    return new Input.DrainNode(new NodeId("n" + (1 + random.nextInt(NODES))), draining);
  }

  private List<java.time.Instant> versions(PathId id) {
    List<java.time.Instant> all = new ArrayList<>();
    var known = story.state().versions().get(id);
    if (known != null) {
      known.keys().forEach(all::add);
    }
    return all;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
