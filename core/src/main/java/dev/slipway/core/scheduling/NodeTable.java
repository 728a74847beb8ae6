package dev.slipway.core.scheduling;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What nodes have, what is left of it and how they are, in arrays: a node is a number, from 0 on,
/// in the order in which ties are broken. The nodes themselves do not change; a table of others is
/// made anew.
///
/// Amounts are in whatever units the caller uses, from 0 to {@link #MOST}; devices are told apart,
/// each with {@link #DEVICE} thousandths to share.
public final class NodeTable {
  /// Thousandths of a device.
  public static final int DEVICE = 1000;

  /// The largest amount of anything, so that sums never overflow.
  public static final long MOST = 1L << 56;

  private static final int PORTS = 1 << 16;
  private static final int LOG = 1 << 14;

  final int size;
  final int dimensions;

  /// By node, then by dimension.
  final long[] capacity;

  final long[] free;

  /// Of each node: the devices that nobody has a part of, and the most that is free of one.
  final int[] wholeDevices;

  final int[] roomiest;

  /// Of each node: what is free of all its devices, and what there is of them, in thousandths.
  final int[] freeDevices;

  final int[] allDevices;

  /// How likely a node is to vanish, from 0 to {@link Rank#MOST_RISK}.
  final int[] risks;

  /// How much a node's tasks press on each other, from 0 to {@link Rank#MOST_PRESSURE}.
  final int[] pressures;

  /// The nodes that take a task now, whatever it requests: all but those that are away, or full.
  final BitSet ready = new BitSet();

  /// Of each node how often that changed of which scores are made, what is free of it; from 1 on.
  final int[] versions;

  final ChangeLog log;

  /// Whether any two nodes have the same address.
  final boolean sharesAddresses;

  private final int[][] deviceFree;
  private final int[] addresses;
  private final Map<String, Integer> addressNumbers = new HashMap<>();
  private final int[][] nodesOfAddress;
  private final int[] portsFree;

  /// Of each node why it takes no tasks, by {@link Refusal}.
  private final byte[] away;

  /// Of each node how many tasks more it may hold; null while none has a limit.
  private int @Nullable [] places;

  private final @Nullable BitSet[] holders = new @Nullable BitSet[PORTS];
  private final Map<String, Attribute> attributes = new HashMap<>();
  private final List<Description> descriptions;

  /// A node as it is told to the table.
  ///
  /// @param capacity one amount a dimension
  /// @param devices how many devices it has
  /// @param address nodes of one address share their ports
  /// @param firstPort the first of the ports that it has to hand out
  /// @param lastPort the last of them
  public record Description(
      List<Long> capacity,
      int devices,
      String address,
      int firstPort,
      int lastPort,
      Map<String, String> attributes) {
    public Description {
      capacity = List.copyOf(capacity);
      attributes = Map.copyOf(attributes);
      for (long amount : capacity) {
        if (amount < 0 || amount > MOST) {
          throw new IllegalArgumentException("a capacity lies within 0 to " + MOST);
        }
      }
    }
  }

  public NodeTable(int dimensions, List<Description> nodes) {
    this.size = nodes.size();
    this.dimensions = dimensions;
    this.descriptions = List.copyOf(nodes);
    capacity = new long[size * dimensions];
    wholeDevices = new int[size];
    roomiest = new int[size];
    freeDevices = new int[size];
    allDevices = nodes.stream().mapToInt(node -> node.devices() * DEVICE).toArray();
    risks = new int[size];
    pressures = new int[size];
    deviceFree = new int[size][];
    addresses = new int[size];
    versions = new int[size];
    Arrays.fill(versions, 1);
    log = new ChangeLog(LOG, size);
    Map<String, Integer> known = addressNumbers;
    for (int node = 0; node < size; node++) {
      Description description = nodes.get(node);
      for (int dimension = 0; dimension < dimensions; dimension++) {
        capacity[node * dimensions + dimension] = description.capacity().get(dimension);
      }
      deviceFree[node] = new int[description.devices()];
      Arrays.fill(deviceFree[node], DEVICE);
      countDevices(node);
      Integer address = known.putIfAbsent(description.address(), known.size());
      addresses[node] = address == null ? known.size() - 1 : address;
    }
    free = capacity.clone();
    nodesOfAddress = byAddress(known.size());
    sharesAddresses = known.size() < size;
    portsFree = nodes.stream().mapToInt(node -> node.lastPort() - node.firstPort() + 1).toArray();
    away = new byte[size];
    ready.set(0, size);
  }

  private int[][] byAddress(int count) {
    int[] sizes = new int[count];
    for (int address : addresses) {
      sizes[address]++;
    }
    int[][] nodes = new int[count][];
    Arrays.setAll(nodes, address -> new int[sizes[address]]);
    for (int node = size - 1; node >= 0; node--) {
      nodes[addresses[node]][--sizes[addresses[node]]] = node;
    }
    return nodes;
  }

  public int size() {
    return size;
  }

  public long free(int node, int dimension) {
    return free[node * dimensions + dimension];
  }

  public long capacity(int node, int dimension) {
    return capacity[node * dimensions + dimension];
  }

  /// What is free of each of the node's devices, in thousandths. Not to be changed.
  int[] devices(int node) {
    return deviceFree[node];
  }

  /// The nodes that share their address with this one, itself included. Not to be changed.
  int[] neighbours(int node) {
    return nodesOfAddress[addresses[node]];
  }

