package dev.slipway.core.placement;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Preference;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.scheduling.Admission;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which nodes meet each single wish that speaks of nodes alone, a bit for each node: found out
/// once for a wish, and put together for each request. The nodes themselves do not change.
final class Wishes {
  private static final Siblings NOBODY = Siblings.of(Nodes.NONE, List.of());

  private final List<Node> nodes;
  private final BitSet dedicated = new BitSet();

  /// By constraint, by feature, or by number of a port.
  private final Map<Object, BitSet> meeting = new HashMap<>();

  private final Map<Admission, Admission> known = new HashMap<>();

  Wishes(List<NodeRecord> records) {
    nodes = records.stream().map(NodeRecord::node).toList();
    for (int number = 0; number < nodes.size(); number++) {
      dedicated.set(number, !nodes.get(number).dedicated().isEmpty());
    }
  }

  /// The nodes that may take the request, had they but the room, and what they lack of what it
  /// prefers; the same object for the same nodes.
  ///
  /// @param request whose constraints and preferences speak of nodes alone
  Admission admission(Request request) {
    var admission = new Admission(admitted(request), unmet(request.preferences()));
    return known.computeIfAbsent(admission, Function.identity());
  }

  private BitSet admitted(Request request) {
    var admitted = new BitSet();
    List<Integer> ports = PortRequest.required(request.ports());
    if (!request.takesAnyRole() || new HashSet<>(ports).size() < ports.size()) {
      return admitted;
    }
    admitted.set(0, nodes.size());
    for (NodeFeature feature : request.needs()) {
      admitted.and(meeting(feature, node -> node.features().contains(feature)));
    }
    for (int port : ports) {
      admitted.and(
          meeting(
              port,
              node -> node.fixedPorts().contains(port) || node.dynamicPorts().contains(port)));
    }
    for (Constraint constraint : request.constraints()) {
      admitted.and(meeting(constraint));
    }
    dedicated.stream()
        .filter(number -> isKeptOff(nodes.get(number), request.constraints()))
        .forEach(admitted::clear);
    return admitted;
  }

  private static boolean isKeptOff(Node node, List<Constraint> constraints) {
    return Dedication.objection(node, constraints).isPresent();
  }

  private int @Nullable [] unmet(List<Preference> preferences) {
    if (preferences.isEmpty()) {
      return null;
    }
    int[] unmet = new int[nodes.size()];
    for (Preference preference : preferences) {
      BitSet met = meeting(preference.constraint());
      for (int number = met.nextClearBit(0);
          number < unmet.length;
          number = met.nextClearBit(number + 1)) {
        unmet[number] += preference.weight();
      }
    }
    return unmet;
  }

  private BitSet meeting(Constraint constraint) {
    Rule rule =
        Rule.isSpread(constraint)
            ? Rule.spread(constraint, NOBODY, List.of())
            : Rule.of(constraint, NOBODY);
    return meeting(constraint, node -> rule.objection(node).isEmpty());
  }

  private BitSet meeting(Object wish, Predicate<Node> met) {
    return meeting.computeIfAbsent(
        wish,
        _ -> {
          var bits = new BitSet();
          for (int number = 0; number < nodes.size(); number++) {
            bits.set(number, met.test(nodes.get(number)));
          }
          return bits;
        });
  }
}
