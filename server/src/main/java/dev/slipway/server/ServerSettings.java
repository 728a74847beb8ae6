package dev.slipway.server;

import dev.slipway.core.app.Sorted;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.engine.local.HostPath;
import dev.slipway.engine.local.IsolationTier;
import dev.slipway.engine.local.LocalMachine;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a server is started with.
///
/// @param data the directory that holds everything: journal, artifacts, sandboxes, the access token
/// @param host the name or address to listen on; anything but loopback demands a token
/// @param port 0 takes any that is free
/// @param nodes as how many nodes this machine is offered
/// @param attributes what constraints may speak of, for every node
/// @param dedicated names among them: every node takes only apps that ask for these
/// @param risk how likely every node is to vanish
/// @param gpus how many of this machine's devices are offered; as many as are found without it
/// @param weakestIsolation the server refuses to start where tasks could not be kept apart at least
/// so
/// @param hostPaths the directories of this machine that apps may mount
public record ServerSettings(
    Path data,
    String host,
    int port,
    int nodes,
    SortedMap<String, String> attributes,
    SortedSet<String> dedicated,
    DisruptionRisk risk,
    OptionalInt gpus,
    IsolationTier weakestIsolation,
    List<HostPath> hostPaths) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;
  public static final int MAX_NODES = 64;

  public ServerSettings {
    data = data.toAbsolutePath().normalize();
    attributes = Sorted.copyOf(attributes);
    dedicated = Sorted.setOf(dedicated);
    hostPaths = List.copyOf(hostPaths);
    if (nodes < 1 || nodes > MAX_NODES) {
      throw new IllegalArgumentException("nodes lies within 1 to " + MAX_NODES + ": " + nodes);
    }
  }

  public static ServerSettings in(Path data) {
    return new ServerSettings(
        data,
        DEFAULT_HOST,
        DEFAULT_PORT,
        1,
        new TreeMap<>(),
        new TreeSet<>(),
        DisruptionRisk.NONE,
        OptionalInt.empty(),
        IsolationTier.PROCESS,
        List.of());
  }

  public ServerSettings listening(String address, int number) {
    return new ServerSettings(
        data,
        address,
        number,
        nodes,
        attributes,
        dedicated,
        risk,
        gpus,
        weakestIsolation,
        hostPaths);
  }

  public ServerSettings offering(int count, Map<String, String> described) {
    return new ServerSettings(
        data,
        host,
        port,
        count,
        Sorted.copyOf(described),
        dedicated,
        risk,
        gpus,
        weakestIsolation,
        hostPaths);
  }

  /// For apps alone that ask for these attributes.
  ///
  /// @throws IllegalArgumentException when one of them is not there, since nobody could ask for it
  public ServerSettings dedicatedTo(Collection<String> names) {
    for (String name : names) {
      if (!attributes.containsKey(name)) {
        throw new IllegalArgumentException(
            "nodes cannot be dedicated to '%s', an attribute that they do not have; give it, too"
                .formatted(name));
      }
    }
    return new ServerSettings(
        data,
        host,
        port,
        nodes,
        attributes,
        new TreeSet<>(names),
        risk,
        gpus,
        weakestIsolation,
        hostPaths);
  }

  /// As likely to vanish as this.
  public ServerSettings risking(DisruptionRisk likelihood) {
    return new ServerSettings(
        data,
        host,
        port,
        nodes,
        attributes,
        dedicated,
        likelihood,
        gpus,
        weakestIsolation,
        hostPaths);
  }

  /// With so many GPUs, whatever is found.
  public ServerSettings offeringGpus(int count) {
    if (count < 0 || count > LocalMachine.MAX_GPUS) {
      throw new IllegalArgumentException(
          "gpus lies within 0 to " + LocalMachine.MAX_GPUS + ": " + count);
    }
    return new ServerSettings(
        data,
        host,
        port,
        nodes,
        attributes,
        dedicated,
        risk,
        OptionalInt.of(count),
        weakestIsolation,
        hostPaths);
  }

  public ServerSettings isolatedAtLeast(IsolationTier tier) {
    return new ServerSettings(
        data, host, port, nodes, attributes, dedicated, risk, gpus, tier, hostPaths);
  }

  public ServerSettings allowing(List<HostPath> paths) {
    return new ServerSettings(
        data, host, port, nodes, attributes, dedicated, risk, gpus, weakestIsolation, paths);
  }
}
