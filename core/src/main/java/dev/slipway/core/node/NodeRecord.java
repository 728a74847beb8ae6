package dev.slipway.core.node;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import java.time.Instant;

/// A node with what is recorded about it.
///
/// @param silent whether nothing is heard of it
/// @param draining whether it was asked to take no new instances and to give up those it has
/// @param withdrawn whether its engine does not offer it any more; it gives up its instances, too,
///     until it is offered again
/// @param used the requests of the instances placed on it, and the volumes that it keeps
/// @param devices what those instances have of each GPU, in thousandths; without those that nobody
///     has anything of
/// @param instances those instances
/// @param since when it last changed between the states
/// @param pressure by how much its tasks were measured to need more than they requested
/// @param supplies what was brought there lately for tasks
/// @param cpuPercent how much of its processors is offered to tasks, in percent of what it has
public record NodeRecord(
    Node node,
    boolean silent,
    boolean draining,
    boolean withdrawn,
    Resources used,
    PersistentMap<Integer, Integer> devices,
    PersistentMap<InstanceId, PathId> instances,
    Instant since,
    Pressure pressure,
    Supplies supplies,
    int cpuPercent) {
  /// All of what it has, and no more.
  private static final int PLAIN_PERCENT = 100;

  /// What a user sees of a node.
  public enum State {
    READY,
    /// It takes no new instances, for a reason of its engine's; those it has go on.
    CLOSED,
    DRAINING,
    UNREACHABLE
  }

  public static NodeRecord of(Node node, Instant at) {
    return new NodeRecord(
        node,
        false,
        false,
        false,
        Resources.NONE,
        PersistentMap.empty(),
        PersistentMap.empty(),
        at,
        Pressure.NONE,
        Supplies.NONE,
        PLAIN_PERCENT);
  }

  public NodeId id() {
    return node.id();
  }

  public State state() {
    if (silent) {
      return State.UNREACHABLE;
    }
    if (givesUp()) {
      return State.DRAINING;
    }
    return node.closed().isPresent() ? State.CLOSED : State.READY;
  }

  /// Whether it takes no new instances and gives up those it has.
  public boolean givesUp() {
    return draining || withdrawn;
  }

  /// How many more instances may stand there, whatever they request; less than none where the limit
  /// was lowered.
  public int places() {
    return node.mostTasks().isEmpty()
        ? Integer.MAX_VALUE
        : node.mostTasks().getAsInt() - instances.size();
  }

  /// What tasks may request in all: what the node has, of its processors as much of that as is
  /// decided.
  public Resources offered() {
    return cpuPercent == PLAIN_PERCENT
        ? node.capacity()
        : node.capacity().withCpuPercent(cpuPercent);
  }

  /// What nobody has requested yet; less than nothing where less is offered than was.
  public Resources free() {
    return offered().minus(used);
  }

  public NodeRecord seen(Node now, Instant at) {
    NodeRecord next = in(now, false, draining, false, since);
    boolean back = silent || withdrawn || next.state() != state();
    return back ? in(now, false, draining, false, at) : next;
  }

  public NodeRecord silenced(Instant at) {
    return in(node, true, draining, withdrawn, at);
  }

  /// The time since when it has been silent stays as it is.
  public NodeRecord withDraining(boolean wanted, Instant at) {
    return in(node, silent, wanted, withdrawn, silent ? since : at);
  }

  public NodeRecord withdrawn(Instant at) {
    return in(node, silent, draining, true, silent ? since : at);
  }

  private NodeRecord in(Node now, boolean quiet, boolean emptied, boolean gone, Instant at) {
    return new NodeRecord(
        now, quiet, emptied, gone, used, devices, instances, at, pressure, supplies, cpuPercent);
  }

  /// What nobody has of one of its GPUs, in thousandths.
  public int freeOf(int device) {
    return Resources.DEVICE - devices.getOrDefault(device, 0);
  }

  /// With an instance that stands here now.
  public NodeRecord with(InstanceId instance, PathId app, Instance.Place place) {
    return holding(
        used.plus(place.resources()),
        devices(place, place.ofEachDevice()),
        instances.put(instance, app));
  }

  /// Without an instance that stood here.
  public NodeRecord without(InstanceId instance, Instance.Place place) {
    return holding(
        used.minus(place.resources()),
        devices(place, -place.ofEachDevice()),
        instances.remove(instance));
  }

  /// With so much more of its disk taken by a volume, or less.
  public NodeRecord keeping(long bytes) {
    return holding(used.plus(Resources.disk(bytes)), devices, instances);
  }

  /// With room that is lent to no instance in particular, for a trial.
  public NodeRecord lending(Resources room, Instance.Place place) {
    return holding(used.plus(room), devices(place, place.ofEachDevice()), instances)
        .in(node.holdingOneLess(), silent, draining, withdrawn, since);
  }

  private NodeRecord holding(
      Resources taken,
      PersistentMap<Integer, Integer> parts,
      PersistentMap<InstanceId, PathId> standing) {
    return new NodeRecord(
        node,
        silent,
        draining,
        withdrawn,
        taken,
        parts,
        standing,
        since,
        pressure,
        supplies,
        cpuPercent);
  }

  public NodeRecord under(Pressure measured) {
    return observed(measured, supplies, cpuPercent);
  }

  /// With so much of its processors offered.
  public NodeRecord offering(int percent) {
    return percent == cpuPercent ? this : observed(pressure, supplies, percent);
  }

  private NodeRecord observed(Pressure measured, Supplies brought, int percent) {
    return new NodeRecord(
        node, silent, draining, withdrawn, used, devices, instances, since, measured, brought,
        percent);
  }

  /// With a supply that is brought there for an instance.
  public NodeRecord supplied(long supply) {
    Supplies next = supplies.with(supply);
    return next.equals(supplies) ? this : observed(pressure, next, cpuPercent);
  }

  private PersistentMap<Integer, Integer> devices(Instance.Place place, int more) {
    PersistentMap<Integer, Integer> result = devices;
    for (int device : place.devices()) {
      int taken = result.getOrDefault(device, 0) + more;
      result = taken == 0 ? result.remove(device) : result.put(device, taken);
    }
    return result;
  }
}
