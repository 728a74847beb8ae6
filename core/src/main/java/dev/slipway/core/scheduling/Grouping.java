package dev.slipway.core.scheduling;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Nodes in groups, whose members are alike for whoever looks at groups. A node may be in none.
final class Grouping {
  /// The group of nodes that are in none.
  static final int NONE = -1;

  private final int @Nullable [] groups;
  private final int @Nullable [] places;
  private final int[][] members;
  private final int[] representatives;

  /// All nodes in one group.
  static Grouping ofAll(NodeTable table) {
    int[][] members = new int[table.size == 0 ? 0 : 1][table.size];
    for (int[] all : members) {
      Arrays.setAll(all, node -> node);
    }
    return new Grouping(null, null, members);
  }

  /// @param groups of each node the group, from 0 on, or {@link #NONE}
  /// @param count how many groups there are, none of them empty
  static Grouping of(int[] groups, int count) {
    int[] sizes = new int[count];
    int[] places = new int[groups.length];
    for (int node = 0; node < groups.length; node++) {
      if (groups[node] != NONE) {
        places[node] = sizes[groups[node]]++;
      }
    }
    int[][] members = new int[count][];
    Arrays.setAll(members, group -> new int[sizes[group]]);
    for (int node = 0; node < groups.length; node++) {
      if (groups[node] != NONE) {
        members[groups[node]][places[node]] = node;
      }
    }
    return new Grouping(groups, places, members);
  }

  private Grouping(int @Nullable [] groups, int @Nullable [] places, int[][] members) {
    this.groups = groups;
    this.places = places;
    this.members = members;
    representatives = new int[members.length];
    Arrays.setAll(representatives, group -> members[group][0]);
  }

  int count() {
    return members.length;
  }

  int of(int node) {
    return groups == null ? 0 : groups[node];
  }

  /// The node's place among the members of its group.
  int place(int node) {
    return places == null ? node : places[node];
  }

  /// The nodes of a group, in their order. Not to be changed.
  int[] members(int group) {
    return members[group];
  }

  /// A node of each group, to ask what they have in common. Not to be changed.
  int[] representatives() {
    return representatives;
  }
}
