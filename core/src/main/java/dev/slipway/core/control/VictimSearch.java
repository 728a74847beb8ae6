package dev.slipway.core.control;

import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Tenancy.Crew;
import dev.slipway.core.control.Tenancy.Tenant;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.Vacancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds whose end makes room for a request that fits nowhere, with the least harm.
///
/// Each node is looked at, but hardly any closely: one where all together that may go would not
/// make enough room is passed over by adding up. On the others all that may go are taken away, and
/// then as many are put back as can stay: those of the highest priority first, and of equal ones
/// once the large ones first and once the small ones, whichever does less harm.
///
/// Of one app's ready instances on a node no more may go than it can do without; where there are
/// more, those are thought of first that have a port the request requires, then the largest, then
/// the youngest.
///
/// @param nodes as the request sees them, with room that is kept for others taken
/// @param most how many victims are too many to make room at all
record VictimSearch(
    Tenancy tenancy, Nodes nodes, Vacancy vacancy, Request request, int most, Instant now) {

  /// @param among the nodes to look at
  Optional<Sacrifice> least(Iterable<NodeId> among) {
    if (vacancy.isSpread()) {
      return leastOfEven(among);
    }
    @Nullable Sacrifice best = null;
    for (NodeId id : among) {
      Optional<Sacrifice> found = on(id);
      if (found.isPresent() && (best == null || found.get().compareTo(best) < 0)) {
        best = found.get();
        if (best.victims().isEmpty()) {
          break;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /// The same where the instances are spread: all nodes count that could be made to take one.
  private Optional<Sacrifice> leastOfEven(Iterable<NodeId> among) {
    List<Sacrifice> possible = new ArrayList<>();
    for (NodeId id : among) {
      on(id).ifPresent(possible::add);
    }
    List<Node> able = possible.stream().map(one -> one.node().node()).toList();
    return possible.stream()
        .filter(one -> vacancy.staysEven(one.node().node(), able))
        .min(Comparator.naturalOrder());
  }

  private Optional<Sacrifice> on(NodeId id) {
    NodeRecord record = nodes.byId().get(id);
    return record == null || record.state() != NodeRecord.State.READY || !couldFit(record)
        ? Optional.empty()
        : on(record);
  }

  /// Whether the node has room once all have left that are being ended there.
  Optional<Instance.Place> comes(NodeRecord record) {
    return vacancy.mayTake(record)
        ? vacancy.after(record, instances(leaving(record), List.of()))
        : Optional.empty();
  }

  /// What the instance would have when all of these are gone.
  Optional<Instance.Place> place(Sacrifice sacrifice) {
    return vacancy.after(sacrifice.node(), instances(sacrifice.leaving(), sacrifice.victims()));
  }

  List<Tenant> leaving(NodeRecord record) {
    List<Tenant> leaving = new ArrayList<>();
    for (Tenant tenant : tenancy.on(record.id())) {
      if (tenant.isLeaving(now)) {
        leaving.add(tenant);
      }
    }
    return leaving;
  }

  private static List<Instance> instances(List<Tenant> some, List<Tenant> others) {
    List<Instance> all = new ArrayList<>();
    some.forEach(tenant -> all.add(tenant.instance()));
    others.forEach(tenant -> all.add(tenant.instance()));
    return all;
  }

  /// Whether the amounts would do if all left that may: no node is passed over that could be of
  /// use. Of an app's ready instances of one size no more count than it can do without.
  private boolean couldFit(NodeRecord record) {
    int priority = request.scheduling().priority();
    Resources wanted = request.taken();
    Resources left = record.free().minus(wanted);
    long cpus = left.milliCpus();
    long memory = left.memBytes();
    long disk = left.diskBytes();
    long places = record.places();
    boolean any = false;
    @Nullable Map<Crew, Counted> counts = null;
    List<Tenant> there = tenancy.on(record.id());
    for (Tenant tenant : there) {
      boolean goes = tenant.mayGo(priority);
      if (!goes && !tenant.isLeaving(now)) {
        continue;
      }
      int spare = tenant.crew().reserve().spare();
      if (goes && spare < there.size() && tenant.isReady()) {
        counts = counts == null ? new HashMap<>() : counts;
        if (!counts
            .computeIfAbsent(tenant.crew(), crew -> new Counted(tenant))
            .counts(tenant, spare)) {
          continue;
        }
      }
      any = true;
      places++;
      cpus += tenant.cpus;
      memory += tenant.memory;
      disk += tenant.disk;
    }
    return any
        && places > 0
        && (cpus >= 0 || wanted.milliCpus() <= 0)
        && (memory >= 0 || wanted.memBytes() <= 0)
        && (disk >= 0 || wanted.diskBytes() <= 0);
  }

  /// How many ready instances of one size were counted of an app.
  private static final class Counted {
    private final Tenant first;
    private int count;

    Counted(Tenant first) {
      this.first = first;
    }

    boolean counts(Tenant other, int spare) {
      boolean same =
          other.cpus == first.cpus && other.memory == first.memory && other.disk == first.disk;
      return !same || count++ < spare;
    }
  }

  private Optional<Sacrifice> on(NodeRecord record) {
    if (!vacancy.mayTake(record)) {
      return Optional.empty();
    }
    var node = new Trial(record, leaving(record), vacancy.isIntricate(record));
    if (node.fits(List.of())) {
      return Optional.of(new Sacrifice(record, List.of(), node.leaving));
    }
    List<Tenant> candidates = candidates(record);
    if (!node.fits(candidates)) {
      candidates.removeAll(company(candidates));
      if (!node.fits(candidates)) {
        return Optional.empty();
      }
    }
    Comparator<Tenant> bySize =
        Comparator.comparingDouble(tenant -> Sacrifice.size(tenant.instance(), record));
    var small = new Sacrifice(record, node.needed(candidates, bySize), node.leaving);
    var large = new Sacrifice(record, node.needed(candidates, bySize.reversed()), node.leaving);
    return Optional.of(small.compareTo(large) <= 0 ? small : large)
        .filter(least -> least.victims().size() <= most);
  }

  /// Of each app that the request cannot be without, the smallest instance.
  private List<Tenant> company(List<Tenant> candidates) {
    Map<Crew, Tenant> smallest = new HashMap<>();
    for (Tenant tenant : candidates) {
      if (vacancy.needsCompanyOf(tenant.instance())) {
        // The last is the one that is thought of last.
        smallest.put(tenant.crew(), tenant);
      }
    }
    return List.copyOf(smallest.values());
  }

  private List<Tenant> candidates(NodeRecord record) {
    List<Tenant> sorted = new ArrayList<>();
    for (Tenant tenant : tenancy.on(record.id())) {
      if (tenant.mayGo(request.scheduling().priority())
          && !tenant.instance().app().equals(request.app())) {
        sorted.add(tenant);
      }
    }
    sorted.sort(
        Comparator.comparingInt(
                (Tenant tenant) -> vacancy.hasRequiredPort(tenant.instance()) ? 0 : 1)
            .thenComparingDouble(tenant -> -Sacrifice.size(tenant.instance(), record))
            .thenComparing(tenant -> tenant.instance().scheduledAt(), Comparator.reverseOrder())
            .thenComparing(tenant -> tenant.instance().id()));
    Map<Crew, Integer> ready = new HashMap<>();
    List<Tenant> candidates = new ArrayList<>();
    for (Tenant tenant : sorted) {
      Reserve reserve = tenant.crew().reserve();
      if (!tenant.isReady() || ready.merge(tenant.crew(), 1, Integer::sum) <= reserve.spare()) {
        candidates.add(tenant);
      }
    }
    return candidates;
  }

  /// A node on which it is tried who has to go.
  private final class Trial {
    private final NodeRecord record;
    private final List<Tenant> leaving;
    private final boolean intricate;
    private final Resources free;
    private final long places;

    Trial(NodeRecord record, List<Tenant> leaving, boolean intricate) {
      this.record = record;
      this.leaving = leaving;
      this.intricate = intricate;
      Resources sum = record.free();
      for (Tenant tenant : leaving) {
        sum = sum.plus(tenant.instance().place().orElseThrow().resources());
      }
      free = sum;
      places = (long) record.places() + leaving.size();
    }

    boolean fits(List<Tenant> gone) {
      Resources left = free;
      for (Tenant tenant : gone) {
        left = left.plus(tenant.instance().place().orElseThrow().resources());
      }
      return isEnough(left)
          && places + gone.size() > 0
          && (!intricate || vacancy.after(record, instances(leaving, gone)).isPresent());
    }

    private boolean isEnough(Resources left) {
      Resources wanted = request.taken();
      return (wanted.milliCpus() <= left.milliCpus() || wanted.milliCpus() <= 0)
          && (wanted.memBytes() <= left.memBytes() || wanted.memBytes() <= 0)
          && (wanted.diskBytes() <= left.diskBytes() || wanted.diskBytes() <= 0);
    }

    /// Those of the candidates that cannot stay: each is put back that can, in this order among
    /// those of equal priority.
    List<Tenant> needed(List<Tenant> candidates, Comparator<Tenant> order) {
      List<Tenant> sorted = new ArrayList<>(candidates);
      sorted.sort(
          Comparator.comparingInt((Tenant tenant) -> -tenant.crew().reserve().priority())
              .thenComparing(order)
              .thenComparing(tenant -> tenant.instance().scheduledAt())
              .thenComparing(tenant -> tenant.instance().id()));
      List<Tenant> gone = new ArrayList<>(candidates);
      for (Tenant tenant : sorted) {
        int at = gone.indexOf(tenant);
        gone.remove(at);
        if (!fits(gone)) {
          gone.add(at, tenant);
        }
      }
      return gone;
    }
  }
}
