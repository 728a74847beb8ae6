package dev.slipway.engine.local;

import dev.slipway.core.engine.ArtifactFetcher;
import dev.slipway.core.node.Node;
import java.nio.file.Path;
import java.util.List;

/// What an engine is made with.
///
/// @param directory where sandboxes and records live; belongs to one engine at a time, which the
/// caller sees to
/// @param nodes what is offered, see [LocalMachine]
/// @param isolation the tiers that may be used
/// @param controlGroups whether control groups are used where they work
/// @param rootAllowed whether an app may ask to run as root
public record LocalEngineSettings(
    Path directory,
    List<Node> nodes,
    ArtifactFetcher fetcher,
    IsolationDemand isolation,
    boolean controlGroups,
    boolean rootAllowed,
    LocalLimits limits) {
  public LocalEngineSettings {
    directory = directory.toAbsolutePath().normalize();
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("an engine offers at least one node");
    }
  }

  public static LocalEngineSettings of(Path directory, List<Node> nodes, ArtifactFetcher fetcher) {
    return new LocalEngineSettings(
        directory, nodes, fetcher, IsolationDemand.BEST, true, false, LocalLimits.DEFAULT);
  }

  public LocalEngineSettings withIsolation(IsolationDemand demand) {
    return new LocalEngineSettings(
        directory, nodes, fetcher, demand, controlGroups, rootAllowed, limits);
  }

  public LocalEngineSettings withControlGroups(boolean used) {
    return new LocalEngineSettings(directory, nodes, fetcher, isolation, used, rootAllowed, limits);
  }

  public LocalEngineSettings withRootAllowed(boolean allowed) {
    return new LocalEngineSettings(
        directory, nodes, fetcher, isolation, controlGroups, allowed, limits);
  }

  public LocalEngineSettings withLimits(LocalLimits changed) {
    return new LocalEngineSettings(
        directory, nodes, fetcher, isolation, controlGroups, rootAllowed, changed);
  }
}
