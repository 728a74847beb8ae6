package dev.slipway.core.scheduling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds the best node for requests, one after another.
///
/// What it found out about nodes for a shape is kept while there is room for it; the least recently
/// used is given up first and found out anew. So the answer never depends on what was asked before.
public final class Scheduler {
  /// What is kept of all rankings together, in nodes: some 40 bytes each.
  private static final int MOST_KEPT = 2_000_000;

  /// Up to so many nodes with tasks of the app are set apart one by one.
  private static final int FEW = 24;

  private final NodeTable table;
  private final Packing packing;
  private final int most;
  private final Map<Object, Ranking> rankings = new LinkedHashMap<>(64, 0.75f, true);
  private final Footprint nobody;

  /// One who asks: what is asked of any node, by whom, and by which rules.
  ///
  /// @param siblings the tasks of the same app
  /// @param perNode so many tasks of the app on one node are as good as one, from 1 on
  /// @param rules none that is about attributes which nobody has
  public record Asker(Shape shape, Footprint siblings, int perNode, List<Rule> rules) {
    public Asker {
      rules = List.copyOf(rules);
    }
  }

  public Scheduler(NodeTable table, Packing packing) {
    this.table = table;
    this.packing = packing;
    this.most = Math.max(4, MOST_KEPT / Math.max(1, table.size));
    this.nobody = new Footprint(table);
  }

  /// The best node for one task more, or a negative number where none will do. Nothing is taken.
  ///
  /// @param asker the same object for the same asker each time
  public int best(Asker asker) {
    if (!asker.rules().isEmpty() || asker.siblings().spread() > FEW) {
      return ranking(asker).best();
    }
    Ranking ranking = ranking(asker.shape());
    return asker.siblings().total() == 0 ? ranking.best() : bestBeside(ranking, asker);
  }

  /// The best node where few have tasks of the app already: the best of those without, held against
  /// each of those with.
  private int bestBeside(Ranking ranking, Asker asker) {
    Footprint siblings = asker.siblings();
    int best = ranking.bestBut(node -> siblings.at(node) > 0);
    long key = best < 0 ? Tournament.OUT : ranking.key(best);
    double score = best < 0 ? 0 : ranking.score(best);
    for (int i = 0; i < siblings.slots(); i++) {
      int node = siblings.nodeAt(i);
      if (node < 0) {
        continue;
      }
      for (int neighbour : table.neighbours(node)) {
        long bare = ranking.key(neighbour);
        if (bare == Tournament.OUT) {
          continue;
        }
        int perNode = asker.perNode();
        long full =
            bare
                | Rank.of(
                    0, 0, 0, siblings.on(neighbour) / perNode, siblings.at(neighbour) / perNode);
        double other = ranking.score(neighbour);
        if (full < key
            || (full == key && (other < score || (other == score && neighbour < best)))) {
          best = neighbour;
          key = full;
          score = other;
        }
      }
    }
    return best;
  }

  /// How many nodes are refused for what, by {@link Refusal}; what rules about groups of nodes
  /// refuse is not among it.
  public int[] refused(Asker asker) {
    return asker.rules().isEmpty() ? ranking(asker.shape()).refused() : ranking(asker).refused();
  }

  /// Takes the place on the node for a task.
  ///
  /// @return the devices taken, one bit each
  public long take(Asker asker, int node) {
    Shape shape = asker.shape();
    table.take(node, shape.amounts);
    takePorts(shape, node, 1);
    asker.siblings().add(node, 1);
    return Devices.take(table, node, shape);
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

  private Ranking ranking(Object of) {
    Ranking known = rankings.get(of);
    if (known != null) {
      return known;
    }
    Ranking fresh =
        switch (of) {
          case Asker asker ->
              new Ranking(
                  table,
                  packing,
                  asker.shape(),
                  new Ranking.Siblings(asker.siblings(), asker.perNode()),
                  asker.rules());
          case Shape shape ->
              new Ranking(table, packing, shape, new Ranking.Siblings(nobody, 1), List.of());
          default -> throw new IllegalArgumentException();
        };
    rankings.put(of, fresh);
    if (rankings.size() > most) {
      var eldest = rankings.entrySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return fresh;
  }
}
