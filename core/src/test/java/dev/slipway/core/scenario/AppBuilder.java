package dev.slipway.core.scenario;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.control.Input;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// An app of a story. Each call gives another builder, so that versions can be told apart by what
/// was changed.
record AppBuilder(
    PathId id,
    int instances,
    String command,
    Resources resources,
    SortedMap<String, String> env,
    List<PortDefinition> ports,
    boolean requirePorts,
    boolean healthChecked,
    UpgradeStrategy strategy,
    BackoffPolicy backoff,
    SortedSet<PathId> dependencies,
    List<Constraint> constraints) {

  static AppBuilder app(String id, int instances) {
    return new AppBuilder(
        PathId.of(id),
        instances,
        "run",
        Resources.of(0.1, 32, 0, 0),
        new TreeMap<>(),
        List.of(),
        false,
        false,
        UpgradeStrategy.DEFAULT,
        BackoffPolicy.DEFAULT,
        new TreeSet<>(),
        List.of());
  }

  AppBuilder running(String script) {
    return new AppBuilder(
        id,
        instances,
        script,
        resources,
        env,
        ports,
        requirePorts,
        healthChecked,
        strategy,
        backoff,
        dependencies,
        constraints);
  }

  AppBuilder times(int count) {
    return new AppBuilder(
        id,
        count,
        command,
        resources,
        env,
        ports,
        requirePorts,
        healthChecked,
        strategy,
        backoff,
        dependencies,
        constraints);
  }

  AppBuilder version(String value) {
    SortedMap<String, String> changed = new TreeMap<>(env);
    changed.put("V", value);
    return new AppBuilder(
        id,
        instances,
        command,
        resources,
        changed,
        ports,
        requirePorts,
        healthChecked,
        strategy,
        backoff,
        dependencies,
        constraints);
  }

  AppBuilder requesting(double cpus, double mem) {
    return new AppBuilder(
        id,
        instances,
        command,
        Resources.of(cpus, mem, 0, 0),
        env,
        ports,
        requirePorts,
        healthChecked,
        strategy,
        backoff,
        dependencies,
        constraints);
  }

  AppBuilder withHealthCheck() {
    return new AppBuilder(
        id,
        instances,
        command,
        resources,
        env,
        ports,
        requirePorts,
        true,
        strategy,
        backoff,
        dependencies,
        constraints);
  }

  AppBuilder upgrading(double minimumHealth, double over) {
    return new AppBuilder(
        id,
        instances,
        command,
        resources,
        env,
        ports,
        requirePorts,
        healthChecked,
        new UpgradeStrategy(minimumHealth, over),
        backoff,
        dependencies,
        constraints);
  }

  AppBuilder backingOff(int seconds, double factor, int limit) {
    var policy = new BackoffPolicy(Duration.ofSeconds(seconds), factor, Duration.ofSeconds(limit));
    return new AppBuilder(
        id,
        instances,
        command,
        resources,
        env,
        ports,
        requirePorts,
        healthChecked,
        strategy,
        policy,
        dependencies,
        constraints);
  }

  AppBuilder dependingOn(String... names) {
    SortedSet<PathId> all = new TreeSet<>(dependencies);
    for (String name : names) {
      all.add(PathId.of(name));
    }
    return new AppBuilder(
        id,
        instances,
        command,
        resources,
        env,
        ports,
        requirePorts,
        healthChecked,
        strategy,
        backoff,
        all,
        constraints);
  }

  AppBuilder withPort(int port, boolean required) {
    List<PortDefinition> all = new ArrayList<>(ports);
    all.add(PortDefinition.any().withPort(port));
    return new AppBuilder(
        id,
        instances,
        command,
        resources,
        env,
        all,
        required,
        healthChecked,
        strategy,
        backoff,
        dependencies,
        constraints);
  }

  AppBuilder constrained(String field, Constraint.Operator operator, String value) {
    List<Constraint> all = new ArrayList<>(constraints);
    all.add(new Constraint(field, operator, Optional.of(value).filter(text -> !text.isEmpty())));
    return new AppBuilder(
        id,
        instances,
        command,
        resources,
        env,
        ports,
        requirePorts,
        healthChecked,
        strategy,
        backoff,
        dependencies,
        all);
  }

  AppSpec spec() {
    List<HealthCheck> checks =
        healthChecked
            ? List.of(
                new HealthCheck(
                    new HealthCheck.Probe.Http(
                        false, "/", new HealthCheck.Target(Optional.empty(), 0)),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    3,
                    false))
            : List.of();
    return new AppSpec(
        id,
        new Command.Shell(command),
        resources,
        instances,
        env,
        new TreeMap<>(),
        List.of(),
        Optional.empty(),
        ports,
        requirePorts,
        checks,
        strategy,
        backoff,
        Optional.empty(),
        dependencies,
        constraints,
        KillSelection.YOUNGEST_FIRST);
  }

  Input.ChangeApps put() {
    return put(false);
  }

  Input.ChangeApps force() {
    return put(true);
  }

  private Input.ChangeApps put(boolean force) {
    return new Input.ChangeApps(List.of(Scenario.always(spec())), Input.Expectation.ANY, force);
  }
}
