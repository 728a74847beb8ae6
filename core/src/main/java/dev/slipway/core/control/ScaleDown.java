package dev.slipway.core.control;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.Placement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which instances go first: those that are missed least. Where instances are spread by `GROUP_BY`,
/// those of the largest groups, so that the others stay even (Marathon's `ScalingProposition`); but
/// none that is ready while there is one that is not.
final class ScaleDown {
  private ScaleDown() {}

  /// Those that are missed least come first: on no node, unreachable, being prepared, running but
  /// not ready, ready; equal ones by the app's kill selection. Of those that give way to others,
  /// the unreachable ones come later: they may be serving, and ending them makes no room now.
  static List<Instance> weakestFirst(Census census, List<Instance> instances, boolean givingWay) {
    Comparator<Instance> byAge = Comparator.comparing(Instance::scheduledAt);
    KillSelection selection = census.formation().app().spec().killSelection();
    List<Instance> sorted = new ArrayList<>(instances);
    sorted.sort(
        Comparator.comparingInt((Instance instance) -> strength(census, instance, givingWay))
            .thenComparing(selection == KillSelection.YOUNGEST_FIRST ? byAge.reversed() : byAge)
            .thenComparing(Instance::id));
    return sorted;
  }

  private static int strength(Census census, Instance instance, boolean givingWay) {
    return switch (instance.condition()) {
      case SCHEDULED -> 0;
      case UNREACHABLE, UNREACHABLE_INACTIVE -> givingWay ? 5 : 1;
      case PROVISIONED -> 2;
      case STAGING -> 3;
      case RUNNING -> census.isReady(instance) ? 6 : 4;
      case KILLING, FINISHED, FAILED, KILLED, GONE, DROPPED -> 7;
    };
  }

  /// So many of the census' current instances.
  static List<Instance> select(Census census, PersistentMap<NodeId, NodeRecord> nodes, int count) {
    List<Instance> sorted = weakestFirst(census, census.current(), false);
    List<String> fields =
        census.formation().app().spec().constraints().stream()
            .filter(constraint -> constraint.operator() == Constraint.Operator.GROUP_BY)
            .map(Constraint::field)
            .toList();
    if (fields.isEmpty()) {
      return sorted.subList(0, count);
    }
    List<Instance> unready = sorted.stream().filter(one -> !census.isReady(one)).toList();
    List<Instance> ready = sorted.stream().filter(census::isReady).toList();
    List<Instance> chosen = new ArrayList<>(evenly(unready, ready, fields, nodes, count));
    chosen.addAll(evenly(ready, List.of(), fields, nodes, count - chosen.size()));
    return chosen;
  }

  /// The instances whose nodes have the same values, the weakest first.
  private record Cell(List<Optional<String>> values, Deque<Instance> members) {}

  /// So many of `sorted` as there are and are asked for.
  ///
  /// @param others count for their groups and are not chosen
  private static List<Instance> evenly(
      List<Instance> sorted,
      List<Instance> others,
      List<String> fields,
      PersistentMap<NodeId, NodeRecord> nodes,
      int count) {
    List<Instance> chosen = new ArrayList<>();
    Map<List<Optional<String>>, Cell> cells = new LinkedHashMap<>();
    List<Map<Optional<String>, Integer>> sizes = new ArrayList<>();
    fields.forEach(field -> sizes.add(new HashMap<>()));
    for (Instance instance : others) {
      count(values(instance, fields, nodes), sizes, 1);
    }
    Map<Instance, Integer> ranks = new HashMap<>();
    for (Instance instance : sorted) {
      if (instance.place().isEmpty()) {
        if (chosen.size() < count) {
          chosen.add(instance);
        }
        continue;
      }
      ranks.put(instance, ranks.size());
      List<Optional<String>> values = values(instance, fields, nodes);
      cells.computeIfAbsent(values, key -> new Cell(key, new ArrayDeque<>())).members.add(instance);
      count(values, sizes, 1);
    }
    while (chosen.size() < Math.min(count, sorted.size())) {
      Cell cell = largest(cells.values(), sizes, ranks);
      chosen.add(cell.members.removeFirst());
      count(cell.values, sizes, -1);
    }
    return chosen;
  }

  private static void count(
      List<Optional<String>> values, List<Map<Optional<String>, Integer>> sizes, int by) {
    for (int i = 0; i < values.size(); i++) {
      sizes.get(i).merge(values.get(i), by, Integer::sum);
    }
  }

  private static List<Optional<String>> values(
      Instance instance, List<String> fields, PersistentMap<NodeId, NodeRecord> nodes) {
    NodeRecord node = nodes.get(instance.place().orElseThrow().node());
    List<Optional<String>> values = new ArrayList<>();
    for (String field : fields) {
      values.add(node == null ? Optional.empty() : Placement.value(node.node(), field));
    }
    return values;
  }

  /// Of the largest group of the first field, then of the second and so on; of equal ones that with
  /// the weakest instance.
  private static Cell largest(
      Iterable<Cell> cells,
      List<Map<Optional<String>, Integer>> sizes,
      Map<Instance, Integer> ranks) {
    Comparator<Cell> order = Comparator.comparingInt(cell -> 0);
    for (int i = 0; i < sizes.size(); i++) {
      int field = i;
      Comparator<Cell> bySize =
          Comparator.comparingInt(
              cell -> -sizes.get(field).getOrDefault(cell.values.get(field), 0));
      order = order.thenComparing(bySize);
    }
    order = order.thenComparingInt(cell -> ranks.getOrDefault(cell.members.getFirst(), 0));
    Cell best = null;
    for (Cell cell : cells) {
      if (!cell.members.isEmpty() && (best == null || order.compare(cell, best) < 0)) {
        best = cell;
      }
    }
    return java.util.Objects.requireNonNull(best, "fewer instances than are to be ended");
  }
}
