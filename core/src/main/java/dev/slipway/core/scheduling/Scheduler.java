package dev.slipway.core.scheduling;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the best node for requests, one after another.
///
/// What it found out about nodes for a shape is kept while there is room for it; the least recently
/// used is given up first and found out anew. So the answer never depends on what was asked before.
public final class Scheduler {
  /// What is kept of all rankings together, in nodes: some 40 bytes each.
  private static final int MOST_KEPT = 2_000_000;

  private final NodeTable table;
  private final Packing packing;
  private final int most;
  private final Overlay overlay;

  /// Of whom nobody asks.
  private final Footprint nobody;

  private final Map<List<Attribute>, Grouping> groupings = new HashMap<>();

  /// By what askers have in common, or by asker.
  private final Map<Object, Ranking> rankings = new LinkedHashMap<>(64, 0.75f, true);

  private final Map<Asker, GroupChoice> choices = new LinkedHashMap<>(64, 0.75f, true);

  public Scheduler(NodeTable table, Packing packing) {
    this(table, packing, Math.max(4, MOST_KEPT / Math.max(1, table.size)), Overlay.FEW);
  }

  /// @param most rankings that are kept
  /// @param few nodes that are set apart at most
  Scheduler(NodeTable table, Packing packing, int most, int few) {
    this.table = table;
    this.packing = packing;
    this.most = most;
    this.nobody = new Footprint(table);
    this.overlay = new Overlay(table, new Grouping(table, List.of()), few);
  }

  /// The best node for one task more, or a negative number where none will do. Nothing is taken.
  public int best(Asker asker) {
    Grouping grouping = grouping(asker);
    overlay.clear(grouping);
    boolean few = asker.ofNodes.isLocal() && asker.ofNodes.collect(overlay);
    boolean scarce = few && asker.atHand != null && overlay.addAll(asker.atHand);
    Ranking ranking = few ? common(asker, grouping, scarce) : own(asker, grouping);
    ranking.catchUp();
    GroupChoice choice = choice(asker, grouping);
    choice.clear();
    for (int group = 0; group < grouping.count(); group++) {
      enterBest(choice, ranking, group, few ? asker.ofNodes : null, scarce);
    }
    for (int i = 0; few && i < overlay.count(); i++) {
      int node = overlay.node(i);
      long bare = ranking.key(node);
      if (bare != Tournament.OUT && !asker.ofNodes.refuses(node)) {
        choice.enter(grouping.of(node), node, asker.ofNodes.rank(bare, node), ranking.score(node));
      }
    }
    return choice.best(grouping);
  }

  /// Enters the best node of a group; where only few are other than for all of the shape, but for
  /// those few.
  ///
  /// @param few what is said of those; null where the ranking knows it
  /// @param scarce whether what the tasks need is at hand on none but those
  private void enterBest(
      GroupChoice choice, Ranking ranking, int group, @Nullable NodeRules few, boolean scarce) {
    Tournament tournament = ranking.of(group);
    int place =
        few == null || overlay.count() == 0
            ? tournament.best()
            : tournament.bestBut(overlay.within(group));
    if (place < 0) {
      return;
    }
    long key = tournament.key(place);
    long rank = few == null ? key : few.rankElsewhere(key);
    if (rank != Tournament.OUT) {
      choice.enter(
          group,
          ranking.grouping().member(group, place),
          scarce ? Rank.withMissing(rank) : rank,
          tournament.score(place));
    }
  }

  /// How often rules about groups were held against one to find the best node.
  public long looksAtGroups(Asker asker) {
    return (long) asker.ofGroups.size() * grouping(asker).count();
  }

  /// How many nodes are refused for what first, by {@link Refusal}.
  public int[] refused(Asker asker) {
    Ranking ranking = ranking(asker, grouping(asker));
    ranking.catchUp();
    boolean ruled = asker.rules().stream().anyMatch(Rule::isRequired);
    return ruled ? Refused.count(table, ranking, asker.rules()) : ranking.refused();
  }

  /// A ranking that knows what the shape says, rather one that is there.
  private Ranking ranking(Asker asker, Grouping grouping) {
    Ranking own = rankings.get(asker);
    return own == null ? common(asker, grouping, true) : own;
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

  private Grouping grouping(Asker asker) {
    return groupings.computeIfAbsent(
        asker.common.attributes(), attributes -> new Grouping(table, attributes));
  }

  private GroupChoice choice(Asker asker, Grouping grouping) {
    GroupChoice known = choices.get(asker);
    if (known == null) {
      known = new GroupChoice(grouping, asker.ofGroups, asker.levels);
      choices.put(asker, known);
      forgetEldest(choices);
    }
    return known;
  }

  /// The ranking of all who ask for the same.
  ///
  /// @param scarce whether what the tasks need is at hand on so few nodes that these are set apart;
  ///     where it is on many, all who need it have a ranking in common
  private Ranking common(Asker asker, Grouping grouping, boolean scarce) {
    Footprint atHand = scarce ? null : asker.atHand;
    Object key = atHand == null ? asker.common : new Asker.Supplied(asker.common, atHand);
    Ranking known = rankings.get(key);
    return known == null ? keep(key, asker, grouping, supplied(atHand)) : known;
  }

  private @Nullable NodeRules supplied(@Nullable Footprint atHand) {
    return atHand == null ? null : new NodeRules(nobody, 1, List.of(), atHand);
  }

  private Ranking own(Asker asker, Grouping grouping) {
    Ranking known = rankings.get(asker);
    return known == null ? keep(asker, asker, grouping, asker.ofNodes) : known;
  }

  private Ranking keep(Object key, Asker asker, Grouping grouping, @Nullable NodeRules rules) {
    var ranking = new Ranking(table, packing, asker.shape(), grouping, rules);
    rankings.put(key, ranking);
    forgetEldest(rankings);
    return ranking;
  }

  private void forgetEldest(Map<?, ?> kept) {
    if (kept.size() > most) {
      var eldest = kept.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }
}
