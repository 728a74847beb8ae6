package dev.slipway.core.scheduling;

import java.util.Arrays;

/// Where the tasks of one app stand: how many on each node, and for each attribute that a rule
/// speaks of, how many at each of its values. Kept as tasks come and go, never counted anew.
public final class Footprint {
  private static final int EMPTY = -1;

  private final NodeTable table;

  /// The attributes that are counted by, and of each the counts.
  private Attribute[] attributes = {};

  private int[][] counts = {};
  private int[] nodes = new int[16];
  private int[] numbers = new int[16];
  private int taken;
  private int total;
  private int beginnings;

  public Footprint(NodeTable table) {
    this.table = table;
    Arrays.fill(nodes, EMPTY);
  }

  /// How many tasks there are.
  public int total() {
    return total;
  }

  /// How many tasks are on the node.
  public int on(int node) {
    return numbers[slot(node)];
  }

  /// Changes whenever the first task comes, to anywhere or to where an attribute has a value, or
  /// the last one goes.
  int beginnings() {
    return beginnings;
  }

  /// How many places {@link #nodeAt} has.
  int slots() {
    return nodes.length;
  }

  /// A node with tasks, or a negative number where the place is empty.
  int nodeAt(int slot) {
    return numbers[slot] == 0 ? EMPTY : nodes[slot];
  }

  /// How many tasks are on nodes of the address.
  int at(int node) {
    if (!table.sharesAddresses) {
      return on(node);
    }
    int[] neighbours = table.neighbours(node);
    if (neighbours.length == 1) {
      return on(node);
    }
    int sum = 0;
    for (int neighbour : neighbours) {
      sum += on(neighbour);
    }
    return sum;
  }

  /// How many tasks are on nodes with that value, by code; kept up to date from now on.
  public int at(Attribute attribute, int code) {
    return by(attribute)[code];
  }

  /// How many tasks are at each value of the attribute, by code, and last at all of them together;
  /// kept up to date from now on.
  int[] by(Attribute attribute) {
    for (int i = 0; i < counts.length; i++) {
      if (attributes[i] == attribute) {
        return counts[i];
      }
    }
    int[] fresh = new int[attribute.cardinality() + 1];
    for (int slot = 0; slot < nodes.length; slot++) {
      int code = nodes[slot] == EMPTY ? Attribute.NONE : attribute.code(nodes[slot]);
      if (code != Attribute.NONE) {
        fresh[code] += numbers[slot];
        fresh[attribute.cardinality()] += numbers[slot];
      }
    }
    attributes = Arrays.copyOf(attributes, attributes.length + 1);
    counts = Arrays.copyOf(counts, counts.length + 1);
    attributes[counts.length - 1] = attribute;
    counts[counts.length - 1] = fresh;
    return fresh;
  }

  /// One task more on the node, or one less.
  ///
  /// @param change 1 or -1
  public void add(int node, int change) {
    int slot = slot(node);
    if (nodes[slot] == EMPTY) {
      if (4 * (taken + 1) > 3 * nodes.length) {
        grow();
        slot = slot(node);
      }
      nodes[slot] = node;
      taken++;
    }
    numbers[slot] += change;
    total += change;
    beginnings += total == 0 || total == change ? 1 : 0;
    for (int i = 0; i < counts.length; i++) {
      int code = attributes[i].code(node);
      if (code != Attribute.NONE) {
        int[] numbers = counts[i];
        numbers[code] += change;
        int all = numbers[numbers.length - 1] + change;
        numbers[numbers.length - 1] = all;
        beginnings += all == 0 || all == change ? 1 : 0;
      }
    }
    table.noteNeighbours(node);
  }

  private void grow() {
    int[] oldNodes = nodes;
    int[] oldNumbers = numbers;
    nodes = new int[2 * oldNodes.length];
    numbers = new int[2 * oldNodes.length];
    Arrays.fill(nodes, EMPTY);
    taken = 0;
    for (int i = 0; i < oldNodes.length; i++) {
      if (oldNodes[i] != EMPTY && oldNumbers[i] != 0) {
        int slot = slot(oldNodes[i]);
        nodes[slot] = oldNodes[i];
        numbers[slot] = oldNumbers[i];
        taken++;
      }
    }
  }

  /// Where the node is, or would be.
  private int slot(int node) {
    int mask = nodes.length - 1;
    int slot = ((node * 0x9E3779B9) >>> 16) & mask;
    while (nodes[slot] != EMPTY && nodes[slot] != node) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
