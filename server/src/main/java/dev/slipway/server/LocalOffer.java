package dev.slipway.server;

import dev.slipway.core.app.Sorted;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.engine.local.HostPath;
import dev.slipway.engine.local.IsolationTier;
import dev.slipway.engine.local.LocalMachine;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// How this machine is offered to apps.
///
/// @param nodes as how many nodes
/// @param attributes what constraints may speak of, for every node
/// @param dedicated names among them: every node takes only apps that ask for these
/// @param risk how likely every node is to vanish
/// @param gpus how many of its devices are offered; as many as are found without it
/// @param weakestIsolation the server refuses to start where tasks could not be kept apart at least
///     so
/// @param hostPaths the directories of this machine that apps may mount
public record LocalOffer(
    int nodes,
    SortedMap<String, String> attributes,
    SortedSet<String> dedicated,
    DisruptionRisk risk,
    OptionalInt gpus,
    IsolationTier weakestIsolation,
    List<HostPath> hostPaths) {
  public static final int MAX_NODES = 64;

  /// The whole machine as one node, to all apps.
  public static final LocalOffer WHOLE =
      new LocalOffer(
          1,
          new TreeMap<>(),
          new TreeSet<>(),
          DisruptionRisk.NONE,
          OptionalInt.empty(),
          IsolationTier.PROCESS,
          List.of());

  public LocalOffer {
    attributes = Sorted.copyOf(attributes);
    dedicated = Sorted.setOf(dedicated);
    hostPaths = List.copyOf(hostPaths);
    if (nodes < 1 || nodes > MAX_NODES) {
      throw new IllegalArgumentException("nodes lies within 1 to " + MAX_NODES + ": " + nodes);
    }
  }

  public LocalOffer offering(int count, Map<String, String> described) {
    return new LocalOffer(
        count, Sorted.copyOf(described), dedicated, risk, gpus, weakestIsolation, hostPaths);
  }

  /// For apps alone that ask for these attributes.
  ///
  /// @throws IllegalArgumentException when one of them is not there, since nobody could ask for it
  public LocalOffer dedicatedTo(Collection<String> names) {
    for (String name : names) {
      if (!attributes.containsKey(name)) {
        throw new IllegalArgumentException(
            "nodes cannot be dedicated to '%s', an attribute that they do not have; give it, too"
                .formatted(name));
      }
    }
    return new LocalOffer(
        nodes, attributes, new TreeSet<>(names), risk, gpus, weakestIsolation, hostPaths);
  }

  /// As likely to vanish as this.
  public LocalOffer risking(DisruptionRisk likelihood) {
    return new LocalOffer(
        nodes, attributes, dedicated, likelihood, gpus, weakestIsolation, hostPaths);
  }

  /// With so many GPUs, whatever is found.
  public LocalOffer offeringGpus(int count) {
    if (count < 0 || count > LocalMachine.MAX_GPUS) {
      throw new IllegalArgumentException(
          "gpus lies within 0 to " + LocalMachine.MAX_GPUS + ": " + count);
    }
    return new LocalOffer(
        nodes, attributes, dedicated, risk, OptionalInt.of(count), weakestIsolation, hostPaths);
  }

  public LocalOffer isolatedAtLeast(IsolationTier tier) {
    return new LocalOffer(nodes, attributes, dedicated, risk, gpus, tier, hostPaths);
  }

  public LocalOffer allowing(List<HostPath> paths) {
    return new LocalOffer(nodes, attributes, dedicated, risk, gpus, weakestIsolation, paths);
  }
}
