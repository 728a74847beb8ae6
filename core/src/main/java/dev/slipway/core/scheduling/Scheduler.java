package dev.slipway.core.scheduling;

/// Finds the best node for requests, one after another.
///
/// What it found out about nodes is kept while there is room for it; the least recently used is
/// given up first and found out anew. So the answer never depends on what was asked before.
public final class Scheduler {
  private final NodeTable table;
  private final Packing packing;
  private final Limits limits;
  private final Parts parts;
  private final Rankings rankings;

  /// @param kept rankings that are kept
  /// @param few nodes that are looked at one by one, where an asker may not stand on more
  /// @param parts in which nodes are told apart for all askers together
  /// @param patience nodes that are passed over for an asker before it gets a ranking of its own,
  ///     for each node there is
  record Limits(int kept, int few, int parts, int patience) {
    /// What is kept of all rankings together, in nodes: some 40 bytes each.
    private static final int MOST_KEPT = 2_000_000;

    private static final int FEW = 64;
    private static final int FEW_OF = 32;
    private static final int PARTS = 128;
    private static final int PATIENCE = 4;

    static Limits of(NodeTable table) {
      return new Limits(
          Math.max(4, MOST_KEPT / Math.max(1, table.size)),
          Math.max(FEW, table.size / FEW_OF),
          PARTS,
          PATIENCE);
    }
  }

  public Scheduler(NodeTable table, Packing packing) {
    this(table, packing, Limits.of(table));
  }

  Scheduler(NodeTable table, Packing packing, Limits limits) {
    this.table = table;
    this.packing = packing;
    this.limits = limits;
    parts = new Parts(table, limits.parts());
    rankings = new Rankings(table, packing, limits.kept());
  }

  /// The best node for one task more, or a negative number where none will do. Nothing is taken.
  public int best(Asker asker) {
    Search search = asker.search;
    if (search == null || !search.isValid(parts)) {
      search =
          asker.shape().admission.count <= limits.few()
              ? new SearchOfFew(table, parts, packing, asker)
              : new SearchByRank(table, parts, rankings, asker, limits.patience());
      asker.search = search;
    }
    return search.best();
  }

  /// How often rules about groups are held against one to find the best node, at most.
  public long looksAtGroups(Asker asker) {
    long groups = 1;
    for (Attribute attribute : asker.attributes) {
      groups = Math.min(table.size, groups * (attribute.cardinality() + 1L));
    }
    return groups * asker.ofGroups.size();
  }

  /// How many nodes are refused for what first, by {@link Refusal}.
  public int[] refused(Asker asker) {
    return Refused.count(table, asker);
  }

  /// Takes the place on the node for a task.
  ///
  /// @return the devices taken, one bit each
  public long take(Asker asker, int node) {
    long devices = Devices.choose(table, node, asker.shape());
    take(asker, node, devices);
    return devices;
  }

  /// Takes the place for a task that has these devices already.
  ///
  /// @param devices one bit each; all are free for it
  public void take(Asker asker, int node, long devices) {
    Shape shape = asker.shape();
    table.take(node, shape.amounts);
    takePorts(shape, node, 1);
    asker.siblings().add(node, 1);
    Devices.take(table, node, shape, devices);
  }

  /// Gives a place back.
  ///
  /// @param devices as {@link #take} gave them
  public void give(Asker asker, int node, long devices) {
    Shape shape = asker.shape();
    table.give(node, shape.amounts);
    takePorts(shape, node, -1);
    asker.siblings().add(node, -1);
    Devices.give(table, node, shape, devices);
  }

  /// @param sign 1 to take them, -1 to give them back
  private void takePorts(Shape shape, int node, int sign) {
    if (shape.anyPorts + shape.ports.length == 0) {
      return;
    }
    for (int port : shape.ports) {
      table.setPort(node, port, sign > 0);
    }
    for (int neighbour : table.neighbours(node)) {
      int ports = shape.anyPorts + table.handedOut(neighbour, shape.ports);
      table.setPortsFree(neighbour, table.portsFree(neighbour) - sign * ports);
    }
  }
}
