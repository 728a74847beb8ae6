package dev.slipway.core.placement;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.node.Supplies;
import dev.slipway.core.scheduling.Footprint;
import dev.slipway.core.scheduling.NodeTable;
import dev.slipway.core.scheduling.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The nodes as the search wants them, kept up with what is recorded: only what changed since the
/// last time is looked at. It is a cache of the nodes that it follows and nothing else, so that
/// what follows from it never depends on what it followed before.
///
/// Should following be cut off half way, the next time begins anew. For one thread.
final class Inventory {
  /// Processors, memory and disk; GPUs are told apart.
  /// The dimensions of the table, in its order.
  static final List<Dimension> DIMENSIONS =
      List.of(Dimension.CPUS, Dimension.MEMORY, Dimension.DISK);

  private final Map<PathId, Footprint> footprints = new HashMap<>();
  private final Map<Long, Footprint> supplies = new HashMap<>();
  private final Map<NodeId, Integer> numbers = new HashMap<>();
  private List<NodeRecord> records = new ArrayList<>();
  private NodeTable table = new NodeTable(DIMENSIONS.size(), List.of());
  private @Nullable Nodes followed;

  /// Catches up with the nodes.
  ///
  /// @return whether the table is another one than before, and all that was made of the last one is
  ///     of no use any more
  boolean follow(Nodes nodes) {
    Nodes before = followed;
    followed = null;
    boolean anew = before == null || !catchUp(before, nodes);
    if (anew) {
      beginAnew(nodes);
    }
    followed = nodes;
    return anew;
  }

  NodeTable table() {
    return table;
  }

  /// The record of the node of that number.
  NodeRecord record(int number) {
    return records.get(number);
  }

  List<NodeRecord> records() {
    return records;
  }

  /// Where the app's instances stand; kept up from now on.
  Footprint footprint(PathId app, Placer.Instances instances) {
    Footprint known = footprints.get(app);
    if (known != null) {
      return known;
    }
    var footprint = new Footprint(table);
    for (Instance instance : instances.of(app)) {
      if (!instance.condition().isTerminal() && instance.place().isPresent()) {
        Integer number = numbers.get(instance.place().get().node());
        if (number != null) {
          footprint.add(number, 1);
        }
      }
    }
    footprints.put(app, footprint);
    return footprint;
  }

  /// Where a supply is at hand: one for each such node; kept up until it is forgotten.
  Footprint supply(long number) {
    return supplies.computeIfAbsent(number, this::supplied);
  }

  private Footprint supplied(long supply) {
    var footprint = new Footprint(table);
    for (int number = 0; number < records.size(); number++) {
      if (records.get(number).supplies().holds(supply)) {
        footprint.add(number, 1);
      }
    }
    return footprint;
  }

  /// How many supplies are kept up.
  int supplies() {
    return supplies.size();
  }

  /// Keeps none up any more: what was given out is of no use from now on.
  void forgetSupplies() {
    supplies.clear();
  }

  /// @return whether a table of these nodes was there
  private boolean catchUp(Nodes before, Nodes nodes) {
    var changes = new Changes();
    nodes.byId().changesSince(before.byId(), changes::note);
    if (!changes.onlyRecords) {
      return false;
    }
    changes.changed.forEach(changed -> look(changed.before(), changed.after()));
    nodes.portsByAddress().changesSince(before.portsByAddress(), this::lookAtPorts);
    return true;
  }

  /// What changed between two versions of the nodes.
  private static final class Changes {
    private record Changed(NodeRecord before, NodeRecord after) {}

    private final List<Changed> changed = new ArrayList<>();
    private boolean onlyRecords = true;

    void note(NodeId id, @Nullable NodeRecord before, @Nullable NodeRecord after) {
      if (before == null
          || after == null
          || !before.node().isAlike(after.node())
          || before.cpuPercent() != after.cpuPercent()) {
        onlyRecords = false;
      } else {
        changed.add(new Changed(before, after));
      }
    }
  }

