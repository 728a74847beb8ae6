package dev.slipway.core.state;

import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The room that is kept for instances of higher priority, and how many others were ended for them
/// lately.
///
/// @param byInstance by those that wait; each stands on no node
/// @param spent when others were ended, within {@link #WINDOW} of the last time
public record Nominations(PersistentMap<InstanceId, Nomination> byInstance, List<Spent> spent) {
  public static final Nominations NONE = new Nominations(PersistentMap.empty(), List.of());

  /// The time in which so many may be ended.
  public static final Duration WINDOW = Duration.ofMinutes(1);

  public Nominations {
    spent = List.copyOf(spent);
  }

  /// So many were ended at that time.
  public record Spent(Instant at, int count) {
    /// What is so long ago counts no more. Nor does what seems to be so long ahead: the clock was
    /// set back.
    boolean counts(Instant now) {
      return Duration.between(at, now).abs().compareTo(WINDOW) < 0;
    }
  }

  public Optional<Nomination> of(InstanceId instance) {
    return Optional.ofNullable(byInstance.get(instance));
  }

  /// How many were ended within the last minute.
  public int spent(Instant now) {
    return spent.stream().filter(one -> one.counts(now)).mapToInt(Spent::count).sum();
  }

  /// When so many more may be ended.
  ///
  /// @param budget how many may be ended within a minute; no fewer than `wanted`
  public Instant renewed(Instant now, int wanted, int budget) {
    List<Spent> counting = new ArrayList<>(spent.stream().filter(one -> one.counts(now)).toList());
    counting.sort(Comparator.comparing(Spent::at));
    int sum = counting.stream().mapToInt(Spent::count).sum();
    Instant at = now;
    for (Spent one : counting) {
      if (sum + wanted <= budget) {
        return at;
      }
      sum -= one.count();
      at = one.at().plus(WINDOW);
    }
    return at;
  }

  Nominations with(InstanceId instance, Nomination nomination) {
    return new Nominations(byInstance.put(instance, nomination), spent);
  }

  Nominations without(InstanceId instance) {
    return byInstance.containsKey(instance)
        ? new Nominations(byInstance.remove(instance), spent)
        : this;
  }

  /// Without those on a node that takes no instances now.
  Nominations without(NodeId node) {
    Nominations left = this;
    for (var one : byInstance) {
      if (one.getValue().place().node().equals(node)) {
        left = left.without(one.getKey());
      }
    }
    return left;
  }

  Nominations spending(Instant at) {
    List<Spent> next = new ArrayList<>();
    int count = 1;
    for (Spent one : spent) {
      if (one.at().equals(at)) {
        count += one.count();
      } else if (one.counts(at)) {
        next.add(one);
      }
    }
    next.add(new Spent(at, count));
    return new Nominations(byInstance, next);
  }
}
