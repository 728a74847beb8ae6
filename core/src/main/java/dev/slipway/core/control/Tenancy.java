package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.Nomination;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who stands on which node, and what each app can do without, kept up with what is recorded: only
/// what changed since the last time is looked at. It also remembers which searches were in vain, so
/// that these look at changed nodes alone. A cache: what follows from it never depends on what it
/// followed before. For one thread.
final class Tenancy {
  /// Changes of nodes that are remembered for searches that were in vain; beyond it they begin
  /// anew.
  private static final int MOST_CHANGES = 100_000;

  /// Searches in vain that are remembered.
  private static final int MOST_VAIN = 10_000;

  /// How much longer than its grace an instance may take to end until nobody counts on it.
  static final Duration SLACK = Duration.ofMinutes(1);

  /// An app with what it can do without.
  static final class Crew {
    private Reserve reserve;

    Crew(Reserve reserve) {
      this.reserve = reserve;
    }

    Reserve reserve() {
      return reserve;
    }
  }

  /// An instance that stands on a node. What is asked of each in a search lies beside it.
  static final class Tenant {
    private final Instance instance;
    private final Crew crew;
    private final @Nullable Instant leavesBy;
    private final boolean running;
    private final boolean movable;
    final long cpus;
    final long memory;
    final long disk;

    Tenant(Instance instance, Instance.Place place, Crew crew, @Nullable Instant leavesBy) {
      this.instance = instance;
      this.crew = crew;
      this.leavesBy = leavesBy;
      running = instance.condition() == Condition.RUNNING;
      boolean starting =
          instance.condition() == Condition.PROVISIONED
              || instance.condition() == Condition.STAGING;
      movable = (running || starting) && place.volumes().isEmpty();
      cpus = place.resources().milliCpus();
      memory = place.resources().memBytes();
      disk = place.resources().diskBytes();
    }

    Instance instance() {
      return instance;
    }

    Crew crew() {
      return crew;
    }

    /// When it will have ended, if it is being ended.
    @Nullable Instant leavesBy() {
      return leavesBy;
    }

    boolean isLeaving(Instant now) {
      return leavesBy != null && now.isBefore(leavesBy);
    }

    boolean isReady() {
      return running && crew.reserve.isReady(instance);
    }

    /// Whether it may be ended for one of this priority.
    boolean mayGo(int priority) {
      Reserve reserve = crew.reserve;
      return movable
          && reserve.priority() < priority
          && reserve.gives()
          && (!running || reserve.spare() > 0 || !isReady());
    }
  }

  private final Map<NodeId, List<Tenant>> byNode = new HashMap<>();
  private final Map<PathId, Crew> crews = new HashMap<>();
  private final TreeMap<Integer, Integer> priorities = new TreeMap<>();
  private final Map<Request, Integer> vain = new HashMap<>();
  private final List<NodeId> changes = new ArrayList<>();
  private PersistentMap<PathId, Formation> formations = PersistentMap.empty();
  private @Nullable State followed;
  private Instant lastLook = Instant.MIN;

  /// The lowest and the highest priority of any app, from `lowest` to `highest`.
  record Span(int lowest, int highest) {
    boolean isOne() {
      return lowest == highest;
    }
  }

  /// Of all apps that there are.
  Span span(State state) {
    state
        .formations()
        .changesSince(
            formations,
            (app, before, after) -> {
              count(before, -1);
              count(after, 1);
            });
    formations = state.formations();
    return priorities.isEmpty()
        ? new Span(0, 0)
        : new Span(priorities.firstKey(), priorities.lastKey());
  }

  private void count(@Nullable Formation formation, int change) {
    if (formation != null) {
      int priority = formation.app().spec().scheduling().priority();
      if (priorities.merge(priority, change, Integer::sum) == 0) {
        priorities.remove(priority);
      }
    }
  }

  /// Catches up with the state. Should it be cut off half way, the next time begins anew.
  void follow(State state, Instant now) {
    State before = followed;
    followed = null;
    if (before == null) {
      byNode.clear();
      crews.clear();
      forget();
    }
    State from = before == null ? State.EMPTY : before;
    if (now.isBefore(lastLook) || !state.placementPolicy().equals(from.placementPolicy())) {
      forget();
    }
    lastLook = now;
    Set<PathId> touched = new HashSet<>();
    state.formations().changesSince(from.formations(), (app, was, is) -> touched.add(app));
    state.tallies().changesSince(from.tallies(), (app, was, is) -> touched.add(app));
    state.finished().changesSince(from.finished(), (app, was, is) -> touched.add(app));
    state.rosters().changesSince(from.rosters(), (app, was, is) -> touched.add(app));
    state.versions().changesSince(from.versions(), (app, was, is) -> touched.add(app));
    touched.forEach(app -> judge(state, app));
    state.instances().changesSince(from.instances(), (app, was, is) -> moved(state, app, was, is));
    lookAtNodes(from, state);
    if (changes.size() > MOST_CHANGES || vain.size() > MOST_VAIN) {
      forget();
    }
    followed = state;
  }

