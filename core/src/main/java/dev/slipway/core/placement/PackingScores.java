package dev.slipway.core.placement;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.scheduling.Admission;
import dev.slipway.core.scheduling.NodeTable;
import dev.slipway.core.scheduling.Packing;
import dev.slipway.core.scheduling.RemainingUse;
import dev.slipway.core.scheduling.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How tightly each node packs for a request, worked out anew for all nodes: what {@link Placer}'s
/// search keeps.
final class PackingScores {
  private final NodeTable table;
  private final Map<NodeId, Integer> numbers = new HashMap<>();
  private final Packing packing;
  private final Shape shape;

  private PackingScores(Nodes nodes, TypicalRequests typical, Request request) {
    List<NodeTable.Description> descriptions = new ArrayList<>();
    for (NodeRecord record : nodes.byId().values()) {
      numbers.put(record.id(), descriptions.size());
      descriptions.add(
          new NodeTable.Description(
              amounts(record.offered()),
              record.node().devices(),
              record.node().address(),
              0,
              0,
              Map.of()));
    }
    table = new NodeTable(Inventory.DIMENSIONS.size(), descriptions);
    for (NodeRecord record : nodes.byId().values()) {
      int number = numbers.getOrDefault(record.id(), 0);
      List<Long> free = amounts(record.free());
      for (int dimension = 0; dimension < free.size(); dimension++) {
        table.setFree(number, dimension, free.get(dimension));
      }
      for (int device = 0; device < record.node().devices(); device++) {
        table.setDevice(number, device, record.freeOf(device));
      }
    }
    packing = RemainingUse.of(table, typical.all());
    shape =
        new Shape(
            AppMix.amounts(request.taken()),
            request.resources().milliGpus(),
            new int[0],
            0,
            new Admission(new BitSet(), null),
            false);
  }

  /// @param typical what nodes have to stay of use to
  static PackingScores of(Nodes nodes, TypicalRequests typical, Request request) {
    return new PackingScores(nodes, typical, request);
  }

  private static List<Long> amounts(Resources resources) {
    return List.of(resources.milliCpus(), resources.memBytes(), resources.diskBytes());
  }

  /// The score of a node that takes the request; the least is best.
  double of(NodeRecord record) {
    return packing.score(table, numbers.getOrDefault(record.id(), -1), shape);
  }
}
