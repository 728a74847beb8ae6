package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.state.Nomination;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The nodes as those see them who look for a place: the room that is kept for others, of no lower
/// priority than theirs, is as good as taken.
public final class KeptRoom {
  private final State state;
  private final Map<PathId, List<Instance>> kept = new HashMap<>();
  private Nodes nodes;

  private KeptRoom(State state) {
    this.state = state;
    this.nodes = state.nodes();
  }

  /// What one more instance of the app sees.
  public static KeptRoom of(State state, AppSpec app) {
    return of(state, app.scheduling().priority(), Optional.empty());
  }

  /// @param own the instance that looks; what is kept for it is free to it
  static KeptRoom of(State state, int priority, Optional<InstanceId> own) {
    var room = new KeptRoom(state);
    for (var one : state.nominations().byInstance()) {
      boolean mine = own.filter(one.getKey()::equals).isPresent();
      if (one.getValue().priority() >= priority && !mine) {
        state.instance(one.getKey()).ifPresent(waiting -> room.keep(waiting, one.getValue()));
      }
    }
    return room;
  }

  public Nodes nodes() {
    return nodes;
  }

  /// The app's instances, those that room is kept for as if they stood there already.
  public Iterable<Instance> instancesOf(PathId app) {
    List<Instance> standing = kept.get(app);
    if (standing == null) {
      return state.instancesOf(app).values();
    }
    PersistentMap<InstanceId, Instance> all = state.instancesOf(app);
    for (Instance instance : standing) {
      all = all.put(instance.id(), instance);
    }
    return all.values();
  }

  private void keep(Instance waiting, Nomination nomination) {
    Instance.Place place = nomination.place();
    NodeRecord record = nodes.byId().get(place.node());
    if (record == null) {
      return;
    }
    PersistentMap<Integer, InstanceId> ports = nodes.portsOf(record.node());
    for (int port : place.hostPorts()) {
      ports = ports.put(port, waiting.id());
    }
    nodes =
        nodes
            .with(record.with(waiting.id(), waiting.app(), place))
            .withPorts(record.node().address(), ports);
    kept.computeIfAbsent(waiting.app(), app -> new ArrayList<>())
        .add(waiting.placed(nomination.version(), waiting.generation(), place, nomination.at()));
  }
}
