package dev.slipway.core.node;

import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Sorted;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/// A machine as its engine offers it. One that breaks a limit is refused here, so that nobody ever
/// decides by it.
///
/// @param hostname the name that tasks and clients are told; resolvable by them
/// @param address the network address that its ports belong to; nodes with one address share its
/// ports
/// @param capacity what tasks may request in all; of GPUs whole devices
/// @param dynamicPorts the range from which ports are chosen for apps that ask for any
/// @param fixedPorts the range from which apps may require certain ports
/// @param attributes names and values that constraints speak of; `@region` and `@zone` among them
/// @param features what its engine can do for tasks beyond running processes
/// @param dedicated names of attributes that keep off all apps which do not ask for them by a
///     constraint; one that it does not have keeps off all
/// @param risk how likely it is to vanish
/// @param closed why its engine wants no new tasks on it, for people, such as `cordoned`; those
/// that
///     are there go on
/// @param mostTasks how many tasks it holds at once, where that is limited
public record Node(
    NodeId id,
    String hostname,
    String address,
    Resources capacity,
    PortRange dynamicPorts,
    PortRange fixedPorts,
    SortedMap<String, String> attributes,
    SortedSet<NodeFeature> features,
    SortedSet<String> dedicated,
    DisruptionRisk risk,
    Optional<String> closed,
    OptionalInt mostTasks) {
  /// Attributes that a node may have, names of dedication included.
  public static final int MOST_ATTRIBUTES = 1000;

  /// Characters of a name or a value.
  public static final int MOST_LENGTH = 1024;

  public static final int MOST_DEVICES = 1024;

  /// Far more than a machine has, and few enough that ten times as much is a number.
  public static final long MOST_MILLI_CPUS = 1L << 40;

  public Node {
    checkAmount("cpus", capacity.milliCpus(), MOST_MILLI_CPUS);
    checkAmount("mem", capacity.memBytes(), Resources.MOST);
    checkAmount("disk", capacity.diskBytes(), Resources.MOST);
    checkAmount("gpus", capacity.milliGpus(), (long) MOST_DEVICES * Resources.DEVICE);
    if (attributes.size() > MOST_ATTRIBUTES || dedicated.size() > MOST_ATTRIBUTES) {
      throw new IllegalArgumentException(
          "node %s has more than %d attributes".formatted(id, MOST_ATTRIBUTES));
    }
    checkLength(hostname);
    checkLength(address);
    closed.ifPresent(Node::checkLength);
    if (mostTasks.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "a node holds at least 0 tasks, not %d".formatted(mostTasks.getAsInt()));
    }
    attributes.forEach(
        (name, value) -> {
          checkLength(name);
          checkLength(value);
        });
    attributes = Sorted.copyOf(attributes);
    features = Sorted.setOf(features);
    dedicated = Sorted.setOf(dedicated);
  }

  private static void checkAmount(String name, long amount, long most) {
    if (amount < 0 || amount > most) {
      throw new IllegalArgumentException(
          "the %s of a node lie within 0 to %d units, not %d".formatted(name, most, amount));
    }
  }

  private static void checkLength(String text) {
    if (text.length() > MOST_LENGTH) {
      throw new IllegalArgumentException(
          "a name or value of a node has at most %d characters".formatted(MOST_LENGTH));
    }
  }

  /// A safe node that takes all apps.
  public Node(
      NodeId id,
      String hostname,
      String address,
      Resources capacity,
      PortRange dynamicPorts,
      PortRange fixedPorts,
      SortedMap<String, String> attributes,
      SortedSet<NodeFeature> features) {
    this(
        id,
        hostname,
        address,
        capacity,
        dynamicPorts,
        fixedPorts,
        attributes,
        features,
        new TreeSet<>(),
        DisruptionRisk.NONE,
        Optional.empty(),
        OptionalInt.empty());
  }

  /// The same for those alone that ask for these attributes.
  public Node dedicatedTo(Set<String> names) {
    return new Node(
        id,
        hostname,
        address,
        capacity,
        dynamicPorts,
        fixedPorts,
        attributes,
        features,
        new TreeSet<>(names),
        risk,
        closed,
        mostTasks);
  }

  /// The same with another likelihood to vanish.
  public Node withRisk(DisruptionRisk other) {
    return new Node(
        id,
        hostname,
        address,
        capacity,
        dynamicPorts,
        fixedPorts,
        attributes,
        features,
        dedicated,
        other,
        closed,
        mostTasks);
  }

  /// The same, closed for a reason, or open again.
  public Node closed(Optional<String> reason) {
    return reason.equals(closed) ? this : with(reason, mostTasks);
  }

  /// The same with another limit to its tasks.
  public Node holding(OptionalInt tasks) {
    return with(closed, tasks);
  }

  /// The same with room for one task less, for a trial; it has none where it has none now.
  Node holdingOneLess() {
    return mostTasks.isEmpty()
        ? this
        : holding(OptionalInt.of(Math.max(0, mostTasks.getAsInt() - 1)));
  }

  /// Whether it is the same but for what its engine wants of new tasks: for that no one has to look
  /// at it anew.
  @SuppressWarnings("ReferenceEquality") // The same node is the same object, mostly.
  public boolean isAlike(Node other) {
    return this == other || with(other.closed, other.mostTasks).equals(other);
  }

  private Node with(Optional<String> reason, OptionalInt tasks) {
    return new Node(
        id,
        hostname,
        address,
        capacity,
        dynamicPorts,
        fixedPorts,
        attributes,
        features,
        dedicated,
        risk,
        reason,
        tasks);
  }

  /// Another one like it, by a name and an address of its own.
  public Node named(String name) {
    return new Node(
        new NodeId(name),
        name,
        name,
        capacity,
        dynamicPorts,
        fixedPorts,
        attributes,
        features,
        dedicated,
        risk,
        closed,
        mostTasks);
  }

  /// How many GPUs it has; tasks know them by their numbers from 0 on.
  public int devices() {
    return capacity.milliGpus() / Resources.DEVICE;
  }

  /// A node that runs plain processes alone.
  public Node(
      NodeId id,
      String hostname,
      String address,
      Resources capacity,
      PortRange dynamicPorts,
      PortRange fixedPorts,
      SortedMap<String, String> attributes) {
    this(id, hostname, address, capacity, dynamicPorts, fixedPorts, attributes, new TreeSet<>());
  }
}
