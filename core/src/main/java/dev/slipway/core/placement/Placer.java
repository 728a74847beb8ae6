package dev.slipway.core.placement;

import dev.slipway.core.app.App;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.scheduling.Admission;
import dev.slipway.core.scheduling.Asker;
import dev.slipway.core.scheduling.Attribute;
import dev.slipway.core.scheduling.Footprint;
import dev.slipway.core.scheduling.NodeTable;
import dev.slipway.core.scheduling.Refusal;
import dev.slipway.core.scheduling.RemainingUse;
import dev.slipway.core.scheduling.Rule.Kind;
import dev.slipway.core.scheduling.Scheduler;
import dev.slipway.core.scheduling.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts instances on nodes, fast: the places that {@link Placement} gives, found by a search that
/// remembers what it found out about nodes. The memory is a cache; the same nodes, instances and
/// request give the same place whatever was asked before. For one thread.
public final class Placer {
  /// Shapes that are kept; beyond it all are found out anew.
  private static final int MOST_SHAPES = 4096;

  /// Supplies that are kept up; beyond it all are found out anew.
  private static final int MOST_SUPPLIES = 4096;

  /// What looking at a node the plain way costs, beside a look in the search.
  private static final long PLAIN_LOOK = 16;

  private final Inventory inventory = new Inventory();
  private final AppMix mix = new AppMix();
  private final Map<Request, Shaped> shapes = new HashMap<>();
  private final Map<PathId, Asking> askers = new HashMap<>();
  private final Map<Admission, Admission> admissions = new HashMap<>();
  private @Nullable Scheduler scheduler;
  private TypicalRequests usefulTo = TypicalRequests.NONE;
  private @Nullable Placer trial;
  private long effort;

  /// Says which instances an app has, of whatever condition.
  @FunctionalInterface
  public interface Instances {
    Iterable<Instance> of(PathId app);
  }

  /// What the places found since the last time took to find, in looks at a node, a group of nodes
  /// or a rule about it: who decides can stop before others wait for too long. It follows from the
  /// nodes and requests, and not from how fast a machine is.
  public long takeEffort() {
    long taken = effort + (trial == null ? 0 : trial.takeEffort());
    effort = 0;
    return taken;
  }

  /// What an app asked for last, and as whom.
  private record Asking(Request request, Asker asker, Map<Reason, Integer> excluded) {}

  /// A shape, and how many nodes it excludes for what, whatever stands there.
  private record Shaped(Shape shape, Map<Reason, Integer> excluded) {}

  /// Another one, with a memory of its own, for what is only tried: nodes as they are not.
  public Placer trial() {
    Placer known = trial == null ? new Placer() : trial;
    trial = known;
    return known;
  }

  /// The place for one instance. It is not taken: the caller records it in `nodes`.
  ///
  /// @param wanted all apps, of which follows what nodes have to stay of use to
  public Outcome place(
      Nodes nodes, PersistentMap<PathId, App> wanted, Instances instances, Request request) {
    TypicalRequests typical = mix.follow(wanted);
    if (request.bound().isPresent()) {
      return placePlainly(nodes, typical, instances, request);
    }
    if (!typical.equals(usefulTo)) {
      usefulTo = typical;
      scheduler = null;
    }
    Scheduler search = follow(nodes);
    Outcome outcome =
        isTornApart(instances, request)
            ? placePlainly(nodes, typical, instances, request)
            : find(search, nodes, instances, request);
    scheduler = search;
    return outcome;
  }

  private Outcome placePlainly(
      Nodes nodes, TypicalRequests typical, Instances instances, Request request) {
    List<Instance> siblings = listed(instances, request.app());
    int candidates = request.bound().map(one -> one.nodes().size()).orElse(nodes.byId().size());
    effort += siblings.size() + PLAIN_LOOK * candidates * (1L + request.rules());
    return Placement.place(nodes, typical, request, siblings);
  }

