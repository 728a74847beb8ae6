package dev.slipway.core.placement;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// How many nodes say what to a request: each is counted once, for the first reason against it, or
/// as one that fits. For as many nodes as there are it is told without looking at any: the search
/// that found no place knows it already.
///
/// @param byReason without reasons that no node has, in their order
public record Survey(Map<Reason, Integer> byReason) {
  /// There are no nodes.
  public static final Survey NONE = new Survey(Map.of());

  public Survey {
    Map<Reason, Integer> sorted = new EnumMap<>(Reason.class);
    byReason.forEach(
        (reason, count) -> {
          if (count > 0) {
            sorted.put(reason, count);
          }
        });
    byReason = Collections.unmodifiableMap(sorted);
  }

  /// Counts verdicts, one a node.
  public static Survey of(Collection<NodeVerdict> verdicts) {
    Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
    verdicts.forEach(verdict -> counts.merge(verdict.reason(), 1, Integer::sum));
    return new Survey(counts);
  }

  public int of(Reason reason) {
    return byReason.getOrDefault(reason, 0);
  }

  /// How many nodes there are.
  public int nodes() {
    return byReason.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// How many of them do not take the request.
  public int refusing() {
    return nodes() - of(Reason.FITS);
  }
}
