package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Nodes by the values that they have for some attributes: those of one group are alike for all
/// rules that speak of these. Without attributes all nodes are one group.
final class Grouping {
  private final int @Nullable [] groups;
  private final int @Nullable [] places;
  private final int[][] members;
  private final int[][] codes;

  Grouping(NodeTable table, List<Attribute> attributes) {
    if (attributes.isEmpty()) {
      groups = null;
      places = null;
      members = new int[1][table.size];
      Arrays.setAll(members[0], node -> node);
      codes = new int[1][0];
      return;
    }
    int[] groupOf = new int[table.size];
    int[] placeOf = new int[table.size];
    Map<List<Integer>, Integer> known = new HashMap<>();
    List<List<Integer>> all = new ArrayList<>();
    for (int node = 0; node < table.size; node++) {
      int at = node;
      var values = attributes.stream().map(attribute -> attribute.code(at)).toList();
      int group = known.computeIfAbsent(values, fresh -> known.size());
      if (group == all.size()) {
        all.add(new ArrayList<>());
      }
      groupOf[node] = group;
      placeOf[node] = all.get(group).size();
      all.get(group).add(node);
    }
    groups = groupOf;
    places = placeOf;
    members = new int[all.size()][];
    Arrays.setAll(members, group -> all.get(group).stream().mapToInt(Integer::intValue).toArray());
    codes = new int[all.size()][];
    known.forEach(
        (values, group) -> codes[group] = values.stream().mapToInt(Integer::intValue).toArray());
  }

  int count() {
    return members.length;
  }

  int size(int group) {
    return members[group].length;
  }

  int of(int node) {
    return groups == null ? 0 : groups[node];
  }

  /// The node's place among the members of its group.
  int place(int node) {
    return places == null ? node : places[node];
  }

  int member(int group, int place) {
    return members[group][place];
  }

  /// The code of the value that the group's nodes have for one of the attributes.
  int code(int group, int attribute) {
    return codes[group][attribute];
  }
}
