package dev.slipway.core.app;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// An {@link AppSpec} in the making: Marathon's default for each field that is not set. For one
/// thread.
public final class AppSpecBuilder {
  private final PathId id;
  private Command command;
  private Resources resources = Resources.of(1, 128, 0, 0);
  private ResourceLimits resourceLimits = ResourceLimits.NONE;
  private int instances = 1;
  private SortedMap<String, String> env = new TreeMap<>();
  private Secrets secrets = Secrets.NONE;
  private SortedMap<String, String> labels = new TreeMap<>();
  private List<Fetch> fetch = List.of();
  private Optional<String> user = Optional.empty();
  private boolean tty = false;
  private Optional<Container> container = Optional.empty();
  private List<Network> networks = List.of(Network.HOST);
  private List<PortDefinition> ports = List.of();
  private boolean requirePorts = false;
  private List<HealthCheck> healthChecks = List.of();
  private Optional<StatusCheck> check = Optional.empty();
  private UpgradeStrategy upgradeStrategy = UpgradeStrategy.DEFAULT;
  private Rollout rollout = Rollout.DEFAULT;
  private BackoffPolicy backoff = BackoffPolicy.DEFAULT;
  private RestartPolicy restartPolicy = RestartPolicy.ALWAYS;
  private UnreachableStrategy unreachableStrategy = UnreachableStrategy.DEFAULT;
  private Optional<Duration> taskKillGracePeriod = Optional.empty();
  private SortedSet<PathId> dependencies = new TreeSet<>();
  private List<Constraint> constraints = List.of();
  private List<Preference> preferences = List.of();
  private Scheduling scheduling = Scheduling.NONE;
  private KillSelection killSelection = KillSelection.YOUNGEST_FIRST;
  private MesosFields mesos = MesosFields.NONE;

  AppSpecBuilder(PathId id, Command command) {
    this.id = id;
    this.command = command;
  }

  AppSpecBuilder(AppSpec from) {
    id = from.id();
    command = from.command();
    resources = from.resources();
    resourceLimits = from.resourceLimits();
    instances = from.instances();
    env = from.env();
    secrets = from.secrets();
    labels = from.labels();
    fetch = from.fetch();
    user = from.user();
    tty = from.tty();
    container = from.container();
    networks = from.networks();
    ports = from.ports();
    requirePorts = from.requirePorts();
    healthChecks = from.healthChecks();
    check = from.check();
    upgradeStrategy = from.upgradeStrategy();
    rollout = from.rollout();
    backoff = from.backoff();
    restartPolicy = from.restartPolicy();
    unreachableStrategy = from.unreachableStrategy();
    taskKillGracePeriod = from.taskKillGracePeriod();
    dependencies = from.dependencies();
    constraints = from.constraints();
    preferences = from.preferences();
    scheduling = from.scheduling();
    killSelection = from.killSelection();
    mesos = from.mesos();
  }

  public AppSpecBuilder command(Command value) {
    command = value;
    return this;
  }

  public AppSpecBuilder resources(Resources value) {
    resources = value;
    return this;
  }

  public AppSpecBuilder resourceLimits(ResourceLimits value) {
    resourceLimits = value;
    return this;
  }

  public AppSpecBuilder instances(int value) {
    instances = value;
    return this;
  }

  public AppSpecBuilder env(SortedMap<String, String> value) {
    env = value;
    return this;
  }

  public AppSpecBuilder secrets(Secrets value) {
    secrets = value;
    return this;
  }

  public AppSpecBuilder labels(SortedMap<String, String> value) {
    labels = value;
    return this;
  }

  public AppSpecBuilder fetch(List<Fetch> value) {
    fetch = value;
    return this;
  }

  public AppSpecBuilder user(Optional<String> value) {
    user = value;
    return this;
  }

  public AppSpecBuilder tty(boolean value) {
    tty = value;
    return this;
  }

  public AppSpecBuilder container(Optional<Container> value) {
    container = value;
    return this;
  }

  public AppSpecBuilder networks(List<Network> value) {
    networks = value;
    return this;
  }

  public AppSpecBuilder ports(List<PortDefinition> value) {
    ports = value;
    return this;
  }

  public AppSpecBuilder requirePorts(boolean value) {
    requirePorts = value;
    return this;
  }

  public AppSpecBuilder healthChecks(List<HealthCheck> value) {
    healthChecks = value;
    return this;
  }

  public AppSpecBuilder check(Optional<StatusCheck> value) {
    check = value;
    return this;
  }

  public AppSpecBuilder upgradeStrategy(UpgradeStrategy value) {
    upgradeStrategy = value;
    return this;
  }

  public AppSpecBuilder rollout(Rollout value) {
    rollout = value;
    return this;
  }

  public AppSpecBuilder backoff(BackoffPolicy value) {
    backoff = value;
    return this;
  }

  public AppSpecBuilder restartPolicy(RestartPolicy value) {
    restartPolicy = value;
    return this;
  }

  public AppSpecBuilder unreachableStrategy(UnreachableStrategy value) {
    unreachableStrategy = value;
    return this;
  }

  public AppSpecBuilder taskKillGracePeriod(Optional<Duration> value) {
    taskKillGracePeriod = value;
    return this;
  }

  public AppSpecBuilder dependencies(SortedSet<PathId> value) {
    dependencies = value;
    return this;
  }

  public AppSpecBuilder constraints(List<Constraint> value) {
    constraints = value;
    return this;
  }

  public AppSpecBuilder preferences(List<Preference> value) {
    preferences = value;
    return this;
  }

  public AppSpecBuilder scheduling(Scheduling value) {
    scheduling = value;
    return this;
  }

  public AppSpecBuilder killSelection(KillSelection value) {
    killSelection = value;
    return this;
  }

  public AppSpecBuilder mesos(MesosFields value) {
    mesos = value;
    return this;
  }

  /// @throws IllegalArgumentException when what is described cannot be
  public AppSpec build() {
    return new AppSpec(
        id,
        command,
        resources,
        resourceLimits,
        instances,
        env,
        secrets,
        labels,
        fetch,
        user,
        tty,
        container,
        networks,
        ports,
        requirePorts,
        healthChecks,
        check,
        upgradeStrategy,
        rollout,
        backoff,
        restartPolicy,
        unreachableStrategy,
        taskKillGracePeriod,
        dependencies,
        constraints,
        preferences,
        scheduling,
        killSelection,
        mesos);
  }
}
