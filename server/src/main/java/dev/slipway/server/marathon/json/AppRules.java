package dev.slipway.server.marathon.json;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.ResourceLimits.Limit;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.Volume;
import dev.slipway.core.control.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What is wrong between the parts of an app, which may come from different requests
/// (`AppValidation.scala`), in Marathon's words.
final class AppRules {
  private final AppSpec app;
  private final List<Problem> problems = new ArrayList<>();

  private AppRules(AppSpec app) {
    this.app = app;
  }

  /// @param current the app as it is, if it exists
  static List<Problem> problems(AppSpec app, Optional<AppSpec> current) {
    var rules = new AppRules(app);
    rules.checkHealth();
    rules.checkStatusCheck();
    app.rollout().readinessCheck().ifPresent(rules::checkReadiness);
    rules.checkNetworks();
    rules.checkSecrets();
    rules.checkResources();
    rules.checkRoles();
    rules.checkExpressions();
    if (Conduct.isSingle(app)) {
      rules.checkSingle();
    }
    rules.checkResidency(current);
    return rules.problems;
  }

  private void wrong(String path, String message) {
    problems.add(new Problem(path, message));
  }

  private boolean isDocker() {
    return app.container().filter(one -> one.kind() == Container.Kind.DOCKER).isPresent();
  }

  private void checkHealth() {
    for (int i = 0; i < app.healthChecks().size(); i++) {
      HealthCheck check = app.healthChecks().get(i);
      if (asksForMissingPort(check.probe())) {
        wrong(
            "/healthChecks(" + i + ")",
            "Health check port indices must address an element of the ports array or"
                + " container port mappings.");
      }
      if (check.origin().ipv6() && !(check.origin().node() && isDocker())) {
        wrong(
            "/healthChecks(" + i + ")",
            "IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health"
                + " checks");
      }
    }
    if (app.healthChecks().stream().filter(check -> check.origin().node()).count() > 1) {
      wrong("/", "AppDefinition can contain at most one Mesos health check");
    }
  }

  private boolean asksForMissingPort(HealthCheck.Probe probe) {
    return switch (probe) {
      case HealthCheck.Probe.Http http -> isMissing(http.target());
      case HealthCheck.Probe.Tcp tcp -> isMissing(tcp.target());
      case HealthCheck.Probe.Exec _ -> false;
    };
  }

  private boolean isMissing(HealthCheck.Target target) {
    return target.port().isEmpty() && target.portIndex() >= app.servicePorts().size();
  }

  private void checkStatusCheck() {
    if (app.check().isEmpty()) {
      return;
    }
    if (isDocker()) {
      wrong("/check", "is not available with containers of type DOCKER; use type MESOS");
    }
    if (asksForMissingPort(app.check().get().probe())) {
      wrong(
          "/check",
          "port indices must address an element of the ports array or container port mappings.");
    }
  }

  private void checkReadiness(ReadinessCheck check) {
    Stream<Optional<String>> names =
        app.isOnHostNetwork()
            ? app.ports().stream().map(PortDefinition::name)
            : app.portMappings().stream().map(Container.PortMapping::name);
    if (names.noneMatch(name -> name.filter(check.portName()::equals).isPresent())) {
      wrong(
          "/readinessChecks(0)/portName",
          "No port definition reference for portName " + check.portName());
    }
  }

  private void checkNetworks() {
    List<String> names = app.networks().stream().flatMap(one -> one.name().stream()).toList();
    long containers =
        app.networks().stream().filter(one -> one.mode() == Network.Mode.CONTAINER).count();
    if (containers > 1 && isDocker()) {
      wrong(
          "/",
          "may only specify a single container network when using the Docker container engine");
    }
    for (int i = 0; i < app.portMappings().size(); i++) {
      Container.PortMapping mapping = app.portMappings().get(i);
      String where = "/container/portMappings(" + i + ")";
      if (containers > 1 && mapping.hostPort().isPresent() && mapping.networkNames().size() != 1) {
        wrong(
            where,
            "networkNames must be a single item list when hostPort is specified and more than 1"
                + " container network is defined");
      }
      for (int n = 0; n < mapping.networkNames().size(); n++) {
        if (!names.contains(mapping.networkNames().get(n))) {
          wrong(
              where + "/networkNames(" + n + ")",
              "is not one of (" + String.join(",", names) + ")");
        }
      }
    }
  }

