package dev.slipway.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.scenario.Sabotage.Spoilt;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The checks of the simulation, checked: each way to break the core is noticed, and by the rule
/// that it breaks, within a few seeds.
class SabotageTest {
  private static final int SEEDS = 300;

  @ParameterizedTest(name = "{0}")
  @MethodSource("sabotages")
  void isNoticed(String name, Set<Rule> rules, Sabotage sabotage) {
    Set<String> others = new TreeSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        new Simulation(seed, Simulation.Settings.ALL, sabotage.deciding()).run();
      } catch (Rule.Broken broken) {
        if (rules.contains(broken.rule())) {
          return;
        }
        others.add(broken.rule().name());
      }
    }
    assertThat(others).as("what noticed that it %s", name).containsAnyElementsOf(names(rules));
  }

  private static List<String> names(Set<Rule> rules) {
    return rules.stream().map(Rule::name).toList();
  }

  static Stream<Arguments> sabotages() {
    return Stream.of(
        sabotage("drops the record of a kill", RecordSabotage::dropsKills, Rule.KILL_CAUSE),
        sabotage("launches on a second node, too", SabotageTest::launchesTwice, Rule.RUNS_ONCE),
        sabotage("makes an instance again", SabotageTest::makesAgain, Rule.RUNS_ONCE),
        sabotage("gives a port twice", SabotageTest::givesPortTwice, Rule.PORTS),
        sabotage("gives headroom away", SabotageTest::givesHeadroomAway, Rule.HEADROOM),
        sabotage("gives room back early", SabotageTest::givesRoomEarly, Rule.MACHINE, Rule.ORPHANS),
        sabotage("forgets a node that is in use", SabotageTest::forgetsNode, Rule.PLACES),
        sabotage("ends one that is needed", SabotageTest::endsReady, Rule.HEALTH),
        sabotage("moves one before another is ready", SabotageTest::movesEarly, Rule.HEALTH),
        sabotage("never ends a move", SabotageTest::neverEndsMove, Rule.MOVES),
        sabotage("ends without a cause", SabotageTest::endsWithoutCause, Rule.KILL_CAUSE),
        sabotage("starts too many", SabotageTest::startsTooMany, Rule.CAPACITY),
        sabotage("takes silence for death", SabotageTest::takesSilenceForDeath, Rule.SILENCE),
        sabotage("empties a noisy node", SabotageTest::emptiesNoisyNode, Rule.PRESSURE),
        sabotage("orders in an old epoch", RecordSabotage::ordersInOldEpoch, Rule.EPOCH),
        sabotage("lets the epoch fall", RecordSabotage::letsEpochFall, Rule.EPOCH),
        sabotage("loses a write", RecordSabotage::losesWrite, Rule.WISHES, Rule.DURABLE),
        sabotage("undoes a write", RecordSabotage::undoesWrite, Rule.WISHES),
        sabotage("promises what is not recorded", RecordSabotage::promisesMore, Rule.DURABLE),
        sabotage("loses a volume in use", SabotageTest::losesVolume, Rule.VOLUMES),
        sabotage("records less than it keeps", RecordSabotage::recordsLess, Rule.REPLAY),
        sabotage("records what it refuses", RecordSabotage::recordsRefused, Rule.PURE),
        sabotage("never ends a deployment", SabotageTest::neverEnds, Rule.ENDS),
        sabotage("ends a deployment and keeps its locks", SabotageTest::keepsLocks, Rule.LOCKS),
        sabotage("never ends what it should", SabotageTest::neverKills, Rule.ENDS, Rule.CONVERGES),
        sabotage("places a gang in part", PlacingSabotage::splitsGang, Rule.GANGS),
        sabotage("puts a daemon where one stands", PlacingSabotage::doublesDaemon, Rule.DAEMONS),
        sabotage("puts a daemon nowhere", PlacingSabotage::losesDaemon, Rule.DAEMONS),
        sabotage("never looks again", SabotageTest::neverLooksAgain, Rule.ENDS, Rule.CONVERGES),
        sabotage("ends equals for each other", YieldingSabotage::endsEquals, Rule.KILL_CAUSE),
        sabotage("does not say for whom", YieldingSabotage::doesNotSayForWhom, Rule.KILL_CAUSE),
        sabotage("counts no victims", YieldingSabotage::countsNoVictims, Rule.YIELDING),
        sabotage("steals room", YieldingSabotage::stealsRoom, Rule.YIELDING),
        sabotage("keeps room for those gone", YieldingSabotage::keepsTooLong, Rule.YIELDING),
        sabotage("ends the last of them", YieldingSabotage::endsTheLast, Rule.HEALTH),
        sabotage("keeps an old address", AddressSabotage::keepsOld, Rule.ADDRESSES),
        sabotage("keeps what is gone", SabotageTest::keepsBackoffs, Rule.BOUNDED));
  }

  private static Arguments sabotage(String name, Sabotage sabotage, Rule... rules) {
    return Arguments.of(name, Set.of(rules), sabotage);
  }

  private static Spoilt movesEarly(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.InstanceMoveOrdered ordered
                ? List.of(
                    event,
                    new Event.KillOrdered(
                        ordered.instance(),
                        new Instance.Kill(KillReason.REBALANCED, "early", good.now())))
                : List.of(event));
  }

  private static Spoilt neverEndsMove(Spoilt good) {
    return good.events(
        event -> event instanceof Event.InstanceMoveEnded ? List.of() : List.of(event));
  }

  private static Spoilt launchesTwice(Spoilt good) {
    return good.effects(
        effect ->
            effect instanceof Effect.Launch(var launch)
                ? List.of(effect, new Effect.Launch(elsewhere(launch)))
                : List.of(effect));
  }

  private static TaskLaunch elsewhere(TaskLaunch launch) {
    return new TaskLaunch(
        launch.id(),
        launch.app(),
        new NodeId(launch.node().value().equals("n1") ? "n2" : "n1"),
        launch.epoch(),
        launch.command(),
        launch.environment(),
        launch.resources(),
        launch.fetch(),
        launch.user(),
        launch.hostPorts());
  }

  /// After an instance ended, its identity is used for another.
  private static Spoilt makesAgain(Spoilt good) {
    return good.events(
        event -> {
          if (!(event instanceof Event.InstanceEnded ended)) {
            return List.of(event);
          }
          return good.before()
              .instance(ended.instance())
              .filter(known -> good.decision().after().formation(known.app()).isPresent())
              .map(known -> List.of(event, scheduled(known.id(), known, good.now())))
              .orElse(List.of(event));
        });
  }

  private static Event scheduled(InstanceId id, Instance like, Instant now) {
    return new Event.InstanceScheduled(id, like.version(), like.generation(), now);
  }

  private static Spoilt givesPortTwice(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.InstancePlaced placed && !placed.place().hostPorts().isEmpty()
                ? List.of(
                    new Event.InstancePlaced(
                        placed.instance(),
                        placed.version(),
                        placed.generation(),
                        new Instance.Place(
                            placed.place().node(),
                            List.of(31_000),
                            placed.place().resources(),
                            placed.place().volumes(),
                            placed.place().devices()),
                        placed.portCursor(),
                        placed.at()))
                : List.of(event));
  }

  /// What is told to end is taken for ended.
  private static Spoilt givesRoomEarly(Spoilt good) {
    var end = TaskEnd.of(TaskEnd.Reason.KILLED, "taken for granted");
    return good.events(
            event ->
                event instanceof Event.KillOrdered order
                    ? List.of(
                        event,
                        new Event.InstanceEnded(
                            order.instance(), Trigger.ENDED_AS_ORDERED, end, good.now()))
                    : List.of(event))
        .effects(effect -> effect instanceof Effect.Kill ? List.of() : List.of(effect));
  }

  private static Spoilt forgetsNode(Spoilt good) {
    return good.input() instanceof Input.DrainNode drain
        ? good.and(new Event.NodeForgotten(drain.node(), good.now()))
        : good;
  }

  /// Decides as if nothing were kept free.
  private static Spoilt givesHeadroomAway(Spoilt good) {
    var policy = good.before().placementPolicy();
    if (policy.headroom().isEmpty() || good.input() instanceof Input.SetPlacementPolicy) {
      return good;
    }
    var without = new Event.PlacementPolicySet(policy.withHeadroom(new TreeMap<>()), good.now());
    State before = Evolution.apply(good.before(), without);
    Decision careless = Decider.decide(before, good.input(), good.now());
    return good.become(careless).events(List::of);
  }

  private static Spoilt endsReady(Spoilt good) {
    return good.input() instanceof Input.HealthSeen seen && seen.healthy()
        ? good.and(kill(seen.instance(), KillReason.SCALED_DOWN, good.now()))
        : good;
  }

  private static Spoilt endsWithoutCause(Spoilt good) {
    return good.input() instanceof Input.HealthSeen seen && seen.healthy()
        ? good.and(kill(seen.instance(), KillReason.UNHEALTHY, good.now()))
        : good;
  }

  private static Event kill(InstanceId instance, KillReason reason, Instant now) {
    return new Event.KillOrdered(instance, new Instance.Kill(reason, "sabotage", now));
  }

  private static Spoilt startsTooMany(Spoilt good) {
    return good.events(
        event -> {
          List<Event> all = new ArrayList<>(List.of(event));
          if (event instanceof Event.InstanceScheduled scheduled) {
            for (int i = 0; i < 5; i++) {
              var id =
                  InstanceId.of(
                      scheduled.instance().app(),
                      good.decision().after().platform().identity(1_000 + i));
              all.add(
                  new Event.InstanceScheduled(
                      id, scheduled.version(), scheduled.generation(), good.now()));
            }
          }
          return all;
        });
  }

  private static Spoilt takesSilenceForDeath(Spoilt good) {
    return good.input() instanceof Input.NodeSilent silent ? endsAllOn(good, silent.node()) : good;
  }

  private static Spoilt emptiesNoisyNode(Spoilt good) {
    return good.input() instanceof Input.NodePressureSeen seen
        ? endsAllOn(good, seen.node())
        : good;
  }

  private static Spoilt endsAllOn(Spoilt good, NodeId node) {
    Spoilt spoilt = good;
    for (var instances : good.decision().after().instances().values()) {
      for (Instance instance : instances.values()) {
        if (instance.place().filter(at -> at.node().equals(node)).isPresent()) {
          spoilt = spoilt.and(kill(instance.id(), KillReason.SCALED_DOWN, good.now()));
        }
      }
    }
    return spoilt;
  }

  private static Spoilt losesVolume(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.VolumeCreated created
                ? List.of(
                    event,
                    new Event.VolumeDeleted(
                        created.volume().app(), created.volume().id(), good.now()))
                : List.of(event));
  }

  private static Spoilt neverEnds(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.DeploymentEnded ended
                    && ended.outcome() == Deployment.Outcome.SUCCEEDED
                ? List.of()
                : List.of(event));
  }

  /// A second deployment takes the locks of one that goes on.
  private static Spoilt keepsLocks(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.DeploymentEnded ended
                    && ended.outcome() == Deployment.Outcome.SUPERSEDED
                ? List.of()
                : List.of(event));
  }

  private static Spoilt neverKills(Spoilt good) {
    return good.effects(effect -> effect instanceof Effect.Kill ? List.of() : List.of(effect));
  }

  private static Spoilt neverLooksAgain(Spoilt good) {
    Decision decision = good.decision();
    return good.become(
        new Decision(
            decision.after(), decision.events(), decision.effects(), decision.reply(), Map.of()));
  }

  /// The delays of apps that are gone.
  private static Spoilt keepsBackoffs(Spoilt good) {
    return good.events(
        event -> {
          if (!(event instanceof Event.AppForgotten forgotten)) {
            return List.of(event);
          }
          var backoff = good.before().backoffs().get(forgotten.app());
          return backoff == null
              ? List.of(event)
              : List.of(event, new Event.BackoffSet(forgotten.app(), backoff, good.now()));
        });
  }
}
