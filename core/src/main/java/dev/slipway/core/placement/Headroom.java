package dev.slipway.core.placement;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Room that is kept free of apps with a priority below 0.
///
/// Every slot that is wanted is put on a node by trial, as an app's instance would be, the largest
/// first. Such an app goes where there is room beside the slots. Where there is none, it gets the
/// place that it would get without them, if all slots of that node find room elsewhere. So the
/// slots that fit still fit afterwards; a slot that fits nowhere keeps nobody away.
///
/// Slots stay where they were put for as long as they fit there. What is decided follows from the
/// nodes that it is asked about, one after another. For one decision, or one look, and one thread.
public final class Headroom {
  private static final Comparator<HeadroomClass> HARDEST_FIRST =
      Comparator.<HeadroomClass, Boolean>comparing(wanted -> wanted.constraints().isEmpty())
          .thenComparingInt(wanted -> -wanted.resources().milliGpus())
          .thenComparingLong(wanted -> -wanted.resources().memBytes())
          .thenComparingLong(wanted -> -wanted.resources().milliCpus())
          .thenComparingLong(wanted -> -wanted.resources().diskBytes());

  private final SortedMap<String, HeadroomClass> classes;
  private final PersistentMap<PathId, App> apps;
  private final Placer trial;
  private final Map<NodeId, List<Slot>> slots = new HashMap<>();
  private final SortedMap<String, Integer> missing = new TreeMap<>();
  private @Nullable Nodes followed;
  private Nodes kept = Nodes.NONE;

  /// A slot on a node.
  private record Slot(String name, Instance.Place place) {}

  /// @param classes what is kept free, by name
  /// @param trial tries places; it is not asked for others
  public Headroom(SortedMap<String, HeadroomClass> classes, Placer trial) {
    this(classes, PersistentMap.empty(), trial);
  }

  /// @param apps all that are wanted, to which nodes are to stay of use
  public Headroom(
      SortedMap<String, HeadroomClass> classes, PersistentMap<PathId, App> apps, Placer trial) {
    this.classes = classes;
    this.apps = apps;
    this.trial = trial;
  }

  /// Whether the request is one that headroom is kept free of. Daemons belong to their nodes and
  /// take their places whatever is kept.
  public static boolean concerns(Request request) {
    return request.scheduling().priority() < 0 && !request.scheduling().daemon();
  }

  /// How many slots of each class fit nowhere.
  public SortedMap<String, Integer> missing(Nodes nodes) {
    follow(nodes);
    return new TreeMap<>(missing);
  }

  /// The place for one instance that may not take the room. It is not taken: the caller records it
  /// in `nodes`.
  ///
  /// @param plain finds the place that the instance had without the headroom
  public Outcome place(Nodes nodes, Placer.Instances instances, Request request, Placer plain) {
    follow(nodes);
    if (trial.place(kept, apps, instances, request) instanceof Outcome.Placed beside) {
      return beside;
    }
    return switch (plain.place(nodes, apps, instances, request)) {
      case Outcome.NotPlaced nowhere -> nowhere;
      case Outcome.Placed wanted ->
          makesWay(nodes, wanted.place(), request)
              ? wanted
              : new Outcome.NotPlaced(told(plain.survey(nodes, instances, request)));
    };
  }

  /// Whether such an instance may have this very place, which is free: the slots of its node make
  /// way for it if they have to.
  public boolean allows(Nodes nodes, Request request, Instance.Place place) {
    follow(nodes);
    return makesWay(nodes, place, request);
  }

  /// How many nodes say what to such an instance.
  public Survey survey(Nodes nodes, Placer.Instances instances, Request request, Placer plain) {
    return place(nodes, instances, request, plain) instanceof Outcome.NotPlaced(Survey survey)
        ? survey
        : plain.survey(nodes, instances, request);
  }

  /// What each node says to such an instance.
  public List<NodeVerdict> explain(Nodes nodes, List<Instance> siblings, Request request) {
    Outcome outcome = place(nodes, app -> siblings, request, new Placer());
    List<NodeVerdict> beside = Placement.explain(kept, request, siblings);
    List<NodeVerdict> verdicts = new ArrayList<>();
    for (NodeVerdict verdict : Placement.explain(nodes, request, siblings)) {
      boolean chosen =
          outcome instanceof Outcome.Placed(Instance.Place place)
              && place.node().equals(verdict.node());
      boolean free = beside.get(verdicts.size()).fits();
      verdicts.add(chosen || free ? verdict : told(verdict));
    }
    return List.copyOf(verdicts);
  }

  private NodeVerdict told(NodeVerdict verdict) {
    if (!verdict.fits()) {
      return verdict;
    }
    String names =
        slots.getOrDefault(verdict.node(), List.of()).stream()
            .map(Slot::name)
            .distinct()
            .collect(Collectors.joining(", "));
    return new NodeVerdict(
        verdict.node(),
        Reason.KEPT_AS_HEADROOM,
        "its room is kept free of apps with a priority below 0, as headroom: " + names);
  }

  private static Survey told(Survey survey) {
    Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
    survey
        .byReason()
        .forEach(
            (reason, count) ->
                counts.merge(
                    reason == Reason.FITS ? Reason.KEPT_AS_HEADROOM : reason, count, Integer::sum));
    return new Survey(counts);
  }