  private static List<Instance> listed(Instances instances, PathId app) {
    List<Instance> listed = new ArrayList<>();
    instances.of(app).forEach(listed::add);
    return listed;
  }

  private Outcome find(Scheduler search, Nodes nodes, Instances instances, Request request) {
    Asking asking = asking(request.alike(), instances);
    int number = search.best(asking.asker());
    effort += search.looksAtGroups(asking.asker());
    if (number < 0) {
      effort += (long) inventory.records().size() * asking.asker().rules().size();
      return new Outcome.NotPlaced(survey(search, asking));
    }
    NodeRecord chosen = inventory.record(number);
    var ports = PortChoice.of(chosen.node(), nodes.portsOf(chosen.node()), request);
    var devices = DeviceChoice.of(chosen, request.resources().milliGpus());
    if (!(ports instanceof PortChoice.Chosen(List<Integer> hostPorts))
        || !(devices instanceof DeviceChoice.Chosen(List<Integer> gpus))) {
      throw new IllegalStateException("%s does not take %s".formatted(chosen.id(), request.app()));
    }
    return new Outcome.Placed(
        new Instance.Place(chosen.id(), hostPorts, request.resources(), List.of(), gpus));
  }

  /// How many nodes say what to one instance more.
  public Survey survey(Nodes nodes, Instances instances, Request request) {
    if (request.bound().isPresent()) {
      return surveyPlainly(nodes, instances, request);
    }
    Scheduler search = follow(nodes);
    Survey survey =
        isTornApart(instances, request)
            ? surveyPlainly(nodes, instances, request)
            : survey(search, asking(request.alike(), instances));
    scheduler = search;
    return survey;
  }

  private static Survey surveyPlainly(Nodes nodes, Instances instances, Request request) {
    return Survey.of(Placement.explain(nodes, request, listed(instances, request.app())));
  }

  private static Survey survey(Scheduler search, Asking asking) {
    int[] refused = search.refused(asking.asker());
    Map<Reason, Integer> counts = new EnumMap<>(asking.excluded());
    counts.merge(Reason.UNFULFILLED_CONSTRAINT, refused[Refusal.RULE], Integer::sum);
    counts.put(Reason.NODE_UNREACHABLE, refused[Refusal.SILENT]);
    counts.put(Reason.NODE_DRAINING, refused[Refusal.NOT_READY]);
    counts.put(Reason.NODE_CLOSED, refused[Refusal.CLOSED]);
    counts.put(Reason.NODE_FULL, refused[Refusal.FULL]);
    for (int dimension = 0; dimension < Inventory.DIMENSIONS.size(); dimension++) {
      counts.put(
          Inventory.DIMENSIONS.get(dimension).shortage(),
          refused[Refusal.FIRST_DIMENSION + dimension]);
    }
    counts.put(Reason.INSUFFICIENT_GPUS, refused[Refusal.TOO_FEW_DEVICES]);
    counts.put(Reason.INSUFFICIENT_PORTS, refused[Refusal.TOO_FEW_PORTS]);
    counts.put(Reason.FITS, refused[Refusal.NONE]);
    return new Survey(counts);
  }

  /// Catches up with the nodes. The search is given away until a place is found or none is: what
  /// was cut off half way is not used again.
  private Scheduler follow(Nodes nodes) {
    Scheduler known = scheduler;
    scheduler = null;
    boolean full = shapes.size() > MOST_SHAPES || inventory.supplies() > MOST_SUPPLIES;
    if (inventory.follow(nodes) || known == null || full) {
      inventory.forgetSupplies();
      shapes.clear();
      askers.clear();
      admissions.clear();
      known = new Scheduler(inventory.table(), RemainingUse.of(inventory.table(), usefulTo.all()));
    }
    return known;
  }

