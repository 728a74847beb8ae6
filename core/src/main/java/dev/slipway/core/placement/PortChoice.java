package dev.slipway.core.placement;

import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.PortRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The host ports that a request gets on a node, or why it gets none.
sealed interface PortChoice {
  /// In the order of the request.
  record Chosen(List<Integer> ports) implements PortChoice {}

  record Lacking(String detail) implements PortChoice {}

  /// Why the node never gives all required ports, whoever has them now; nothing where it may.
  static Optional<String> never(Node node, Request request) {
    Set<Integer> required = new HashSet<>();
    for (PortRequest port : request.ports()) {
      if (!(port instanceof PortRequest.Required(int number))) {
        continue;
      }
      if (!node.fixedPorts().contains(number) && !node.dynamicPorts().contains(number)) {
        return Optional.of(
            "port %d is not among the node's ports %s and %s"
                .formatted(number, text(node.fixedPorts()), text(node.dynamicPorts())));
      }
      if (!required.add(number)) {
        return Optional.of("port %d is required twice".formatted(number));
      }
    }
    return Optional.empty();
  }

  /// Chooses ports, of a node that gives them, that nobody at the node's address has: required ones
  /// as they are, others from the dynamic range, beginning at the request's cursor and wrapping
  /// around.
  ///
  /// @param taken the ports in use at the node's address
  static PortChoice of(Node node, PersistentMap<Integer, InstanceId> taken, Request request) {
    Set<Integer> chosen = new HashSet<>();
    for (PortRequest port : request.ports()) {
      if (!(port instanceof PortRequest.Required(int number))) {
        continue;
      }
      InstanceId owner = taken.get(number);
      if (owner != null) {
        return new Lacking("port %d is taken by %s".formatted(number, owner));
      }
      chosen.add(number);
    }
    return dynamic(node.dynamicPorts(), taken, request, chosen);
  }

  private static PortChoice dynamic(
      PortRange range,
      PersistentMap<Integer, InstanceId> taken,
      Request request,
      Set<Integer> chosen) {
    List<Integer> result = new ArrayList<>();
    int start = Math.floorMod(request.portCursor(), range.size());
    int tried = 0;
    for (PortRequest port : request.ports()) {
      switch (port) {
        case PortRequest.Required(int number) -> result.add(number);
        case PortRequest.Any() -> {
          int candidate = 0;
          while (candidate == 0 && tried < range.size()) {
            int next = range.first() + (start + tried) % range.size();
            tried++;
            if (!taken.containsKey(next) && chosen.add(next)) {
              candidate = next;
            }
          }
          if (candidate == 0) {
            return new Lacking(shortage(range, request, result.size()));
          }
          result.add(candidate);
        }
      }
    }
    return new Chosen(List.copyOf(result));
  }

  private static String shortage(PortRange range, Request request, int found) {
    long required =
        request.ports().stream().filter(port -> port instanceof PortRequest.Required).count();
    long wanted = request.ports().size() - required;
    long met =
        request.ports().stream()
            .limit(found)
            .filter(port -> port instanceof PortRequest.Any)
            .count();
    return "ports %d free in %s < %d requested".formatted(met, text(range), wanted);
  }

  private static String text(PortRange range) {
    return range.first() + "-" + range.last();
  }
}
