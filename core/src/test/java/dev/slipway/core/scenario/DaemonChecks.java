package dev.slipway.core.scenario;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.control.KeptRoom;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Post;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What holds of daemons, found out over all nodes, without what the state counts along.
final class DaemonChecks {
  private DaemonChecks() {}

  static void check(State state) {
    for (Formation formation : state.formations().values()) {
      PathId app = formation.app().id();
      if (formation.isDaemon()) {
        check(state, formation);
      } else {
        Rule.TALLIES.holds(!state.rosters().containsKey(app), "%s is no daemon", app);
      }
    }
    state
        .rosters()
        .keys()
        .forEach(app -> Rule.TALLIES.holds(state.formation(app).isPresent(), "%s is kept", app));
  }

  private static void check(State state, Formation formation) {
    PathId app = formation.app().id();
    Set<NodeId> posts = new TreeSet<>();
    Set<NodeId> open = new TreeSet<>();
    Set<NodeId> surplus = new TreeSet<>();
    for (NodeRecord node : state.nodes().byId().values()) {
      int standing = standing(state, app, node.id()).size();
      boolean empty = !node.instances().values().iterator().hasNext() || !hasAny(node, app);
      boolean admitted = Post.admission(formation.app().spec()).test(node.node());
      boolean stays =
          node.state() == NodeRecord.State.READY
              || (standing > 0
                  && (node.silent()
                      || node.state() == NodeRecord.State.CLOSED
                      || hasOthers(state, node)));
      if (admitted && stays) {
        posts.add(node.id());
        if (empty) {
          open.add(node.id());
        }
      }
      if (!node.silent() && standing > (admitted && stays ? 1 : 0)) {
        surplus.add(node.id());
      }
    }
    var roster = state.roster(app);
    Rule.TALLIES.holds(keys(roster.posts().keys()).equals(posts), "%s: %s", roster, posts);
    Rule.TALLIES.holds(keys(roster.open().keys()).equals(open), "%s: open %s", roster, open);
    Rule.TALLIES.holds(
        keys(roster.surplus().keys()).equals(surplus), "%s: surplus %s", roster, surplus);
    Rule.DAEMONS.holds(surplus.isEmpty(), "%s has too many on %s", app, surplus);
    int waiting = state.waiting().getOrDefault(app, 0);
    Rule.DAEMONS.holds(waiting == open.size(), "%d of %s wait, open is %s", waiting, app, open);
  }

  private static Set<NodeId> keys(Iterable<NodeId> ids) {
    Set<NodeId> all = new TreeSet<>();
    ids.forEach(all::add);
    return all;
  }

  private static boolean hasAny(NodeRecord node, PathId app) {
    for (PathId one : node.instances().values()) {
      if (one.equals(app)) {
        return true;
      }
    }
    return false;
  }

  /// Whether anything stands there that is no daemon.
  static boolean hasOthers(State state, NodeRecord node) {
    for (PathId app : node.instances().values()) {
      if (state.formation(app).filter(Formation::isDaemon).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static List<Instance> standing(State state, PathId app, NodeId node) {
    List<Instance> all = new ArrayList<>();
    for (Instance instance : state.instancesOf(app).values()) {
      if (instance.condition() != Condition.KILLING
          && instance.condition() != Condition.UNREACHABLE_INACTIVE
          && instance.place().filter(place -> place.node().equals(node)).isPresent()) {
        all.add(instance);
      }
    }
    return all;
  }

  /// Whether a daemon's instance is ended for what is so.
  ///
  /// @param then the state right before the order
  static boolean isSo(State then, Formation held, Event.KillOrdered order) {
    Instance instance = then.instance(order.instance()).orElseThrow();
    PathId app = instance.app();
    if (instance.place().isEmpty()) {
      return then.waiting().getOrDefault(app, 0) > then.roster(app).open().size();
    }
    NodeRecord node = then.node(instance.place().get().node()).orElseThrow();
    boolean one = standing(then, app, node.id()).size() == 1;
    boolean admitted = Post.admission(held.app().spec()).test(node.node());
    if (order.kill().reason() == KillReason.NODE_DRAINED) {
      return node.givesUp() && (!hasOthers(then, node) || !admitted || !one);
    }
    return !node.silent() && (!admitted || !one);
  }

  /// What an update ends leaves a ready one on all nodes but as many as the strategy lets go, and
  /// is followed by another. Nodes that joined or came back since the step began hold up none but
  /// their like.
  static void enoughStayReady(State then, Formation held, Event.KillOrdered order) {
    AppSpec spec = held.app().spec();
    PathId app = spec.id();
    Instance ending = then.instance(order.instance()).orElseThrow();
    Request request = Post.request(spec, 0);
    Rule.DAEMONS.holds(
        Post.takesOver(then.nodes(), ending.place().orElseThrow(), ending, request),
        "the next version of %s does not fit in its place",
        ending);
    if (!Holdings.isReady(then, ending)) {
      return;
    }
    Optional<Instant> begun =
        Optional.ofNullable(then.locks().get(app))
            .flatMap(then::deployment)
            .map(Deployment::stepStartedAt);
    boolean late = hasJoined(then, ending.place().orElseThrow().node(), begun);
    int nodes = 0;
    int down = 1;
    for (NodeId id : then.roster(app).posts().keys()) {
      if (then.node(id).orElseThrow().state() != NodeRecord.State.READY) {
        continue;
      }
      boolean ready = standing(then, app, id).stream().anyMatch(one -> Holdings.isReady(then, one));
      boolean roomless =
          then.roster(app).open().containsKey(id)
              && Post.place(then.nodes(), id, request) instanceof Outcome.NotPlaced;
      boolean joined = !late && hasJoined(then, id, begun);
      nodes += roomless ? 0 : 1;
      down += roomless || ready || joined ? 0 : 1;
    }
    double part = 1 - spec.upgradeStrategy().minimumHealthCapacity();
    Rule.HEALTH.holds(
        down <= Math.max(1, (int) Math.floor(nodes * part + 1e-9)),
        "%d of %d nodes of %s have no ready one after %s",
        down,
        nodes,
        app,
        order);
  }

  private static boolean hasJoined(State then, NodeId id, Optional<Instant> begun) {
    return begun.filter(then.node(id).orElseThrow().since()::isAfter).isPresent();
  }

  /// What makes room for others leaves a ready one on as many nodes as the strategy asks for.
  static void enoughStayReadyForOthers(State then, Formation held, Event.KillOrdered order) {
    AppSpec spec = held.app().spec();
    Instance ending = then.instance(order.instance()).orElseThrow();
    int ready = -1;
    for (Instance instance : then.instancesOf(spec.id()).values()) {
      ready += Holdings.isReady(then, instance) ? 1 : 0;
    }
    int posts = then.roster(spec.id()).posts().size();
    int minimum = (int) Math.ceil(posts * spec.upgradeStrategy().minimumHealthCapacity());
    Rule.HEALTH.holds(
        !Holdings.isReady(then, ending) || ready >= minimum, "%d are ready after %s", ready, order);
  }

  /// Whether a waiting instance has nowhere to go.
  static boolean isRoomless(State state, AppSpec spec) {
    for (NodeId id : state.roster(spec.id()).open().keys()) {
      if (Post.place(KeptRoom.of(state, spec).nodes(), id, Post.request(spec, 0))
          instanceof Outcome.Placed) {
        return false;
      }
    }
    return true;
  }
}
