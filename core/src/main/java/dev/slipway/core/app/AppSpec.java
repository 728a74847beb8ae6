package dev.slipway.core.app;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/// What should run: one version of an app as its owner described it, defaults filled in.
///
/// @param instances how many tasks should run at once
/// @param requirePorts whether `ports` are host ports that a node must have free
/// @param taskKillGracePeriod time between SIGTERM and SIGKILL; without one {@link
/// #DEFAULT_KILL_GRACE}
/// @param dependencies apps and groups that are ready before this app is touched
public record AppSpec(
    PathId id,
    Command command,
    Resources resources,
    int instances,
    SortedMap<String, String> env,
    SortedMap<String, String> labels,
    List<Fetch> fetch,
    Optional<String> user,
    List<PortDefinition> ports,
    boolean requirePorts,
    List<HealthCheck> healthChecks,
    UpgradeStrategy upgradeStrategy,
    BackoffPolicy backoff,
    Optional<Duration> taskKillGracePeriod,
    SortedSet<PathId> dependencies,
    List<Constraint> constraints,
    KillSelection killSelection) {
  /// Mesos's own grace where an app names none.
  public static final Duration DEFAULT_KILL_GRACE = Duration.ofSeconds(3);

  public AppSpec {
    if (id.isRoot()) {
      throw new IllegalArgumentException("an app needs a path below the root group");
    }
    if (instances < 0) {
      throw new IllegalArgumentException("instances must not be negative");
    }
    env = Sorted.copyOf(env);
    labels = Sorted.copyOf(labels);
    fetch = List.copyOf(fetch);
    ports = List.copyOf(ports);
    healthChecks = List.copyOf(healthChecks);
    dependencies = Sorted.setOf(dependencies);
    constraints = List.copyOf(constraints);
  }

  public Duration killGrace() {
    return taskKillGracePeriod.orElse(DEFAULT_KILL_GRACE);
  }

  public AppSpec withInstances(int count) {
    return copy(count, ports, dependencies);
  }

  public AppSpec withPorts(List<PortDefinition> assigned) {
    return copy(instances, assigned, dependencies);
  }

  public AppSpec withDependencies(SortedSet<PathId> resolved) {
    return copy(instances, ports, resolved);
  }

  /// Whether a running instance of `other` is as good as one of this: all that a process is started
  /// with is equal. Labels count, since tasks see them in their environment.
  public boolean launchesLike(AppSpec other) {
    return command.equals(other.command)
        && resources.equals(other.resources)
        && env.equals(other.env)
        && labels.equals(other.labels)
        && fetch.equals(other.fetch)
        && user.equals(other.user)
        && ports.equals(other.ports)
        && requirePorts == other.requirePorts
        && constraints.equals(other.constraints);
  }

  private AppSpec copy(int count, List<PortDefinition> definitions, SortedSet<PathId> needed) {
    return new AppSpec(
        id,
        command,
        resources,
        count,
        env,
        labels,
        fetch,
        user,
        definitions,
        requirePorts,
        healthChecks,
        upgradeStrategy,
        backoff,
        taskKillGracePeriod,
        needed,
        constraints,
        killSelection);
  }
}
