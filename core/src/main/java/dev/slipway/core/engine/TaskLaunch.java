package dev.slipway.core.engine;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Sorted;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// Everything an engine needs to run a task.
///
/// @param environment complete but for what only the engine knows, which it adds where not set
/// here:
///     `MESOS_SANDBOX`, `JAVA_HOME`, `PATH`, `HOME`, and as Mesos does `MESOS_CONTAINER_IP`, the
/// first of
///     the addresses that are the task's own, or its node's where it shares them. `HOST` is the
///     node's name on every network, as Marathon has it
/// @param user the account to run as; without one the engine's own choice
/// @param hostPorts the ports that belong to the task from now on
/// @param devices the node's GPUs that the task may use, counted from 0
/// @param version the version of the app that it runs
/// @param killGrace how long it may take to end once it is told to; engines that have to know it
///     before the end is ordered go by this
public record TaskLaunch(
    TaskId id,
    PathId app,
    NodeId node,
    Epoch epoch,
    Command command,
    SortedMap<String, String> environment,
    Resources resources,
    List<Fetch> fetch,
    Optional<String> user,
    List<Integer> hostPorts,
    List<Integer> devices,
    Surroundings surroundings,
    Instant version,
    Duration killGrace) {
  /// A launch of a plain process.
  public TaskLaunch(
      TaskId id,
      PathId app,
      NodeId node,
      Epoch epoch,
      Command command,
      SortedMap<String, String> environment,
      Resources resources,
      List<Fetch> fetch,
      Optional<String> user,
      List<Integer> hostPorts) {
    this(
        id,
        app,
        node,
        epoch,
        command,
        environment,
        resources,
        fetch,
        user,
        hostPorts,
        List.of(),
        Surroundings.NONE,
        Instant.EPOCH,
        AppSpec.DEFAULT_KILL_GRACE);
  }

  public TaskLaunch {
    environment = Sorted.copyOf(environment);
    fetch = List.copyOf(fetch);
    hostPorts = List.copyOf(hostPorts);
    devices = List.copyOf(devices);
  }
}