  /// The nodes of an address; none where no node has it. Not to be changed.
  public int[] nodesAt(String address) {
    Integer number = addressNumbers.get(address);
    return number == null ? new int[0] : nodesOfAddress[number];
  }

  public int portsFree(int node) {
    return portsFree[node];
  }

  /// How many of these ports are among those that the node hands out.
  int handedOut(int node, int[] ports) {
    Description description = descriptions.get(node);
    int count = 0;
    for (int port : ports) {
      count += port >= description.firstPort() && port <= description.lastPort() ? 1 : 0;
    }
    return count;
  }

  boolean isPortTaken(int node, int port) {
    BitSet taken = holders[port];
    return taken != null && taken.get(addresses[node]);
  }

  /// The attribute of that name; one that no node has is there, too, without values.
  public Attribute attribute(String name) {
    return attributes.computeIfAbsent(
        name,
        wanted -> {
          @Nullable String[] values = new @Nullable String[size];
          for (int node = 0; node < size; node++) {
            values[node] = descriptions.get(node).attributes().get(wanted);
          }
          return Attribute.of(values);
        });
  }

  public void setReady(int node, boolean takesTasks) {
    setAway(node, takesTasks ? Refusal.NONE : Refusal.NOT_READY);
  }

  /// Says why a node takes no tasks.
  ///
  /// @param refusal by {@link Refusal}
  public void setAway(int node, int refusal) {
    if (away[node] != refusal) {
      away[node] = (byte) refusal;
      noteReady(node);
    }
  }

  /// Sets how many tasks more the node may hold; those that are taken and given back are counted
  /// from then on.
  ///
  /// @param number {@link Integer#MAX_VALUE} where there is no limit
  public void setPlaces(int node, int number) {
    if (places(node) != number) {
      int[] all = places;
      if (all == null) {
        all = new int[size];
        Arrays.fill(all, Integer.MAX_VALUE);
        places = all;
      }
      all[node] = number;
      noteReady(node);
    }
  }

  int places(int node) {
    return places == null ? Integer.MAX_VALUE : places[node];
  }

  /// Why a node is not ready, by {@link Refusal}.
  int whyNotReady(int node) {
    return away[node] == Refusal.NONE ? Refusal.FULL : away[node];
  }

  private void noteReady(int node) {
    boolean takesTasks = away[node] == Refusal.NONE && places(node) > 0;
    if (ready.get(node) != takesTasks) {
      ready.set(node, takesTasks);
      log.add(node);
    }
  }

  /// @param more tasks that may be there from now on, or fewer
  private void addPlaces(int node, int more) {
    if (places(node) != Integer.MAX_VALUE) {
      setPlaces(node, places(node) + more);
    }
  }

  /// @param risk from 0 to {@link Rank#MOST_RISK}
  public void setRisk(int node, int risk) {
    if (risks[node] != risk) {
      risks[node] = risk;
      log.add(node);
    }
  }

  /// @param pressure from 0 to {@link Rank#MOST_PRESSURE}
  public void setPressure(int node, int pressure) {
    if (pressures[node] != pressure) {
      pressures[node] = pressure;
      log.add(node);
    }
  }

  /// Sets what is left of a dimension; less than nothing where more was taken than there is.
  public void setFree(int node, int dimension, long amount) {
    if (free[node * dimensions + dimension] != amount) {
      free[node * dimensions + dimension] = amount;
      noteRoom(node);
    }
  }

  /// Sets what is free of a device, in thousandths.
  public void setDevice(int node, int device, int thousandths) {
    if (deviceFree[node][device] != thousandths) {
      deviceFree[node][device] = thousandths;
      countDevices(node);
      noteRoom(node);
    }
  }

  /// Takes a port of the node's address, or gives it back.
  public void setPort(int node, int port, boolean taken) {
    int address = addresses[node];
    BitSet bits = holders[port];
    if (bits == null) {
      bits = new BitSet();
      holders[port] = bits;
    }
    if (bits.get(address) != taken) {
      bits.set(address, taken);
      noteNeighbours(node);
    }
  }

  /// Sets how many ports the node has left to hand out.
  public void setPortsFree(int node, int ports) {
    if (portsFree[node] != ports) {
      portsFree[node] = ports;
      noteRoom(node);
    }
  }

  /// Takes the amounts of a request from a node.
  void take(int node, long[] amounts) {
    int at = node * dimensions;
    for (int dimension = 0; dimension < dimensions; dimension++) {
      free[at + dimension] -= amounts[dimension];
    }
    addPlaces(node, -1);
    noteRoom(node);
  }

  /// Gives them back.
  void give(int node, long[] amounts) {
    int at = node * dimensions;
    for (int dimension = 0; dimension < dimensions; dimension++) {
      free[at + dimension] += amounts[dimension];
    }
    addPlaces(node, 1);
    noteRoom(node);
  }

  private void noteRoom(int node) {
    versions[node]++;
    log.add(node);
  }

  /// Notes that something changed at the node's address.
  void noteNeighbours(int node) {
    for (int neighbour : nodesOfAddress[addresses[node]]) {
      log.add(neighbour);
    }
  }

  private void countDevices(int node) {
    int whole = 0;
    int most = 0;
    int sum = 0;
    for (int thousandths : deviceFree[node]) {
      whole += thousandths == DEVICE ? 1 : 0;
      most = Math.max(most, thousandths);
      sum += thousandths;
    }
    wholeDevices[node] = whole;
    roomiest[node] = most;
    freeDevices[node] = sum;
  }
}
