package dev.slipway.core.placement;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.List;

/// The place for an instance on one node that somebody has in mind, whatever others would suit it
/// better.
public sealed interface Spot {
  /// The place. It is not taken: the caller records it in the nodes.
  record Free(Instance.Place place) implements Spot {}

  /// @param why the first reason against the node, for people
  record Refused(String why) implements Spot {}

  /// @param siblings all instances of the app
  static Spot on(NodeId id, Nodes nodes, Request request, Iterable<Instance> siblings) {
    NodeRecord record = nodes.byId().get(id);
    if (record == null) {
      return new Refused("it is gone");
    }
    List<Instance> standing = new ArrayList<>();
    siblings.forEach(standing::add);
    var examination = Examination.of(nodes, request, Siblings.of(nodes, standing));
    var objection = examination.objection(record);
    if (objection.isPresent()
        || !(examination.ports(record.node()) instanceof PortChoice.Chosen(List<Integer> ports))
        || !(examination.devices(record) instanceof DeviceChoice.Chosen(List<Integer> devices))) {
      return new Refused(objection.map(NodeVerdict::detail).orElse(""));
    }
    return new Free(new Instance.Place(id, ports, request.resources(), List.of(), devices));
  }
}