  /// Whether a constraint keeps all instances together, and they are not: then the oldest one says
  /// where the others belong, which only those know who look at each.
  private boolean isTornApart(Instances instances, Request request) {
    List<Constraint> all = new ArrayList<>(request.constraints());
    request.preferences().forEach(preference -> all.add(preference.constraint()));
    for (Constraint constraint : all) {
      if (constraint.operator() == Constraint.Operator.CLUSTER
          && Rule.dependsOnSiblings(constraint)) {
        Footprint footprint = inventory.footprint(request.app(), instances);
        if (valuesOf(footprint, inventory.table().attribute(constraint.field())) > 1) {
          return true;
        }
      }
    }
    return false;
  }

  private static int valuesOf(Footprint footprint, Attribute attribute) {
    int values = 0;
    for (int code = 0; code < attribute.cardinality(); code++) {
      values += footprint.at(attribute, code) > 0 ? 1 : 0;
    }
    return values;
  }

  private Asking asking(Request request, Instances instances) {
    Asking known = askers.get(request.app());
    if (known != null && known.request().equals(request)) {
      return known;
    }
    effort += inventory.records().size() * (1L + request.rules());
    List<dev.slipway.core.scheduling.Rule> rules = new ArrayList<>();
    for (Constraint constraint : request.constraints()) {
      rule(constraint, 0, instances, request.app()).ifPresent(rules::add);
    }
    for (Preference preference : request.preferences()) {
      rule(preference.constraint(), preference.weight(), instances, request.app())
          .ifPresent(rules::add);
    }
    rules.addAll(proximity(request, instances));
    Shaped shaped =
        shapes.computeIfAbsent(
            request.ofAnyApp(
                request.constraints().stream().filter(Placer::isOfNodes).toList(),
                request.preferences().stream().filter(one -> isOfNodes(one.constraint())).toList()),
            this::shape);
    var asker =
        new Asker(
            shaped.shape(),
            inventory.footprint(request.app(), instances),
            request.perNode(),
            rules,
            request.supply().isPresent() ? inventory.supply(request.supply().getAsLong()) : null);
    var asking = new Asking(request, asker, shaped.excluded());
    askers.put(request.app(), asking);
    return asking;
  }

