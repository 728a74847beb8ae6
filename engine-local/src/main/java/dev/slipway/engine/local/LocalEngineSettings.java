package dev.slipway.engine.local;

import dev.slipway.core.engine.ArtifactFetcher;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.node.Node;
import java.nio.file.Path;
import java.util.List;

/// What an engine is made with.
///
/// @param directory where sandboxes and records live; belongs to one engine at a time, which the
/// caller sees to
/// @param nodes what is offered, see [LocalMachine]
/// @param secrets where the values of secrets come from when a task starts
/// @param isolation the tiers that may be used
/// @param controlGroups whether control groups are used where they work
/// @param rootAllowed whether an app may ask to run as root
/// @param hostPaths the directories of this machine that apps may mount
public record LocalEngineSettings(
    Path directory,
    List<Node> nodes,
    ArtifactFetcher fetcher,
    SecretReader secrets,
    IsolationDemand isolation,
    boolean controlGroups,
    boolean rootAllowed,
    List<HostPath> hostPaths,
    LocalLimits limits) {
  public LocalEngineSettings {
    directory = directory.toAbsolutePath().normalize();
    nodes = List.copyOf(nodes);
    hostPaths = List.copyOf(hostPaths);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("an engine offers at least one node");
    }
  }

  public static LocalEngineSettings of(Path directory, List<Node> nodes, ArtifactFetcher fetcher) {
    return new LocalEngineSettings(
        directory,
        nodes,
        fetcher,
        SecretReader.NONE,
        IsolationDemand.BEST,
        true,
        false,
        List.of(),
        LocalLimits.DEFAULT);
  }

  public LocalEngineSettings withSecrets(SecretReader reader) {
    return new LocalEngineSettings(
        directory,
        nodes,
        fetcher,
        reader,
        isolation,
        controlGroups,
        rootAllowed,
        hostPaths,
        limits);
  }

  public LocalEngineSettings withIsolation(IsolationDemand demand) {
    return new LocalEngineSettings(
        directory, nodes, fetcher, secrets, demand, controlGroups, rootAllowed, hostPaths, limits);
  }

  public LocalEngineSettings withControlGroups(boolean used) {
    return new LocalEngineSettings(
        directory, nodes, fetcher, secrets, isolation, used, rootAllowed, hostPaths, limits);
  }

  public LocalEngineSettings withRootAllowed(boolean allowed) {
    return new LocalEngineSettings(
        directory, nodes, fetcher, secrets, isolation, controlGroups, allowed, hostPaths, limits);
  }

  public LocalEngineSettings withHostPaths(List<HostPath> allowed) {
    return new LocalEngineSettings(
        directory, nodes, fetcher, secrets, isolation, controlGroups, rootAllowed, allowed, limits);
  }

  public LocalEngineSettings withLimits(LocalLimits changed) {
    return new LocalEngineSettings(
        directory,
        nodes,
        fetcher,
        secrets,
        isolation,
        controlGroups,
        rootAllowed,
        hostPaths,
        changed);
  }
}
