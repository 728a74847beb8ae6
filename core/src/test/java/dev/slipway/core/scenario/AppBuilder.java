package dev.slipway.core.scenario;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.AppSpecBuilder;
import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.app.Volume;
import dev.slipway.core.control.Input;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// An app of a story. Each call gives another builder, so that versions can be told apart by what
/// was changed. It waits for unreachable nodes for ever unless told otherwise.
record AppBuilder(AppSpec spec) {

  static AppBuilder app(String id, int instances) {
    return new AppBuilder(
        AppSpec.builder(PathId.of(id), new Command.Shell("run"))
            .instances(instances)
            .resources(Resources.of(0.1, 32, 0, 0))
            .unreachableStrategy(new UnreachableStrategy.Disabled())
            .build());
  }

  PathId id() {
    return spec.id();
  }

  int instances() {
    return spec.instances();
  }

  /// With whatever else of the app changed.
  AppBuilder with(UnaryOperator<AppSpecBuilder> change) {
    return new AppBuilder(change.apply(spec.toBuilder()).build());
  }

  AppBuilder running(String script) {
    return with(app -> app.command(new Command.Shell(script)));
  }

  AppBuilder times(int count) {
    return with(app -> app.instances(count));
  }

  AppBuilder version(String value) {
    SortedMap<String, String> changed = new TreeMap<>(spec.env());
    changed.put("V", value);
    return with(app -> app.env(changed));
  }

  AppBuilder requesting(double cpus, double mem) {
    return with(app -> app.resources(Resources.of(cpus, mem, 0, 0)));
  }

  AppBuilder withHealthCheck() {
    var target = new HealthCheck.Target(Optional.empty(), 0);
    var second = Duration.ofSeconds(1);
    var probe = new HealthCheck.Probe.Http(false, "/", target);
    var check = new HealthCheck(probe, Duration.ofSeconds(5), second, second, 3, false);
    return with(app -> app.healthChecks(List.of(check)));
  }

  AppBuilder upgrading(double minimumHealth, double over) {
    return with(app -> app.upgradeStrategy(new UpgradeStrategy(minimumHealth, over)));
  }

  AppBuilder backingOff(int seconds, double factor, int limit) {
    var policy = BackoffPolicy.of(Duration.ofSeconds(seconds), factor, Duration.ofSeconds(limit));
    return with(app -> app.backoff(policy));
  }

  AppBuilder dependingOn(String... names) {
    SortedSet<PathId> all = new TreeSet<>(spec.dependencies());
    for (String name : names) {
      all.add(PathId.of(name));
    }
    return with(app -> app.dependencies(all));
  }

  AppBuilder withPort(int port, boolean required) {
    List<PortDefinition> all = new ArrayList<>(spec.ports());
    all.add(PortDefinition.any().withPort(port));
    return with(app -> app.ports(all).requirePorts(required));
  }

  /// In a network in which each task has an address.
  AppBuilder onContainerNetwork() {
    var network = new Network(Network.Mode.CONTAINER, Optional.of("pods"), new TreeMap<>());
    return with(app -> app.networks(List.of(network)).ports(List.of()).requirePorts(false));
  }

  AppBuilder constrained(String field, Constraint.Operator operator, String value) {
    List<Constraint> all = new ArrayList<>(spec.constraints());
    all.add(new Constraint(field, operator, Optional.of(value).filter(text -> !text.isEmpty())));
    return with(app -> app.constraints(all));
  }

  /// Bound to what it keeps: updated one after the other, and waited for.
  AppBuilder withVolume(String path, long mebibytes) {
    List<Volume> all = new ArrayList<>(spec.container().map(Container::volumes).orElse(List.of()));
    all.add(
        new Volume.Persistent(
            path, Volume.Disk.ROOT, mebibytes, Optional.empty(), Optional.empty(), List.of()));
    var container =
        new Container(Container.Kind.MESOS, Optional.empty(), all, List.of(), Optional.empty());
    return with(
        app -> app.container(Optional.of(container)).upgradeStrategy(new UpgradeStrategy(0.5, 0)));
  }

  /// Running once on each node that can take it.
  AppBuilder daemon() {
    var scheduling = new Scheduling(List.of(), List.of(), List.of(), 0, true, false);
    return with(app -> app.instances(1).scheduling(scheduling));
  }

  /// Placed all at once or not at all.
  AppBuilder gang() {
    var scheduling = new Scheduling(List.of(), List.of(), List.of(), 0, false, true);
    return with(app -> app.scheduling(scheduling));
  }

  /// Who goes first, and who makes room for whom.
  AppBuilder priority(int priority) {
    Scheduling known = spec.scheduling();
    return with(
        app ->
            app.scheduling(
                new Scheduling(
                    known.spread(),
                    known.affinity(),
                    known.antiAffinity(),
                    priority,
                    known.daemon(),
                    known.gang(),
                    known.tolerateDisruption())));
  }

  AppBuilder scheduled(
      List<Scheduling.Spread> spread,
      List<Scheduling.Affinity> affinity,
      List<Scheduling.Affinity> antiAffinity) {
    Scheduling known = spec.scheduling();
    return with(
        app ->
            app.scheduling(
                new Scheduling(
                    spread,
                    affinity,
                    antiAffinity,
                    known.priority(),
                    known.daemon(),
                    known.gang(),
                    known.tolerateDisruption())));
  }

  AppBuilder labelled(String name, String value) {
    return with(app -> app.labels(new TreeMap<>(Map.of(name, value))));
  }

  /// What becomes of its instances on silent nodes.
  AppBuilder waitingFor(Duration inactiveAfter, Duration expungeAfter) {
    var strategy = new UnreachableStrategy.Replaced(inactiveAfter, expungeAfter);
    return with(app -> app.unreachableStrategy(strategy));
  }

  AppBuilder preferring(String field, Constraint.Operator operator, String value, int weight) {
    List<Preference> all = new ArrayList<>(spec.preferences());
    all.add(
        new Preference(
            new Constraint(field, operator, Optional.of(value).filter(text -> !text.isEmpty())),
            weight));
    return with(app -> app.preferences(all));
  }

  Input.ChangeApps put() {
    return put(false);
  }

  Input.ChangeApps force() {
    return put(true);
  }

  /// Passing over dependencies that do not exist.
  Input.ChangeApps lenient() {
    return on(new Input.Terms(false, false, true));
  }

  /// Waiting for deployments that hold it.
  Input.ChangeApps queued() {
    return on(new Input.Terms(false, true, false));
  }

  private Input.ChangeApps put(boolean force) {
    return on(Input.Terms.forced(force));
  }

  private Input.ChangeApps on(Input.Terms terms) {
    return new Input.ChangeApps(List.of(Scenario.always(spec)), Input.Expectation.ANY, terms);
  }
}