  private void checkSecrets() {
    var known = app.secrets().sources().keySet();
    app.secrets()
        .environment()
        .forEach(
            (variable, name) -> {
              if (!known.contains(name)) {
                wrong("/env/" + variable + "/secret", "references an undefined secret");
              }
            });
    List<Volume> volumes = app.container().map(Container::volumes).orElse(List.of());
    for (int i = 0; i < volumes.size(); i++) {
      if (volumes.get(i) instanceof Volume.SecretFile file && !known.contains(file.secret())) {
        wrong("/container/volumes(" + i + ")", "volume.secret must refer to an existing secret");
      }
    }
    Optional<String> pull =
        app.container().flatMap(Container::image).flatMap(Container.Image::pullSecret);
    if (pull.filter(name -> !known.contains(name)).isPresent()) {
      wrong("/container/docker/pullConfig", "pullConfig.secret must refer to an existing secret");
    }
  }

  private void checkResources() {
    checkLimit(app.resourceLimits().cpus(), app.resources().milliCpus(), "cpus");
    checkLimit(app.resourceLimits().mem(), app.resources().memBytes(), "mem");
    if (app.resources().milliGpus() > 0 && isDocker()) {
      wrong("/", "GPU resources only work with the Mesos containerizer");
    }
  }

  private void checkLimit(Optional<Limit> limit, long requested, String name) {
    if (limit.isPresent()
        && limit.get() instanceof Limit.AtMost most
        && most.amount() < requested) {
      wrong("/resourceLimits/" + name, "must be at least what '" + name + "' requests");
    }
  }

  /// Each is held against each node.
  private void checkExpressions() {
    long expressions =
        Stream.concat(
                app.constraints().stream(), app.preferences().stream().map(Preference::constraint))
            .filter(
                one ->
                    one.operator() == Constraint.Operator.LIKE
                        || one.operator() == Constraint.Operator.UNLIKE)
            .count();
    if (expressions > AppLimits.EXPRESSIONS) {
      wrong(
          "/constraints",
          "must have at most %d regular expressions together with the preferences, not %d"
              .formatted(AppLimits.EXPRESSIONS, expressions));
    }
  }

  /// A role is the default one or that of the app's group.
  private void checkRoles() {
    Optional<String> role = app.mesos().role();
    String group = app.id().segments().getFirst();
    boolean inGroup = app.id().segments().size() > 1;
    if (role.isPresent() && !(inGroup && role.get().equals(group))) {
      wrong(
          "/role",
          "got %s, expected one of: [%s]"
              .formatted(role.get(), inGroup ? "*, " + group : MesosPart.ANY_ROLE));
    }
    Set<String> allowed = new HashSet<>(Set.of(MesosPart.ANY_ROLE));
    role.ifPresent(allowed::add);
    if (!allowed.containsAll(app.mesos().acceptedResourceRoles())) {
      wrong(
          "/acceptedResourceRoles",
          "acceptedResourceRoles can only contain *" + role.map(name -> " and " + name).orElse(""));
    }
  }

  private void checkSingle() {
    if (app.instances() > 1) {
      wrong("/", "Single instance app may only have one instance");
    }
    if (app.scheduling().daemon()) {
      wrong("/scheduling/daemon", "Single instance app may not run once on each node");
    }
    checkNone("minimumHealthCapacity", app.upgradeStrategy().minimumHealthCapacity());
    checkNone("maximumOverCapacity", app.upgradeStrategy().maximumOverCapacity());
  }

  private void checkNone(String name, double value) {
    if (value > 0) {
      wrong("/upgradeStrategy/" + name, "got " + value + ", expected 0.0");
    }
  }

  private void checkResidency(Optional<AppSpec> current) {
    boolean wasResident = current.filter(Conduct::isResident).isPresent();
    if (current.isPresent()
        && (wasResident || Conduct.isResident(app))
        && !volumes(current.get()).equals(volumes(app))) {
      wrong("/", "Persistent volumes can not be changed!");
    }
    if (!Conduct.isResident(app)) {
      return;
    }
    if (!Conduct.isSingle(app)) {
      checkNone("maximumOverCapacity", app.upgradeStrategy().maximumOverCapacity());
    }
    if (!(app.unreachableStrategy() instanceof UnreachableStrategy.Disabled)) {
      wrong("/", "unreachableStrategy must be disabled for resident tasks");
    }
  }

  private static SortedMap<String, Volume.Persistent> volumes(AppSpec app) {
    SortedMap<String, Volume.Persistent> result = new TreeMap<>();
    app.persistentVolumes().forEach(volume -> result.put(volume.containerPath(), volume));
    return result;
  }
}