  private void beginAnew(Nodes nodes) {
    footprints.clear();
    supplies.clear();
    numbers.clear();
    records = new ArrayList<>();
    List<NodeTable.Description> descriptions = new ArrayList<>();
    for (NodeRecord record : nodes.byId().values()) {
      numbers.put(record.id(), records.size());
      records.add(record);
      descriptions.add(description(record));
    }
    table = new NodeTable(DIMENSIONS.size(), descriptions);
    records.forEach(this::lookAtRoom);
    nodes.portsByAddress().forEach((address, taken) -> lookAtPorts(address, null, taken));
  }

  private static NodeTable.Description description(NodeRecord record) {
    Node node = record.node();
    Map<String, String> attributes = new HashMap<>(node.attributes());
    attributes.put("hostname", node.hostname());
    attributes.put("@hostname", node.hostname());
    Resources offered = record.offered();
    return new NodeTable.Description(
        List.of(offered.milliCpus(), offered.memBytes(), offered.diskBytes()),
        node.devices(),
        node.address(),
        node.dynamicPorts().first(),
        node.dynamicPorts().last(),
        attributes);
  }

  private void look(NodeRecord before, NodeRecord after) {
    int number = lookAtRoom(after);
    lookAtSupplies(before.supplies(), after.supplies(), number);
    after
        .instances()
        .changesSince(
            before.instances(),
            (id, was, is) -> {
              if (was != null) {
                count(was, number, -1);
              }
              if (is != null) {
                count(is, number, 1);
              }
            });
  }

  private void lookAtSupplies(Supplies before, Supplies after, int number) {
    if (supplies.isEmpty() || before.equals(after)) {
      return;
    }
    before.latest().forEach(supply -> count(supply, after.holds(supply) ? 0 : -1, number));
    after.latest().forEach(supply -> count(supply, before.holds(supply) ? 0 : 1, number));
  }

  private void count(long supply, int change, int number) {
    Footprint footprint = change == 0 ? null : supplies.get(supply);
    if (footprint != null) {
      footprint.add(number, change);
    }
  }

  private void count(PathId app, int number, int change) {
    Footprint footprint = footprints.get(app);
    if (footprint != null) {
      footprint.add(number, change);
    }
  }

  private int lookAtRoom(NodeRecord record) {
    int number = numbers.getOrDefault(record.id(), -1);
    records.set(number, record);
    Resources free = record.free();
    table.setFree(number, 0, free.milliCpus());
    table.setFree(number, 1, free.memBytes());
    table.setFree(number, 2, free.diskBytes());
    for (int device = 0; device < record.node().devices(); device++) {
      table.setDevice(number, device, record.freeOf(device));
    }
    switch (record.state()) {
      case READY -> table.setReady(number, true);
      case CLOSED -> table.setAway(number, Refusal.CLOSED);
      case DRAINING -> table.setAway(number, Refusal.NOT_READY);
      case UNREACHABLE -> table.setAway(number, Refusal.SILENT);
    }
    table.setPlaces(number, record.places());
    table.setRisk(number, record.node().risk().degree());
    table.setPressure(number, record.pressure().level().degree());
    return number;
  }

  private void lookAtPorts(
      String address,
      @Nullable PersistentMap<Integer, InstanceId> before,
      @Nullable PersistentMap<Integer, InstanceId> after) {
    PersistentMap<Integer, InstanceId> was = before == null ? PersistentMap.empty() : before;
    PersistentMap<Integer, InstanceId> is = after == null ? PersistentMap.empty() : after;
    for (int number : table.nodesAt(address)) {
      int[] dynamic = {table.portsFree(number)};
      var range = records.get(number).node().dynamicPorts();
      is.changesSince(
          was,
          (port, earlier, later) -> {
            if ((earlier == null) != (later == null)) {
              table.setPort(number, port, later != null);
              dynamic[0] += range.contains(port) ? (later == null ? 1 : -1) : 0;
            }
          });
      table.setPortsFree(number, dynamic[0]);
    }
  }
}
