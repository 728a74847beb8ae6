package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Post;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.Roster;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Brings a daemon's instances nearer to one on each node that is for it: level-triggered, as
/// {@link AppPass} is. Which nodes lack one and which have one too many, the {@link Roster} knows.
///
/// Waiting instances are bound to no node of their own: there are as many as open posts, and the
/// next one takes the first post with room. A post without room holds up no other.
///
/// An update goes node by node. The old instance ends, and then the new one starts in its place, so
/// that never two stand on a node. At most so many nodes are without a ready one as
/// `minimumHealthCapacity` leaves, and always one; nodes without room, and those that nothing is
/// heard of, count on neither side. An instance whose place the new version would not fit into
/// stays.
final class Daemons {
  /// So that 1 - 0.7 of ten are three.
  private static final double ROUNDING = 1e-9;

  /// In milliseconds, at even times: those of many events are the same.
  private static final long LOOK_AT_ALL = 1_000;

  private Daemons() {}

  /// @return when to look again, because launches are delayed or there is more to do
  static Optional<Instant> run(Draft draft, Census census, boolean paused) {
    App app = census.formation().app();
    int before = draft.recorded();
    leave(draft, census);
    if (!paused) {
      // What was just ended does not count as ready any more, and is not ended once more.
      boolean same = draft.recorded() == before;
      replace(draft, same ? census : Census.of(draft.state(), census.formation()));
    }
    schedule(draft, app);
    return place(draft, app);
  }

  /// Puts instances on the nodes that lack one, where nothing else is to be done: without a look at
  /// those that stand elsewhere. When their orders have to be given again is found out by a look at
  /// all, soon, and once for all that join meanwhile.
  static void fill(Draft draft, App app) {
    int priority = app.spec().scheduling().priority();
    if (draft.letsOthersGoFirst(app.id(), priority)) {
      return;
    }
    for (NodeId node : draft.state().roster(app.id()).open().keys()) {
      InstanceId id = InstanceId.of(app.id(), draft.state().platform().identity(0));
      AppPass.schedule(draft, app, 1);
      Instance instance = draft.state().instance(id).orElse(null);
      if (instance == null) {
        break;
      }
      Request request = Post.request(app.spec(), draft.state().platform().firstPort());
      var room = KeptRoom.of(draft.state(), priority, Optional.of(id));
      if (Post.place(room.nodes(), node, request) instanceof Outcome.Placed placed
          && draft.takeLaunch()) {
        AppPass.launch(draft, app, instance, placed.place());
      }
    }
    long next = (draft.now().toEpochMilli() / LOOK_AT_ALL + 1) * LOOK_AT_ALL;
    draft.wakeUp(app.id(), Optional.of(draft.isFull() ? draft.now() : Instant.ofEpochMilli(next)));
  }

  /// Ends what stands where nothing should, and what is one too many: of those on a node a ready
  /// one stays, and of several such ones one of the new version.
  private static void leave(Draft draft, Census census) {
    for (Instance instance : census.leaving()) {
      boolean emptied = node(draft.state(), instance).filter(NodeRecord::givesUp).isPresent();
      end(draft, instance, emptied ? KillReason.NODE_DRAINED : KillReason.SCALED_DOWN);
    }
    Roster roster = draft.state().roster(census.formation().app().id());
    if (roster.surplus().isEmpty()) {
      return;
    }
    List<Instance> staying =
        new ArrayList<>(ScaleDown.weakestFirst(census, census.outdated(), false));
    staying.addAll(ScaleDown.weakestFirst(census, census.current(), false));
    staying.sort(Comparator.comparing(census::isReady));
    Map<NodeId, Instance> kept = new HashMap<>();
    for (Instance instance : staying) {
      NodeId node = instance.place().map(Instance.Place::node).orElse(null);
      if (node != null && roster.surplus().containsKey(node)) {
        // The strongest comes last and stays.
        Instance weaker = kept.put(node, instance);
        if (weaker != null) {
          end(draft, weaker, KillReason.SCALED_DOWN);
        }
      }
    }
  }

  private static void end(Draft draft, Instance instance, KillReason reason) {
    if (draft.takeKill()) {
      Decider.kill(draft, instance, reason, "");
    }
  }

