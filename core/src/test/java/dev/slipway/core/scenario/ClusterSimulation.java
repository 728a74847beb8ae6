package dev.slipway.core.scenario;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.leadership.Role;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Servers that share a database and an engine, while from one seed they stand still, die, are cut
/// off from one or the other, have clocks that jump and run at different rates, and the database
/// goes away or loses its last commits. Then all heals, and one leads and all is as wanted.
final class ClusterSimulation {
  private static final int TURNS = 30;
  private static final int MACHINES = 3;
  private static final Duration QUIET = Duration.ofMinutes(3);
  private static final List<String> APPS = List.of("/a", "/b", "/c");

  private final long seed;
  private final Cluster cluster;
  private final Dice dice;
  private final List<Instant> acknowledged = new ArrayList<>();
  private int version;
  private boolean over;

  ClusterSimulation(long seed) {
    this.seed = seed;
    dice = new Dice(seed, "cluster simulation");
    cluster = new Cluster(seed, 2 + dice.below(2), MACHINES);
    cluster.strikes(this::strike);
  }

  Cluster cluster() {
    return cluster;
  }

  int acknowledged() {
    return acknowledged.size();
  }

  void run() {
    cluster.timeline().pass(Duration.ofSeconds(3));
    for (int turn = 0; turn < TURNS; turn++) {
      var now = new Dice(seed, "cluster turn " + turn);
      wish(now);
      if (now.percent(50)) {
        trouble(now);
      }
      cluster.timeline().pass(now.upTo(Duration.ofSeconds(now.percent(20) ? 20 : 3)));
      atMostOneLeadsUndisturbed();
    }
    heal();
    cluster.timeline().pass(QUIET);
    judge();
  }

  private void wish(Dice turn) {
    String app = turn.one(APPS);
    Input.Command wish =
        turn.percent(15)
            ? new Input.RestartApp(PathId.of(app), true)
            : AppBuilder.app(app, turn.below(4)).version("v" + ++version).force();
    cluster
        .leader()
        .ifPresent(
            leader ->
                leader.submit(
                    wish,
                    reply -> {
                      if (reply instanceof Reply.Deploying made) {
                        acknowledged.add(made.version());
                      }
                    }));
  }

  /// At any moment of a server's work.
  private void strike(Member member, Moment moment) {
    if (over || !dice.oneIn(60)) {
      return;
    }
    if (dice.percent(70)) {
      member.pause(dice.upTo(Duration.ofSeconds(15)));
    } else {
      kill(member);
    }
  }

  private void kill(Member member) {
    member.die();
    cluster.timeline().after(dice.upTo(Duration.ofSeconds(10)), cluster::join);
  }

  private void trouble(Dice turn) {
    if (cluster.alive().isEmpty()) {
      return;
    }
    Member member = turn.one(cluster.alive());
    switch (turn.below(9)) {
      case 0 -> member.pause(turn.upTo(Duration.ofSeconds(60)));
      case 1 -> {
        if (cluster.alive().size() > 1) {
          kill(member);
        }
      }
      case 2 -> cut(turn, member, true, false, false);
      case 3 -> cut(turn, member, false, true, false);
      case 4 -> cut(turn, member, false, false, true);
      case 5 -> {
        cluster.database(false);
        later(turn, turn.any(3, 30), () -> cluster.database(true));
      }
      case 6 -> cluster.journal().failOver(turn.below(4));
      case 7 -> {
        Duration jump = Duration.ofSeconds(turn.below(7200));
        member.clockJumps(turn.percent(50) ? jump : jump.negated());
      }
      default -> {
        List<TaskId> alive = List.copyOf(cluster.engine().alive());
        if (!alive.isEmpty()) {
          cluster.engine().end(turn.one(alive), Script.exit(1));
        }
      }
    }
  }

  private void cut(Dice turn, Member member, boolean database, boolean orders, boolean sights) {
    member.cut(database, orders, sights);
    later(turn, 30, () -> member.cut(false, false, false));
  }

  private void later(Dice turn, int seconds, Runnable what) {
    cluster.timeline().after(turn.upTo(Duration.ofSeconds(seconds)), what);
  }

  /// Several may believe to lead only while one of them was overtaken and has not heard of it.
  private void atMostOneLeadsUndisturbed() {
    Set<Long> epochs = new TreeSet<>();
    for (Member member : cluster.alive()) {
      if (member.mayAct()) {
        long epoch = member.election().term().orElseThrow().epoch().value();
        Rule.EPOCH.holds(
            epochs.add(epoch) || cluster.journal().lostCommits() > 0,
            "two servers lead in epoch %d",
            epoch);
      }
    }
  }

  private void heal() {
    over = true;
    cluster.calm();
    for (Member member : cluster.alive()) {
      member.pause(Duration.ZERO);
      member.cut(false, false, false);
    }
  }

  private void judge() {
    List<Member> leading =
        cluster.alive().stream()
            .filter(member -> member.election().role(Duration.ZERO) == Role.LEADING)
            .toList();
    Rule.CONVERGES.holds(leading.size() == 1, "%d servers lead", leading.size());
    Rule.CONVERGES.holds(leading.getFirst().mayAct(), "the leader may not act");
    State state = leading.getFirst().term().orElseThrow().state();
    Rule.REPLAY.holds(state.equals(cluster.journal().replay()), "the leader knows another history");
    durable();
    Rule.ENDS.holds(state.deployments().isEmpty(), "%s", state.deployments());
    for (String app : APPS) {
      var wanted = state.app(PathId.of(app)).map(one -> one.spec().instances()).orElse(0);
      int running = 0;
      for (Instance instance : state.instancesOf(PathId.of(app)).values()) {
        running += instance.condition() == Condition.RUNNING ? 1 : 0;
      }
      Rule.CONVERGES.holds(running == wanted, "%d of %d instances of %s run", running, wanted, app);
    }
    orphans(state);
  }

  /// What was acknowledged is there, or was lost with its commit by a failover.
  private void durable() {
    Set<Instant> recorded =
        cluster.journal().events().stream()
            .filter(Event.RootChanged.class::isInstance)
            .map(event -> ((Event.RootChanged) event).version())
            .collect(Collectors.toSet());
    for (Instant root : acknowledged) {
      Rule.DURABLE.holds(
          recorded.contains(root) || cluster.journal().lostRoots().contains(root),
          "%s was acknowledged",
          root);
    }
  }

  /// What runs is recorded, but for tasks of commits that were lost, which are told of.
  private void orphans(State state) {
    Set<TaskId> known = new TreeSet<>();
    state.instances().values().forEach(all -> all.keys().forEach(id -> known.add(id.task())));
    for (TaskId task : cluster.engine().alive()) {
      boolean stray =
          cluster.journal().lostCommits() > 0 && cluster.engine().strays().contains(task);
      Rule.ORPHANS.holds(known.contains(task) || stray, "%s is not recorded", task);
    }
    for (TaskId task : known) {
      Rule.ORPHANS.holds(cluster.engine().alive().contains(task), "%s does not run", task);
    }
  }
}
