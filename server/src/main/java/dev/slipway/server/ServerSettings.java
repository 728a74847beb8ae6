package dev.slipway.server;

import dev.slipway.core.app.Sorted;
import dev.slipway.engine.local.HostPath;
import dev.slipway.engine.local.IsolationTier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a server is started with.
///
/// @param data the directory that holds everything: journal, artifacts, sandboxes, the access token
/// @param host the name or address to listen on; anything but loopback demands a token
/// @param port 0 takes any that is free
/// @param nodes as how many nodes this machine is offered
/// @param attributes what constraints may speak of, for every node
/// @param weakestIsolation the server refuses to start where tasks could not be kept apart at least
/// so
/// @param hostPaths the directories of this machine that apps may mount
public record ServerSettings(
    Path data,
    String host,
    int port,
    int nodes,
    SortedMap<String, String> attributes,
    IsolationTier weakestIsolation,
    List<HostPath> hostPaths) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;
  public static final int MAX_NODES = 64;

  public ServerSettings {
    data = data.toAbsolutePath().normalize();
    attributes = Sorted.copyOf(attributes);
    hostPaths = List.copyOf(hostPaths);
    if (nodes < 1 || nodes > MAX_NODES) {
      throw new IllegalArgumentException("nodes lies within 1 to " + MAX_NODES + ": " + nodes);
    }
  }

  public static ServerSettings in(Path data) {
    return new ServerSettings(
        data, DEFAULT_HOST, DEFAULT_PORT, 1, new TreeMap<>(), IsolationTier.PROCESS, List.of());
  }

  public ServerSettings listening(String address, int number) {
    return new ServerSettings(
        data, address, number, nodes, attributes, weakestIsolation, hostPaths);
  }

  public ServerSettings offering(int count, Map<String, String> described) {
    return new ServerSettings(
        data, host, port, count, Sorted.copyOf(described), weakestIsolation, hostPaths);
  }

  public ServerSettings isolatedAtLeast(IsolationTier tier) {
    return new ServerSettings(data, host, port, nodes, attributes, tier, hostPaths);
  }

  public ServerSettings allowing(List<HostPath> paths) {
    return new ServerSettings(data, host, port, nodes, attributes, weakestIsolation, paths);
  }
}