  private static void replace(Draft draft, Census census) {
    if (census.outdated().isEmpty()) {
      return;
    }
    Request request =
        Post.request(census.formation().app().spec(), draft.state().platform().firstPort());
    Optional<Instant> begun = begun(draft.state(), census.formation().app().id());
    Predicate<Instance> late =
        one -> node(draft.state(), one).filter(node -> counts(node, begun)).isEmpty();
    Posts posts = Posts.of(draft.state(), census, request);
    int down = posts.down();
    int most = posts.mostDown(census.formation().app().spec().upgradeStrategy());
    List<Instance> order = ScaleDown.weakestFirst(census, census.outdated(), true);
    order.sort(Comparator.comparing(one -> census.isReady(one) && late.test(one)));
    for (Instance instance : order) {
      boolean ready = census.isReady(instance);
      if (ready && down + (late.test(instance) ? posts.late() : 0) >= most) {
        return;
      }
      if (takesOver(draft.state(), instance, request)) {
        end(draft, instance, KillReason.REPLACED);
        down += ready ? 1 : 0;
      }
    }
  }

  /// The posts that are heard of, are not emptied, and have an instance or room for one.
  ///
  /// @param all how many there are
  /// @param down how many of them lack a ready one, without those of `late`
  /// @param late how many do that joined or came back since the step of the app's deployment began.
  ///     They hold up none but their like, which come last: what is ended on those is missed, too
  private record Posts(int all, int down, int late) {
    static Posts of(State state, Census census, Request request) {
      PathId app = census.formation().app().id();
      Set<NodeId> ready = readyOn(census);
      Optional<Instant> begun = begun(state, app);
      Roster roster = state.roster(app);
      int all = 0;
      int down = 0;
      int late = 0;
      for (NodeId id : roster.posts().keys()) {
        NodeRecord node = state.nodes().byId().get(id);
        boolean roomless =
            roster.open().containsKey(id)
                && Post.place(state.nodes(), id, request) instanceof Outcome.NotPlaced;
        if (node == null || node.state() != NodeRecord.State.READY || roomless) {
          continue;
        }
        all++;
        if (!ready.contains(id)) {
          down += counts(node, begun) ? 1 : 0;
          late += counts(node, begun) ? 0 : 1;
        }
      }
      return new Posts(all, down, late);
    }

    private static Set<NodeId> readyOn(Census census) {
      Set<NodeId> ready = new HashSet<>();
      for (List<Instance> some : List.of(census.current(), census.outdated())) {
        for (Instance instance : some) {
          if (census.isReady(instance)) {
            instance.place().map(Instance.Place::node).ifPresent(ready::add);
          }
        }
      }
      return ready;
    }

    /// On how many a ready one may be missing while others take their place.
    int mostDown(UpgradeStrategy strategy) {
      double part = 1 - strategy.minimumHealthCapacity();
      return Math.max(1, (int) Math.floor(all * part + ROUNDING));
    }
  }

  /// On how many nodes a ready one could stand now.
  static int fitting(State state, Formation formation) {
    Request request = Post.request(formation.app().spec(), 0);
    return Posts.of(state, Census.of(state, formation), request).all();
  }

  private static Optional<Instant> begun(State state, PathId app) {
    return Optional.ofNullable(state.locks().get(app))
        .flatMap(state::deployment)
        .map(Deployment::stepStartedAt);
  }

  private static boolean takesOver(State state, Instance old, Request request) {
    return old.place()
        .filter(place -> Post.takesOver(state.nodes(), place, old, request))
        .isPresent();
  }

  private static Optional<NodeRecord> node(State state, Instance instance) {
    return instance.place().flatMap(place -> state.node(place.node()));
  }

  /// As many wait as there are open posts.
  private static void schedule(Draft draft, App app) {
    int open = draft.state().roster(app.id()).open().size();
    int waiting = draft.state().waiting().getOrDefault(app.id(), 0);
    AppPass.schedule(draft, app, open - waiting);
    if (waiting > open) {
      List<Instance> all = AppPass.waiting(draft.state(), app.id());
      all.subList(open, waiting).forEach(one -> end(draft, one, KillReason.SCALED_DOWN));
    }
  }

