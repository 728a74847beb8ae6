package dev.slipway.core.scheduling;

/// The few nodes that are other for one asker than for all others of its shape: they are set apart
/// and looked at one by one. Used again and again, so that nothing is left to collect.
final class Overlay implements Tournament.Exclusion {
  /// So many nodes are worth setting apart.
  static final int FEW = 32;

  private final NodeTable table;
  private final int[] nodes;
  private final int[] marks;
  private int mark;
  private int count;
  private Grouping grouping;
  private int group;

  /// @param few nodes that there is room for
  Overlay(NodeTable table, Grouping grouping, int few) {
    this.table = table;
    this.nodes = new int[few];
    this.grouping = grouping;
    marks = new int[table.size];
  }

  /// Begins anew, with nothing set apart.
  void clear(Grouping of) {
    mark++;
    count = 0;
    grouping = of;
  }

  /// Sets all nodes apart that have tasks, or share an address with one.
  ///
  /// @return whether there was room for all
  boolean addAll(Footprint footprint) {
    if (footprint.spread() > 2 * nodes.length) {
      return false;
    }
    for (int slot = 0; slot < footprint.slots(); slot++) {
      int node = footprint.nodeAt(slot);
      if (node < 0) {
        continue;
      }
      for (int neighbour : table.neighbours(node)) {
        if (marks[neighbour] == mark) {
          continue;
        }
        if (count == nodes.length) {
          return false;
        }
        marks[neighbour] = mark;
        nodes[count++] = neighbour;
      }
    }
    return true;
  }

  int count() {
    return count;
  }

  int node(int index) {
    return nodes[index];
  }

  /// Says of which group the members are that are asked about next.
  Overlay within(int asked) {
    group = asked;
    return this;
  }

  @Override
  public boolean isExcluded(int member) {
    return marks[grouping.member(group, member)] == mark;
  }
}
