package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One attribute of all nodes, as numbers: equal values have equal codes, so that comparing and
/// counting them costs nothing.
public final class Attribute {
  /// The code of nodes that do not have the attribute.
  public static final int NONE = -1;

  private final int[] codes;
  private final List<String> values;
  private final boolean tellsApart;
  private final boolean complete;

  private Attribute(int[] codes, List<String> values) {
    this.codes = codes;
    this.values = List.copyOf(values);
    long valued = Arrays.stream(codes).filter(code -> code != NONE).count();
    tellsApart = values.size() == valued;
    complete = valued == codes.length;
  }

  /// @param byNode the value that each node has, or null where it has none
  static Attribute of(@Nullable String[] byNode) {
    Map<String, Integer> known = new HashMap<>();
    List<String> values = new ArrayList<>();
    int[] codes = new int[byNode.length];
    Arrays.fill(codes, NONE);
    for (int node = 0; node < byNode.length; node++) {
      String value = byNode[node];
      if (value == null) {
        continue;
      }
      Integer code = known.putIfAbsent(value, values.size());
      if (code == null) {
        codes[node] = values.size();
        values.add(value);
      } else {
        codes[node] = code;
      }
    }
    return new Attribute(codes, values);
  }

  public int code(int node) {
    return codes[node];
  }

  public String value(int code) {
    return values.get(code);
  }

  /// How many different values there are.
  public int cardinality() {
    return values.size();
  }

  /// Whether no two nodes have the same value.
  boolean tellsNodesApart() {
    return tellsApart;
  }

  /// Whether all nodes have a value.
  boolean isComplete() {
    return complete;
  }
}
