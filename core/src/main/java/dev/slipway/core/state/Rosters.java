package dev.slipway.core.state;

import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Post;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Keeps the rosters of daemons. What an event changed is seen from the state before and after it:
/// maps share what did not change, so that only nodes and instances that did are looked at. A
/// daemon whose formation changes, and all of them when a server begins to lead, are made out anew
/// over all nodes.
final class Rosters {
  private Rosters() {}

  static State followed(State before, State after) {
    if (after.formations().isEmpty() && after.rosters().isEmpty()) {
      return after;
    }
    Set<PathId> changed = new TreeSet<>();
    boolean[] turned = {false};
    after
        .formations()
        .changesSince(
            before.formations(),
            (app, was, is) -> {
              turned[0] |= isDaemon(was) != isDaemon(is);
              if (isDaemon(is) || isDaemon(was)) {
                changed.add(app);
              }
            });
    if (turned[0]) {
      // Nodes that are being emptied wait for what is no daemon.
      return madeAnew(after);
    }
    var rosters = after.rosters();
    for (PathId app : changed) {
      rosters = put(rosters, app, made(after, app));
    }
    if (rosters.isEmpty()) {
      return after;
    }
    rosters = touched(before, after, rosters);
    return after.withRosters(rosters);
  }

  /// All of them over all nodes.
  static State madeAnew(State state) {
    PersistentMap<PathId, Roster> rosters = PersistentMap.empty();
    for (Formation formation : state.formations().values()) {
      PathId app = formation.app().id();
      rosters = put(rosters, app, made(state, app));
    }
    return state.withRosters(rosters);
  }

  private static boolean isDaemon(@Nullable Formation formation) {
    return formation != null && formation.isDaemon();
  }

  private static PersistentMap<PathId, Roster> put(
      PersistentMap<PathId, Roster> rosters, PathId app, @Nullable Roster roster) {
    return roster == null ? rosters.remove(app) : rosters.put(app, roster);
  }

  /// Over all nodes; none where the app is no daemon, or is held to no instances.
  private static @Nullable Roster made(State state, PathId app) {
    Formation formation = state.formations().get(app);
    if (formation == null || !formation.isDaemon()) {
      return null;
    }
    Predicate<Node> admission = Post.admission(formation.app().spec());
    Roster roster = Roster.NONE;
    for (NodeRecord node : state.nodes().byId().values()) {
      roster = looked(state, app, roster, node, admission);
    }
    return roster;
  }

  private static PersistentMap<PathId, Roster> touched(
      State before, State after, PersistentMap<PathId, Roster> rosters) {
    Set<NodeId> forAll = new TreeSet<>();
    after
        .nodes()
        .byId()
        .changesSince(
            before.nodes().byId(),
            (id, was, is) -> {
              if (isOtherNode(was, is)) {
                forAll.add(id);
              }
            });
    PersistentMap<PathId, Roster> next = rosters;
    for (var entry : rosters) {
      PathId app = entry.getKey();
      Set<NodeId> nodes = new TreeSet<>(forAll);
      addMoved(before, after, app, nodes);
      if (!nodes.isEmpty()) {
        Roster roster = looked(after, app, entry.getValue(), nodes);
        next = next.put(app, roster);
      }
    }
    return next;
  }

  /// Whether it matters to all daemons how a node changed: where others stand does as long as it is
  /// being emptied.
  private static boolean isOtherNode(@Nullable NodeRecord was, @Nullable NodeRecord is) {
    return was == null
        || is == null
        || was.state() != is.state()
        || is.givesUp()
        || !was.node().equals(is.node());
  }

  /// The nodes on which an instance of the app came, went or changed.
  private static void addMoved(State before, State after, PathId app, Set<NodeId> nodes) {
    List<Instance> moved = new ArrayList<>();
    after
        .instancesOf(app)
        .changesSince(
            before.instancesOf(app),
            (id, was, is) -> {
              if (was == null || is == null || was.condition() != is.condition()) {
                moved.add(is == null ? was : is);
              }
            });
    moved.forEach(one -> one.place().ifPresent(place -> nodes.add(place.node())));
  }

  private static Roster looked(State state, PathId app, Roster roster, Set<NodeId> nodes) {
    Predicate<Node> admission = Post.admission(state.formation(app).orElseThrow().app().spec());
    Roster next = roster;
    for (NodeId id : nodes) {
      NodeRecord node = state.nodes().byId().get(id);
      next =
          node == null
              ? next.with(id, false, false, false)
              : looked(state, app, next, node, admission);
    }
    return next;
  }

  private static Roster looked(
      State state, PathId app, Roster roster, NodeRecord node, Predicate<Node> admission) {
    int there = 0;
    int standing = 0;
    boolean others = false;
    for (var entry : node.instances()) {
      if (entry.getValue().equals(app)) {
        there++;
        standing += state.instance(entry.getKey()).filter(Rosters::stands).isPresent() ? 1 : 0;
      } else {
        others |= !isDaemon(state.formations().get(entry.getValue()));
      }
    }
    boolean stays =
        switch (node.state()) {
          case READY -> true;
          case CLOSED, UNREACHABLE -> standing > 0;
          case DRAINING -> standing > 0 && others;
        };
    boolean post = stays && admission.test(node.node());
    return roster.with(
        node.id(), post, post && there == 0, !node.silent() && standing > (post ? 1 : 0));
  }

  private static boolean stands(Instance instance) {
    return instance.condition() != Condition.KILLING
        && instance.condition() != Condition.UNREACHABLE_INACTIVE;
  }
}