  private void forget() {
    vain.clear();
    changes.clear();
  }

  private void judge(State state, PathId app) {
    Reserve now = Reserve.of(state, state.formations().get(app));
    Crew crew = crews.get(app);
    if (crew == null) {
      return;
    }
    boolean more = now.isMoreThan(crew.reserve);
    crew.reserve = now;
    if (more && !vain.isEmpty()) {
      for (Instance instance : state.instancesOf(app).values()) {
        instance.place().ifPresent(place -> changes.add(place.node()));
      }
    }
  }

  private void moved(
      State state,
      PathId app,
      @Nullable PersistentMap<InstanceId, Instance> before,
      @Nullable PersistentMap<InstanceId, Instance> after) {
    PersistentMap<InstanceId, Instance> was = before == null ? PersistentMap.empty() : before;
    PersistentMap<InstanceId, Instance> is = after == null ? PersistentMap.empty() : after;
    if (is.isEmpty()) {
      was.values().forEach(this::left);
      crews.remove(app);
      return;
    }
    Crew crew =
        crews.computeIfAbsent(app, key -> new Crew(Reserve.of(state, state.formations().get(key))));
    is.changesSince(
        was,
        (id, earlier, later) -> {
          if (earlier != null) {
            left(earlier);
          }
          if (later != null) {
            came(state, crew, later);
          }
        });
  }

  private void left(Instance instance) {
    instance
        .place()
        .ifPresent(
            place -> {
              List<Tenant> there = byNode.get(place.node());
              if (there != null
                  && there.removeIf(tenant -> tenant.instance().id().equals(instance.id()))
                  && there.isEmpty()) {
                byNode.remove(place.node());
              }
              changes.add(place.node());
            });
  }

  private void came(State state, Crew crew, Instance instance) {
    instance
        .place()
        .ifPresent(
            place -> {
              Instant leavesBy =
                  instance.condition() == Condition.KILLING
                      ? instance.since().plus(Orders.grace(state, instance)).plus(SLACK)
                      : null;
              byNode
                  .computeIfAbsent(place.node(), node -> new ArrayList<>())
                  .add(new Tenant(instance, place, crew, leavesBy));
              changes.add(place.node());
            });
  }

  private void lookAtNodes(State before, State state) {
    state.nodes().byId().changesSince(before.nodes().byId(), (id, was, is) -> changes.add(id));
    Set<String> addresses = new HashSet<>();
    state
        .nodes()
        .portsByAddress()
        .changesSince(
            before.nodes().portsByAddress(), (address, was, is) -> addresses.add(address));
    if (!vain.isEmpty() && !addresses.isEmpty()) {
      for (NodeRecord record : state.nodes().byId().values()) {
        if (addresses.contains(record.node().address())) {
          changes.add(record.id());
        }
      }
    }
    state
        .nominations()
        .byInstance()
        .changesSince(
            before.nominations().byInstance(),
            (instance, was, is) -> {
              renounced(was);
              renounced(is);
            });
  }

  private void renounced(@Nullable Nomination nomination) {
    if (nomination != null) {
      changes.add(nomination.place().node());
    }
  }

  /// In no particular order.
  List<Tenant> on(NodeId node) {
    return byNode.getOrDefault(node, List.of());
  }

  /// The nodes on which a search could find something, after it was in vain; all of them where it
  /// was not, or not lately.
  Iterable<NodeId> worthLooking(State state, Request request) {
    Integer seen = vain.get(request);
    if (seen != null && seen == changes.size()) {
      return List.of();
    }
    Optional<Set<NodeId>> bound = request.bound().map(Request.Bound::nodes);
    if (seen == null || !request.isIndifferentToOthers()) {
      return bound.isPresent() ? bound.get() : state.nodes().byId().keys();
    }
    var changed = new TreeSet<>(changes.subList(seen, changes.size()));
    bound.ifPresent(changed::retainAll);
    return changed;
  }

  /// Remembers that no node is of any use to the request as things stand.
  void inVain(Request request) {
    vain.put(request, changes.size());
  }
}