  private static Optional<Instant> place(Draft draft, App app) {
    int priority = app.spec().scheduling().priority();
    if (!draft.state().waiting().containsKey(app.id())
        || draft.letsOthersGoFirst(app.id(), priority)) {
      return Optional.empty();
    }
    Request request = Post.request(app.spec(), draft.state().platform().firstPort());
    Optional<Instant> next =
        Preemption.review(draft, app, AppPass.waiting(draft.state(), app.id()), request);
    var relief = Relief.of(draft.state(), app.id());
    for (NodeId node : draft.state().roster(app.id()).open().keys()) {
      Optional<Instance> waiting = relief.of(node);
      if (waiting.isEmpty()) {
        continue;
      }
      var backoff = AppPass.backoff(draft, app);
      if (backoff.isPresent() && backoff.get().until().isAfter(draft.now())) {
        return Times.earlier(next, Optional.of(backoff.get().until()));
      }
      Request now = Post.request(app.spec(), draft.state().platform().firstPort());
      Instance instance = waiting.get();
      var room = KeptRoom.of(draft.state(), priority, Optional.of(instance.id()));
      if (Post.place(room.nodes(), node, now) instanceof Outcome.Placed placed) {
        if (!draft.takeLaunch()) {
          return Optional.of(draft.now());
        }
        relief.takes(node, instance);
        AppPass.launch(draft, app, instance, placed.place());
        backoff.ifPresent(delayed -> AppPass.renew(draft, app, instance, delayed));
        continue;
      }
      var here = new Request.Bound(Set.of(node), "it is for " + node);
      Preemption.Prospect prospect = Preemption.seek(draft, app, instance, now.boundTo(here));
      next = Times.earlier(next, prospect.again());
      if (prospect.promised()) {
        relief.takes(node, instance);
      }
    }
    return next;
  }

  /// The instances that wait: those that room is kept for on a node, and the others, who take any
  /// post.
  private record Relief(Map<NodeId, Instance> nominated, Deque<Instance> others) {
    static Relief of(State state, PathId app) {
      var relief = new Relief(new HashMap<>(), new ArrayDeque<>());
      for (Instance instance : AppPass.waiting(state, app)) {
        state
            .nominations()
            .of(instance.id())
            .map(kept -> kept.place().node())
            .filter(node -> !relief.nominated.containsKey(node))
            .ifPresentOrElse(
                node -> relief.nominated.put(node, instance), () -> relief.others.add(instance));
      }
      return relief;
    }

    Optional<Instance> of(NodeId node) {
      Instance nominated = this.nominated.get(node);
      return Optional.ofNullable(nominated != null ? nominated : others.peek());
    }

    void takes(NodeId node, Instance instance) {
      if (nominated.remove(node) == null) {
        others.remove(instance);
      }
    }
  }

  /// Whether a deployment need not wait for the daemon any more. It waits for no node that nothing
  /// is heard of, that is being emptied, that has no room, or that joined since its step began:
  /// such a one gets its instance without it.
  static boolean isSatisfied(State state, Formation formation) {
    PathId app = formation.app().id();
    Roster roster = state.roster(app);
    if (!roster.surplus().isEmpty()) {
      return false;
    }
    Request request = Post.request(formation.app().spec(), 0);
    Optional<Instant> begun = begun(state, app);
    Set<Instant> checked = state.checkedVersions(app);
    for (Instance instance : state.instancesOf(app).values()) {
      boolean old = Census.isOfAnotherGeneration(formation, instance);
      boolean good = !old && instance.isReady(checked.contains(instance.version()));
      if (!good && isWaitedFor(state, instance, old, request, begun)) {
        return false;
      }
    }
    for (NodeId id : roster.open().keys()) {
      boolean counts = state.node(id).filter(one -> counts(one, begun)).isPresent();
      if (counts && Post.place(state.nodes(), id, request) instanceof Outcome.Placed) {
        return false;
      }
    }
    return true;
  }

  /// Of an instance that is not ready, or old.
  private static boolean isWaitedFor(
      State state, Instance instance, boolean old, Request request, Optional<Instant> begun) {
    NodeRecord node = node(state, instance).orElse(null);
    return switch (instance.condition()) {
      case KILLING -> !instance.isGivenUp() && node != null && !node.silent();
      case PROVISIONED, STAGING, RUNNING, UNREACHABLE ->
          node != null
              && node.state() == NodeRecord.State.READY
              && (old ? takesOver(state, instance, request) : counts(node, begun));
      case SCHEDULED, UNREACHABLE_INACTIVE, FINISHED, FAILED, KILLED, GONE, DROPPED -> false;
    };
  }

  private static boolean counts(NodeRecord node, Optional<Instant> begun) {
    return node.state() == NodeRecord.State.READY && begun.filter(node.since()::isAfter).isEmpty();
  }

  /// Whether it stays on a node that is being emptied until all is gone that is no daemon.
  static boolean staysForOthers(State state, Instance instance) {
    Formation formation = state.formation(instance.app()).orElse(null);
    return formation != null
        && formation.isDaemon()
        && instance.condition() != Condition.KILLING
        && instance
            .place()
            .filter(place -> state.roster(instance.app()).posts().containsKey(place.node()))
            .isPresent();
  }
}
