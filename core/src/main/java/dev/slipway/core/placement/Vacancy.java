package dev.slipway.core.placement;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Whether a node would take a request once some of those that stand there have left: by the same
/// rules as {@link Placement}. What is asked of all nodes is found out once.
public final class Vacancy {
  private final Nodes nodes;
  private final Request request;
  private final Siblings siblings;
  private final Examination examination;
  private final List<Node> able;

  /// The apps whose company the request cannot do without.
  private final Set<PathId> neighbours = new HashSet<>();

  private Vacancy(Nodes nodes, Request request, Siblings siblings) {
    this.nodes = nodes;
    this.request = request;
    this.siblings = siblings;
    examination = Examination.of(nodes, request.withoutSpread(), siblings);
    able = isSpread() ? able() : List.of();
    for (Scheduling.Affinity rule : request.scheduling().affinity()) {
      if (rule.weight().isEmpty()) {
        neighbours.add(rule.app());
      }
    }
  }

  /// @param siblings the instances of the request's app
  public static Vacancy of(Nodes nodes, Request request, Collection<Instance> siblings) {
    return new Vacancy(nodes, request, Siblings.of(nodes, siblings));
  }

  /// Whether nothing speaks against the node that no leaving could mend. Those that the request is
  /// to stand apart from are no such thing: they would come back.
  public boolean mayTake(NodeRecord record) {
    if (record.state() != NodeRecord.State.READY) {
      return false;
    }
    return !neighbours.isEmpty()
        || (examination.exclusion(record.node()).isEmpty() && isEven(record.node(), able));
  }

  /// Whether more than room for its amounts is needed, so that each choice has to be tried.
  public boolean isIntricate(NodeRecord record) {
    return !neighbours.isEmpty()
        || request.resources().milliGpus() > 0
        || examination.ports(record.node()) instanceof PortChoice.Lacking;
  }

  /// Whether the instance has a host port that the request cannot do without.
  public boolean hasRequiredPort(Instance instance) {
    for (PortRequest port : request.ports()) {
      if (port instanceof PortRequest.Required(int number)
          && instance.place().filter(place -> place.hostPorts().contains(number)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /// Whether the request cannot do without company of the instance's app.
  public boolean needsCompanyOf(Instance instance) {
    return neighbours.contains(instance.app());
  }

  /// Whether it stays evenly spread on the node.
  ///
  /// @param others that could take it, once others have left them
  public boolean staysEven(Node node, List<Node> others) {
    List<Node> all = new ArrayList<>(able);
    all.addAll(others);
    return isEven(node, all);
  }

  /// The place on the node when these have left it; nothing where it takes no instance even then.
  public Optional<Instance.Place> after(NodeRecord record, Collection<Instance> gone) {
    NodeRecord left = record;
    PersistentMap<Integer, InstanceId> ports = nodes.portsOf(record.node());
    boolean matters = false;
    for (Instance instance : gone) {
      Instance.Place place = instance.place().orElseThrow();
      left = left.without(instance.id(), place);
      for (int port : place.hostPorts()) {
        ports = instance.id().equals(ports.get(port)) ? ports.remove(port) : ports;
      }
      matters |= neighbours.contains(instance.app());
    }
    Nodes then = nodes.with(left).withPorts(record.node().address(), ports);
    Examination judged =
        matters ? Examination.of(then, request.withoutSpread(), siblings) : examination.amid(then);
    if (judged.objection(left).isPresent()
        || !isEven(left.node(), matters && isSpread() ? able(judged, then) : able)
        || !(judged.ports(left.node()) instanceof PortChoice.Chosen(List<Integer> hostPorts))
        || !(judged.devices(left) instanceof DeviceChoice.Chosen(List<Integer> devices))) {
      return Optional.empty();
    }
    return Optional.of(
        new Instance.Place(left.id(), hostPorts, request.taken(), List.of(), devices));
  }

  /// Whether the request is to be spread evenly, so that it matters which other nodes could take
  /// it.
  public boolean isSpread() {
    return request.scheduling().spread().stream().anyMatch(rule -> rule.weight().isEmpty())
        || request.constraints().stream().anyMatch(Rule::isSpread);
  }

  private List<Node> able() {
    return able(examination, nodes);
  }

  private static List<Node> able(Examination judged, Nodes nodes) {
    List<Node> able = new ArrayList<>();
    for (NodeRecord record : nodes.byId().values()) {
      if (judged.objection(record).isEmpty()) {
        able.add(record.node());
      }
    }
    return able;
  }

  /// Whether the rules of an even spread let the node in, were it able to take the instance.
  private boolean isEven(Node node, List<Node> others) {
    if (!isSpread()) {
      return true;
    }
    List<Node> all = new ArrayList<>(others);
    all.add(node);
    for (Constraint constraint : request.constraints()) {
      if (Rule.isSpread(constraint)
          && Rule.spread(constraint, siblings, all).objection(node).isPresent()) {
        return false;
      }
    }
    for (Scheduling.Spread spread : request.scheduling().spread()) {
      if (spread.weight().equals(OptionalInt.empty())
          && Proximity.spread(spread, siblings, all).objection(node).isPresent()) {
        return false;
      }
    }
    return true;
  }
}
