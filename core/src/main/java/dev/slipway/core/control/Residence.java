package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Volume;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.State;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Where the waiting instances of an app may stand that keeps volumes. Each set of volumes is taken
/// up again before another is made: an instance that finds one stands where that is, and waits if
/// it cannot; only those that are more than there are sets get new ones. Sets that an instance on
/// its way out still has are waited for. For one pass, in which instance after instance is placed.
final class Residence {
  /// The volumes that were made for one instance.
  private record VolumeSet(
      InstanceId origin, NodeId node, Map<String, VolumeId> byPath, Optional<InstanceId> holder) {}

  private final List<Volume.Persistent> wanted;
  private final List<VolumeSet> free = new ArrayList<>();

  /// Instances that wait for sets, and what those wait for.
  private int expecting;

  private String why = "";

  private Residence(List<Volume.Persistent> wanted) {
    this.wanted = wanted;
  }

  static Residence of(State state, AppSpec app) {
    var residence = new Residence(app.persistentVolumes());
    if (residence.wanted.isEmpty()) {
      return residence;
    }
    for (VolumeSet set : residence.sets(state, app.id())) {
      Optional<Instance> holder = set.holder().flatMap(state::instance);
      if (set.holder().isEmpty()) {
        residence.free.add(set);
      } else if (holder.filter(Residence::isOnItsWayOut).isPresent()) {
        residence.expecting++;
        residence.why =
            "its volumes on %s still belong to %s".formatted(set.node(), holder.get().id());
      }
    }
    return residence;
  }

  /// Whether another instance takes its place.
  private static boolean isOnItsWayOut(Instance instance) {
    return switch (instance.condition()) {
      case KILLING, UNREACHABLE_INACTIVE -> true;
      case SCHEDULED,
          PROVISIONED,
          STAGING,
          RUNNING,
          UNREACHABLE,
          FINISHED,
          FAILED,
          KILLED,
          GONE,
          DROPPED ->
          false;
    };
  }

  /// The sets that are what the app's volumes are now, none of them to be deleted; oldest first.
  private List<VolumeSet> sets(State state, PathId app) {
    Map<InstanceId, List<PersistentVolume>> byOrigin = new TreeMap<>();
    for (PersistentVolume volume : state.nodes().volumesOf(app).values()) {
      byOrigin.computeIfAbsent(volume.origin(), key -> new ArrayList<>()).add(volume);
    }
    List<List<PersistentVolume>> whole = new ArrayList<>();
    for (List<PersistentVolume> volumes : byOrigin.values()) {
      if (isWhole(volumes)) {
        whole.add(volumes);
      }
    }
    whole.sort(Comparator.comparing(volumes -> volumes.getFirst().createdAt()));
    return whole.stream().map(Residence::set).toList();
  }

  private static VolumeSet set(List<PersistentVolume> volumes) {
    PersistentVolume first = volumes.getFirst();
    Map<String, VolumeId> byPath = new TreeMap<>();
    volumes.forEach(volume -> byPath.put(volume.containerPath(), volume.id()));
    return new VolumeSet(first.origin(), first.node(), byPath, first.instance());
  }

  private boolean isWhole(List<PersistentVolume> volumes) {
    Map<String, Long> sizes = new TreeMap<>();
    for (PersistentVolume volume : volumes) {
      if (volume.deleting()) {
        return false;
      }
      sizes.put(volume.containerPath(), volume.sizeBytes());
    }
    Map<String, Long> asked = new TreeMap<>();
    wanted.forEach(volume -> asked.put(volume.containerPath(), bytes(volume)));
    return sizes.equals(asked);
  }

  static long bytes(Volume.Persistent volume) {
    return volume.sizeMebibytes() * Resources.MEBIBYTE;
  }

  /// What the next waiting instance needs.
  Request next(Request request) {
    if (!free.isEmpty()) {
      SortedSet<NodeId> nodes = new TreeSet<>();
      free.forEach(set -> nodes.add(set.node()));
      return request.boundTo(new Request.Bound(nodes, whereabouts()));
    }
    return expecting > 0 ? request.boundTo(new Request.Bound(Set.of(), why)) : request;
  }

  private String whereabouts() {
    return free.stream()
        .map(set -> set.node().value())
        .distinct()
        .sorted()
        .collect(Collectors.joining(", ", "its volumes are on ", ""));
  }

  /// The volumes on the node for an instance that was just placed there; empty when it gets new
  /// ones.
  List<VolumeId> take(NodeId node) {
    for (VolumeSet set : free) {
      if (set.node().equals(node)) {
        free.remove(set);
        List<VolumeId> ids = new ArrayList<>();
        wanted.forEach(volume -> ids.add(set.byPath().get(volume.containerPath())));
        return ids;
      }
    }
    return List.of();
  }

  /// Whether the next instance waits for a set that another still has, so that looking for a node
  /// is in vain. It is no launch either: thousands that wait must not make the next decision follow
  /// at once, for ever.
  boolean takeWaiting() {
    if (!free.isEmpty() || expecting == 0) {
      return false;
    }
    expecting--;
    return true;
  }

  /// After the next instance could not be placed: whether one after it may be, since it does not
  /// wait for volumes.
  boolean passesOn() {
    if (!free.isEmpty()) {
      expecting += free.size() - 1;
      why = whereabouts();
      free.clear();
      return true;
    }
    return takeWaiting();
  }
}
