package dev.slipway.core.placement;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.List;

/// The place for an instance on one node that somebody has in mind, whatever others would suit it
/// better.
public final class Spot {
  private Spot() {}

  /// The place, or the one reason against it. It is not taken: the caller records it in `nodes`.
  public static Outcome on(NodeId id, Nodes nodes, Request request, Iterable<Instance> siblings) {
    NodeRecord record = nodes.byId().get(id);
    if (record == null) {
      return new Outcome.NotPlaced(List.of());
    }
    List<Instance> standing = new ArrayList<>();
    siblings.forEach(standing::add);
    var examination = Examination.of(nodes, request, Siblings.of(nodes, standing));
    var objection = examination.objection(record);
    if (objection.isPresent()
        || !(examination.ports(record.node()) instanceof PortChoice.Chosen(List<Integer> ports))
        || !(examination.devices(record) instanceof DeviceChoice.Chosen(List<Integer> devices))) {
      return new Outcome.NotPlaced(objection.stream().toList());
    }
    return new Outcome.Placed(
        new Instance.Place(id, ports, request.resources(), List.of(), devices));
  }
}
