package dev.slipway.core.placement;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Puts an instance on a node, or says of every node why not: a pure function, the same answer
/// for the same nodes, request and instances.
///
/// A node takes an instance when it meets the constraints, is ready, and has the resources, GPUs
/// and ports free. Among those the most suitable is chosen: what the app prefers, then fewest
/// instances of the app, then the fullest, then by name. All nodes are looked at; none is sampled.
///
/// Throughout, `siblings` are all instances of the app; those that stand nowhere or have ended
/// are passed over.
public final class Placement {
  private Placement() {}

  /// The place for one instance. It is not taken: the caller records it in `nodes`.
  ///
  /// @param typical what nodes have to stay of use to
  public static Outcome place(
      Nodes nodes, TypicalRequests typical, Request request, Collection<Instance> siblings) {
    return place(nodes, typical, request, Siblings.of(nodes, siblings));
  }

  /// The same, for a caller that places one instance after another and adds each to `standing`.
  public static Outcome place(
      Nodes nodes, TypicalRequests typical, Request request, Siblings standing) {
    var examination = Examination.of(nodes, request, standing);
    List<NodeRecord> candidates = examination.candidates();
    Map<Reason, Integer> against = new EnumMap<>(Reason.class);
    request
        .bound()
        .ifPresent(bound -> against.put(bound.reason(), nodes.byId().size() - candidates.size()));
    // Where there is nothing to choose from, nothing needs to be worked out.
    var packing = candidates.size() > 1 ? PackingScores.of(nodes, typical, request) : null;
    @Nullable Suitability best = null;
    for (NodeRecord record : candidates) {
      var objection = examination.objection(record);
      if (objection.isPresent()) {
        against.merge(objection.get().reason(), 1, Integer::sum);
        continue;
      }
      double score = packing == null ? 0 : packing.of(record);
      int unmet = examination.unmet(record.node());
      var suitability = Suitability.of(record, unmet, request, standing, score);
      if (best == null || suitability.compareTo(best) < 0) {
        best = suitability;
      }
    }
    NodeRecord chosen = best == null ? null : nodes.byId().get(best.node());
    if (chosen == null
        || !(examination.ports(chosen.node()) instanceof PortChoice.Chosen(List<Integer> ports))
        || !(examination.devices(chosen) instanceof DeviceChoice.Chosen(List<Integer> devices))) {
      return new Outcome.NotPlaced(new Survey(against));
    }
    return new Outcome.Placed(
        new Instance.Place(chosen.id(), ports, request.resources(), List.of(), devices));
  }

  /// One verdict a node, by node id: the first reason against it, or that it fits.
  public static List<NodeVerdict> explain(
      Nodes nodes, Request request, Collection<Instance> siblings) {
    return explain(nodes, request, siblings, 0, Integer.MAX_VALUE);
  }

  /// The same of some nodes only.
  ///
  /// @param offset nodes that are passed over
  /// @param most nodes of which a verdict is made
  public static List<NodeVerdict> explain(
      Nodes nodes, Request request, Collection<Instance> siblings, int offset, int most) {
    var examination = Examination.of(nodes, request, Siblings.of(nodes, siblings));
    List<NodeVerdict> verdicts = new ArrayList<>();
    int number = 0;
    for (NodeRecord record : nodes.byId().values()) {
      if (number++ < offset) {
        continue;
      }
      if (verdicts.size() >= most) {
        break;
      }
      verdicts.add(examination.objection(record).orElseGet(() -> fits(record, examination)));
    }
    return List.copyOf(verdicts);
  }

  /// What would have to be freed where the least is missing, such as `n3 lacks cpus 0.5 and mem
  /// 64 MiB`; nothing when the request fits somewhere, or when no node lacks resources alone.
  public static Optional<String> nearestFit(
      Nodes nodes, Request request, Collection<Instance> siblings) {
    var examination = Examination.of(nodes, request, Siblings.of(nodes, siblings));
    @Nullable NodeRecord nearest = null;
    double least = Double.POSITIVE_INFINITY;
    for (NodeRecord record : nodes.byId().values()) {
      if (examination.objection(record).isEmpty()) {
        return Optional.empty();
      }
      double lack = lack(record, request);
      if (examination.wouldFitWithMoreRoom(record) && lack > 0 && lack < least) {
        nearest = record;
        least = lack;
      }
    }
    return nearest == null ? Optional.empty() : Optional.of(advice(nearest, request));
  }

  /// The value that a constraint's field has on a node; nothing where it has none.
  public static Optional<String> value(Node node, String field) {
    return new Field(field).of(node);
  }

  /// The largest part of anything requested that is missing, from 0 to 1 and beyond.
  static double lack(NodeRecord record, Request request) {
    double largest = 0;
    for (Dimension dimension : Dimension.values()) {
      long missing = dimension.missing(request.taken(), record);
      if (missing > 0) {
        largest = Math.max(largest, missing / (double) dimension.of(request.taken()));
      }
    }
    return largest;
  }

  private static String advice(NodeRecord record, Request request) {
    return record.id() + " lacks " + missing(record, request);
  }

  /// What would have to be freed on the node, such as `cpus 0.5 and mem 64 MiB`.
  static String missing(NodeRecord record, Request request) {
    return Stream.of(Dimension.values())
        .filter(dimension -> dimension.missing(request.taken(), record) > 0)
        .map(
            dimension ->
                dimension.text(dimension.missing(request.taken(), record), RoundingMode.CEILING))
        .collect(Collectors.joining(" and "));
  }

  private static NodeVerdict fits(NodeRecord record, Examination examination) {
    var left = record.free().minus(examination.request().taken());
    String detail =
        Stream.of(Dimension.values())
            .filter(dimension -> dimension.of(record.offered()) > 0)
            .map(dimension -> dimension.text(dimension.of(left), RoundingMode.FLOOR))
            .collect(Collectors.joining(", ", "fits; would leave ", ""));
    return new NodeVerdict(
        record.id(),
        Reason.FITS,
        detail + examination.preferred(record.node()) + Suitability.reservations(record));
  }
}