  /// Moves the slots of a node to where they still fit once the place is taken; where that cannot
  /// be, all stay.
  private boolean makesWay(Nodes nodes, Instance.Place place, Request request) {
    List<Slot> there = slots.getOrDefault(place.node(), List.of());
    NodeRecord record = nodes.byId().get(place.node());
    if (there.isEmpty() || record == null) {
      return there.isEmpty();
    }
    Nodes before = kept;
    kept = kept.with(record.lending(request.taken(), place));
    List<Slot> moved = new ArrayList<>();
    for (Slot slot : there) {
      if (!(tryOne(slot.name()) instanceof Outcome.Placed(Instance.Place next))) {
        kept = before;
        return false;
      }
      moved.add(new Slot(slot.name(), next));
    }
    slots.remove(place.node());
    moved.forEach(this::add);
    // The instance itself is not there yet.
    NodeRecord own = record;
    for (Slot slot : slots.getOrDefault(place.node(), List.of())) {
      own = own.lending(slot.place().resources(), slot.place());
    }
    kept = kept.with(own);
    return true;
  }

  /// Puts one more slot where it fits; it is not written down.
  private Outcome tryOne(String name) {
    HeadroomClass wanted = classes.get(name);
    if (wanted == null) {
      throw new IllegalArgumentException("there is no class " + name);
    }
    var request = new Request(PathId.ROOT, wanted.resources(), wanted.constraints(), List.of(), 0);
    Outcome outcome = trial.place(kept, apps, app -> List.of(), request);
    if (outcome instanceof Outcome.Placed(Instance.Place place)) {
      NodeRecord record = kept.byId().get(place.node());
      if (record != null) {
        kept = kept.with(record.lending(place.resources(), place));
      }
    }
    return outcome;
  }

  private void add(Slot slot) {
    slots.computeIfAbsent(slot.place().node(), node -> new ArrayList<>()).add(slot);
  }

  private void follow(Nodes nodes) {
    Nodes before = followed;
    followed = null;
    if (before == null || !catchUp(before, nodes)) {
      beginAnew(nodes);
    }
    followed = nodes;
  }

  private void beginAnew(Nodes nodes) {
    slots.clear();
    missing.clear();
    kept = nodes;
    List<Map.Entry<String, HeadroomClass>> hardestFirst = new ArrayList<>(classes.entrySet());
    hardestFirst.sort(Map.Entry.comparingByValue(HARDEST_FIRST));
    for (Map.Entry<String, HeadroomClass> wanted : hardestFirst) {
      String name = wanted.getKey();
      int left = wanted.getValue().count();
      while (left > 0 && tryOne(name) instanceof Outcome.Placed(Instance.Place place)) {
        add(new Slot(name, place));
        left--;
      }
      missing.put(name, left);
    }
  }

  /// @return whether all slots are still where they can be
  @SuppressWarnings("ReferenceEquality") // The same nodes are the same object, mostly.
  private boolean catchUp(Nodes before, Nodes nodes) {
    if (before == nodes) {
      return true;
    }
    var changes = new Changes();
    nodes.byId().changesSince(before.byId(), changes::note);
    boolean lacking = missing.values().stream().anyMatch(count -> count > 0);
    if (changes.gone || (changes.more && lacking)) {
      return false;
    }
    PersistentMap<NodeId, NodeRecord> records = kept.byId();
    for (NodeRecord record : changes.records) {
      NodeRecord next = with(record, slots.getOrDefault(record.id(), List.of()));
      if (next == null) {
        return false;
      }
      records = records.put(record.id(), next);
    }
    kept = new Nodes(records, nodes.portsByAddress(), nodes.volumes());
    return true;
  }

  /// The node with its slots; null where they do not fit any more.
  private @Nullable NodeRecord with(NodeRecord record, List<Slot> there) {
    NodeRecord result = record;
    for (Slot slot : there) {
      Resources wanted = slot.place().resources();
      boolean fits = record.state() == NodeRecord.State.READY && result.places() > 0;
      for (Dimension dimension : Dimension.values()) {
        fits &= dimension.missing(wanted, result.free()) == 0;
      }
      if (!fits
          || !(DeviceChoice.of(result, wanted.milliGpus())
              instanceof DeviceChoice.Chosen(List<Integer> devices))) {
        return null;
      }
      var place = new Instance.Place(record.id(), List.of(), wanted, List.of(), devices);
      result = result.lending(wanted, place);
    }
    return result;
  }

  /// What changed between two versions of the nodes.
  private static final class Changes {
    private final List<NodeRecord> records = new ArrayList<>();

    /// Whether a node went away or became another.
    private boolean gone;

    /// Whether there may be more room somewhere.
    private boolean more;

    void note(NodeId id, @Nullable NodeRecord before, @Nullable NodeRecord after) {
      if (after == null || (before != null && !before.node().equals(after.node()))) {
        gone = true;
        return;
      }
      more |=
          before == null
              || before.state() != after.state()
              || before.places() < after.places()
              || !after.free().fitsIn(before.free())
              || !after.devices().equals(before.devices());
      records.add(after);
    }
  }
}
