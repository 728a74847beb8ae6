package dev.slipway.core.app;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What should run: one version of an app as its owner described it, defaults filled in. Made and
/// changed with an {@link AppSpecBuilder}.
///
/// @param instances how many tasks should run at once; of a daemon 1, which is on each node,
///     or 0, which is none anywhere
/// @param ports the host ports of a task on its node's network; empty on other networks, whose
/// ports
///     are the container's mappings
/// @param requirePorts whether `ports` are host ports that a node must have free
/// @param check asked for show
/// @param taskKillGracePeriod time between SIGTERM and SIGKILL; without one {@link
///     #DEFAULT_KILL_GRACE}
/// @param dependencies apps and groups that are ready before this app is touched
/// @param constraints which nodes it may stand on
/// @param preferences which nodes it would rather stand on
/// @param scheduling what it asks of its placement beyond these
public record AppSpec(
    PathId id,
    Command command,
    Resources resources,
    ResourceLimits resourceLimits,
    int instances,
    SortedMap<String, String> env,
    Secrets secrets,
    SortedMap<String, String> labels,
    List<Fetch> fetch,
    Optional<String> user,
    boolean tty,
    Optional<Container> container,
    List<Network> networks,
    List<PortDefinition> ports,
    boolean requirePorts,
    List<HealthCheck> healthChecks,
    Optional<StatusCheck> check,
    UpgradeStrategy upgradeStrategy,
    Rollout rollout,
    BackoffPolicy backoff,
    RestartPolicy restartPolicy,
    UnreachableStrategy unreachableStrategy,
    Optional<Duration> taskKillGracePeriod,
    SortedSet<PathId> dependencies,
    List<Constraint> constraints,
    List<Preference> preferences,
    Scheduling scheduling,
    KillSelection killSelection,
    MesosFields mesos) {
  /// Mesos's own grace where an app names none.
  public static final Duration DEFAULT_KILL_GRACE = Duration.ofSeconds(3);

  public AppSpec {
    if (id.isRoot()) {
      throw new IllegalArgumentException("an app needs a path below the root group");
    }
    if (instances < 0) {
      throw new IllegalArgumentException("instances must not be negative");
    }
    if (scheduling.daemon() && instances > 1) {
      throw new IllegalArgumentException("a daemon has one instance on each node, or none at all");
    }
    env = Sorted.copyOf(env);
    labels = Sorted.copyOf(labels);
    fetch = List.copyOf(fetch);
    networks = List.copyOf(networks);
    ports = List.copyOf(ports);
    healthChecks = List.copyOf(healthChecks);
    dependencies = Sorted.setOf(dependencies);
    constraints = List.copyOf(constraints);
    preferences = List.copyOf(preferences);
  }

  /// An app with every default and no ports.
  public static AppSpecBuilder builder(PathId id, Command command) {
    return new AppSpecBuilder(id, command);
  }

  /// A copy to change.
  public AppSpecBuilder toBuilder() {
    return new AppSpecBuilder(this);
  }

  public Duration killGrace() {
    return taskKillGracePeriod.orElse(DEFAULT_KILL_GRACE);
  }

  public AppSpec withInstances(int count) {
    return toBuilder().instances(count).build();
  }

  public AppSpec withPorts(List<PortDefinition> assigned) {
    return toBuilder().ports(assigned).build();
  }

  public AppSpec withDependencies(SortedSet<PathId> resolved) {
    return toBuilder().dependencies(resolved).build();
  }

  /// Whether tasks use their node's own network.
  public boolean isOnHostNetwork() {
    return networks.stream().allMatch(network -> network.mode() == Network.Mode.HOST);
  }

  /// Whether its tasks are in networks in which each has an address.
  public boolean isOnContainerNetwork() {
    return networks.stream().anyMatch(network -> network.mode() == Network.Mode.CONTAINER);
  }

  /// The volumes that belong to an instance and outlive its tasks; an app that has one is
  /// *resident* in Marathon's words.
  public List<Volume.Persistent> persistentVolumes() {
    return container.map(Container::volumes).orElse(List.of()).stream()
        .filter(Volume.Persistent.class::isInstance)
        .map(Volume.Persistent.class::cast)
        .toList();
  }

  /// Whether its instances keep volumes, and so are bound to the nodes of these.
  public boolean isResident() {
    return !persistentVolumes().isEmpty();
  }

  /// The ports of a task on a network of its own; empty on the host's network.
  public List<Container.PortMapping> portMappings() {
    return isOnHostNetwork() ? List.of() : container.map(Container::portMappings).orElse(List.of());
  }

  /// The ports that load balancers offer for the app, one for each of its ports; 0 is not chosen
  /// yet.
  public List<Integer> servicePorts() {
    return isOnHostNetwork()
        ? ports.stream().map(PortDefinition::port).toList()
        : portMappings().stream().map(Container.PortMapping::servicePort).toList();
  }

  /// With these service ports, one for each of its ports.
  public AppSpec withServicePorts(List<Integer> chosen) {
    if (isOnHostNetwork()) {
      return toBuilder().ports(zip(ports, chosen, PortDefinition::withPort)).build();
    }
    var mappings = zip(portMappings(), chosen, Container.PortMapping::withServicePort);
    return toBuilder().container(container.map(one -> one.withPortMappings(mappings))).build();
  }

  private static <T> List<T> zip(
      List<T> ports, List<Integer> chosen, java.util.function.BiFunction<T, Integer, T> with) {
    return java.util.stream.IntStream.range(0, ports.size())
        .mapToObj(i -> with.apply(ports.get(i), chosen.get(i)))
        .toList();
  }

  /// Whether a running instance of `other` is as good as one of this: all that a process is started
  /// with is equal. Labels and constraints do not count: tasks see the labels that they were
  /// started with until they are replaced for another cause, and only those that violate a new
  /// constraint move.
  public boolean launchesLike(AppSpec other) {
    return launch().equals(other.launch());
  }

  /// This app with everything at its default that a running process knows nothing of.
  private AppSpec launch() {
    return toBuilder()
        .instances(1)
        .labels(new TreeMap<>())
        .healthChecks(List.of())
        .check(Optional.empty())
        .upgradeStrategy(UpgradeStrategy.DEFAULT)
        .rollout(Rollout.DEFAULT)
        .backoff(BackoffPolicy.DEFAULT)
        .restartPolicy(RestartPolicy.ALWAYS)
        .unreachableStrategy(UnreachableStrategy.DEFAULT)
        .taskKillGracePeriod(Optional.empty())
        .dependencies(new TreeSet<>())
        .constraints(List.of())
        .preferences(List.of())
        .scheduling(Scheduling.NONE)
        .killSelection(KillSelection.YOUNGEST_FIRST)
        .mesos(MesosFields.NONE)
        .build();
  }
}