  /// A constraint about where siblings stand, as the search knows it.
  private Optional<dev.slipway.core.scheduling.Rule> rule(
      Constraint constraint, int weight, Instances instances, PathId app) {
    OptionalInt number = Rule.number(constraint);
    return switch (constraint.operator()) {
      case UNIQUE -> Optional.of(rule(Kind.AT_MOST, constraint, 1, weight, instances, app));
      case MAX_PER ->
          number.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  rule(Kind.AT_MOST, constraint, number.getAsInt(), weight, instances, app));
      case GROUP_BY ->
          Rule.isSpread(constraint)
              ? number.isEmpty()
                  ? Optional.empty()
                  : Optional.of(rule(Kind.EVEN, constraint, 1, weight, instances, app))
              : Optional.of(rule(Kind.LEVEL, constraint, 0, weight, instances, app));
      case CLUSTER ->
          Rule.dependsOnSiblings(constraint)
              ? Optional.of(rule(Kind.TOGETHER, constraint, 0, weight, instances, app))
              : Optional.empty();
      case LIKE, UNLIKE, IS -> Optional.empty();
    };
  }

  private dev.slipway.core.scheduling.Rule rule(
      Kind kind, Constraint constraint, int limit, int weight, Instances instances, PathId app) {
    return new dev.slipway.core.scheduling.Rule(
        kind,
        inventory.footprint(app, instances),
        inventory.table().attribute(constraint.field()),
        limit,
        weight);
  }

  private List<dev.slipway.core.scheduling.Rule> proximity(Request request, Instances instances) {
    List<dev.slipway.core.scheduling.Rule> rules = new ArrayList<>();
    Scheduling scheduling = request.scheduling();
    for (Scheduling.Spread spread : scheduling.spread()) {
      rules.add(
          new dev.slipway.core.scheduling.Rule(
              Kind.EVEN,
              inventory.footprint(request.app(), instances),
              inventory.table().attribute(spread.attribute()),
              spread.maxSkew(),
              spread.weight().orElse(0)));
    }
    scheduling.affinity().forEach(one -> rules.add(rule(Kind.TOGETHER, one, 0, instances)));
    scheduling.antiAffinity().forEach(one -> rules.add(rule(Kind.AT_MOST, one, 1, instances)));
    return rules;
  }

  private dev.slipway.core.scheduling.Rule rule(
      Kind kind, Scheduling.Affinity affinity, int limit, Instances instances) {
    return new dev.slipway.core.scheduling.Rule(
        kind,
        inventory.footprint(affinity.app(), instances),
        inventory.table().attribute(affinity.attribute()),
        limit,
        affinity.weight().orElse(0));
  }

  /// What does not depend on where other instances stand.
  private Shaped shape(Request request) {
    var alone = Siblings.of(Nodes.NONE, List.of());
    var budget = BoundedPattern.Budget.forNodes(inventory.records().size());
    var examination = Examination.of(Nodes.NONE, request, alone, budget);
    var admitted = new BitSet();
    Map<Reason, Integer> excluded = new EnumMap<>(Reason.class);
    int[] unmet = new int[inventory.records().size()];
    List<Preference> preferences = request.preferences();
    List<Rule> wishes =
        preferences.stream().map(one -> ofNodes(one.constraint(), alone, budget)).toList();
    for (int number = 0; number < unmet.length; number++) {
      var node = inventory.record(number).node();
      var exclusion = examination.exclusion(node);
      exclusion.ifPresent(against -> excluded.merge(against.reason(), 1, Integer::sum));
      admitted.set(number, exclusion.isEmpty());
      for (int wish = 0; wish < wishes.size(); wish++) {
        if (wishes.get(wish).objection(node).isPresent()) {
          unmet[number] += preferences.get(wish).weight();
        }
      }
    }
    var taken = request.taken();
    var shape =
        new Shape(
            new long[] {
              bounded(taken.milliCpus()), bounded(taken.memBytes()), bounded(taken.diskBytes())
            },
            devices(request.resources().milliGpus()),
            required(request).stream().mapToInt(Integer::intValue).toArray(),
            (int) request.ports().stream().filter(port -> port instanceof PortRequest.Any).count(),
            known(new Admission(admitted, wishes.isEmpty() ? null : unmet)),
            request.scheduling().tolerateDisruption());
    return new Shaped(shape, excluded);
  }

  /// The same for equal ones.
  private Admission known(Admission admission) {
    return admissions.computeIfAbsent(admission, Function.identity());
  }

  /// More than any node has is as good as any other amount that none has.
  private static long bounded(long amount) {
    return Math.clamp(amount, 0, NodeTable.MOST);
  }

  /// Beyond one device only whole ones are given.
  private static int devices(int thousandths) {
    return thousandths > Resources.DEVICE
        ? Math.ceilDiv(thousandths, Resources.DEVICE) * Resources.DEVICE
        : Math.max(0, thousandths);
  }

  private static Rule ofNodes(
      Constraint constraint, Siblings nobody, BoundedPattern.Budget budget) {
    return Rule.isSpread(constraint)
        ? Rule.spread(constraint, nobody, List.of())
        : Rule.of(constraint, nobody, budget);
  }

  /// Whether the constraint speaks of nodes alone, or is so wrong that no node meets it.
  private static boolean isOfNodes(Constraint constraint) {
    return !Rule.dependsOnSiblings(constraint)
        || ((constraint.operator() == Constraint.Operator.MAX_PER || Rule.isSpread(constraint))
            && Rule.number(constraint).isEmpty());
  }

  private static List<Integer> required(Request request) {
    List<Integer> required = new ArrayList<>();
    for (PortRequest port : request.ports()) {
      if (port instanceof PortRequest.Required(int number)) {
        required.add(number);
      }
    }
    return required;
  }
}
