package dev.slipway.server.marathon.json;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a client says of an app: each part that it gave, already in the core's words and within its
/// bounds. What is absent stays as it is, or takes Marathon's default.
///
/// @param version instead of all else: go back to that version
public record AppUpdate(
    Optional<PathId> id,
    Optional<Command> command,
    Amounts amounts,
    Optional<Integer> instances,
    Optional<SortedMap<String, String>> env,
    Optional<SortedMap<String, String>> labels,
    Optional<List<Fetch>> fetch,
    Optional<String> user,
    Optional<List<PortDefinition>> ports,
    Optional<Boolean> requirePorts,
    Optional<List<HealthCheck>> healthChecks,
    Optional<UpgradeStrategy> upgradeStrategy,
    Backoff backoff,
    Optional<Duration> killGrace,
    Optional<SortedSet<PathId>> dependencies,
    Optional<List<Constraint>> constraints,
    Optional<KillSelection> killSelection,
    Optional<Instant> version) {

  static final String SINGLE_INSTANCE_LABEL = "MARATHON_SINGLE_INSTANCE_APP";

  private static final Resources DEFAULT_RESOURCES = Resources.of(1, 128, 0, 0);

  /// The resources that were given; each stands for itself, unlike all other parts that have parts.
  public record Amounts(
      Optional<Double> cpus, Optional<Double> mem, Optional<Double> disk, Optional<Integer> gpus) {
    Resources over(Resources before) {
      Resources given = Resources.of(cpus.orElse(0.0), mem.orElse(0.0), disk.orElse(0.0), 0);
      return new Resources(
          cpus.map(value -> given.milliCpus()).orElse(before.milliCpus()),
          mem.map(value -> given.memBytes()).orElse(before.memBytes()),
          disk.map(value -> given.diskBytes()).orElse(before.diskBytes()),
          gpus.orElse(before.gpus()));
    }
  }

  /// The parts of the backoff that were given; they are fields of the app itself.
  public record Backoff(
      Optional<Duration> initial, Optional<Double> factor, Optional<Duration> limit) {
    BackoffPolicy over(BackoffPolicy before) {
      return new BackoffPolicy(
          initial.orElse(before.initial()),
          factor.orElse(before.factor()),
          limit.orElse(before.limit()),
          before.minimumUptime(),
          before.jitter());
    }
  }

  /// The wish of a client that changes what it names and keeps the rest; a new app takes defaults.
  public AppChange partial(PathId app) {
    return new AppChange(app, current -> revise(app, current));
  }

  /// The wish of a client that describes the app as a whole.
  public AppChange whole(PathId app) {
    return new AppChange(app, current -> revise(app, Optional.empty()));
  }

  /// Pure; runs within the core when the wish's turn comes.
  private AppChange.Result revise(PathId app, Optional<AppSpec> before) {
    Optional<Command> wanted = command.or(() -> before.map(AppSpec::command));
    if (wanted.isEmpty()) {
      return new AppChange.Result.Invalid(
          List.of(
              new Problem(
                  "/",
                  "AppDefinition must either contain one of 'cmd' or 'args', and/or a"
                      + " 'container'.")));
    }
    AppSpec spec = merged(app, wanted.get(), before);
    List<Problem> problems = problems(spec);
    return problems.isEmpty()
        ? new AppChange.Result.Revised(spec)
        : new AppChange.Result.Invalid(problems);
  }

  private AppSpec merged(PathId app, Command wanted, Optional<AppSpec> before) {
    var wantedLabels = choose(labels, before.map(AppSpec::labels), new TreeMap<>());
    return AppSpec.builder(app, wanted)
        .resources(amounts.over(before.map(AppSpec::resources).orElse(DEFAULT_RESOURCES)))
        .instances(choose(instances, before.map(AppSpec::instances), 1))
        .env(choose(env, before.map(AppSpec::env), new TreeMap<>()))
        .labels(wantedLabels)
        .fetch(choose(fetch, before.map(AppSpec::fetch), List.of()))
        .user(user.or(() -> before.flatMap(AppSpec::user)))
        .ports(choose(ports, before.map(AppSpec::ports), List.of(PortDefinition.any())))
        .requirePorts(choose(requirePorts, before.map(AppSpec::requirePorts), false))
        .healthChecks(choose(healthChecks, before.map(AppSpec::healthChecks), List.of()))
        .upgradeStrategy(
            choose(upgradeStrategy, before.map(AppSpec::upgradeStrategy), strategy(wantedLabels)))
        .backoff(backoff.over(before.map(AppSpec::backoff).orElse(BackoffPolicy.DEFAULT)))
        .taskKillGracePeriod(killGrace.or(() -> before.flatMap(AppSpec::taskKillGracePeriod)))
        .dependencies(choose(dependencies, before.map(AppSpec::dependencies), new TreeSet<>()))
        .constraints(choose(constraints, before.map(AppSpec::constraints), List.of()))
        .killSelection(
            choose(killSelection, before.map(AppSpec::killSelection), KillSelection.YOUNGEST_FIRST))
        .unreachableStrategy(new UnreachableStrategy.Disabled())
        .build();
  }

  private static <T> T choose(Optional<T> given, Optional<T> before, T otherwise) {
    return given.or(() -> before).orElse(otherwise);
  }

  private static boolean isSingle(SortedMap<String, String> labels) {
    return "true".equalsIgnoreCase(labels.get(SINGLE_INSTANCE_LABEL));
  }

  private static UpgradeStrategy strategy(SortedMap<String, String> labels) {
    return isSingle(labels) ? new UpgradeStrategy(0, 0) : UpgradeStrategy.DEFAULT;
  }

  /// What is wrong between parts that may come from different requests.
  private static List<Problem> problems(AppSpec spec) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < spec.healthChecks().size(); i++) {
      if (asksForMissingPort(spec.healthChecks().get(i), spec.ports().size())) {
        problems.add(
            new Problem(
                "/healthChecks(" + i + ")",
                "Health check port indices must address an element of the ports array or"
                    + " container port mappings."));
      }
    }
    if (isSingle(spec.labels())) {
      if (spec.instances() > 1) {
        problems.add(new Problem("/instances", "Single instance apps may only have one instance"));
      }
      if (!spec.upgradeStrategy().equals(new UpgradeStrategy(0, 0))) {
        problems.add(
            new Problem(
                "/upgradeStrategy",
                "Single instance apps may only have an upgrade strategy of"
                    + " minimumHealthCapacity=0 and maximumOverCapacity=0"));
      }
    }
    return problems;
  }

  private static boolean asksForMissingPort(HealthCheck check, int ports) {
    return switch (check.probe()) {
      case HealthCheck.Probe.Http http -> isMissing(http.target(), ports);
      case HealthCheck.Probe.Tcp tcp -> isMissing(tcp.target(), ports);
      case HealthCheck.Probe.Exec exec -> false;
    };
  }

  private static boolean isMissing(HealthCheck.Target target, int ports) {
    return target.port().isEmpty() && target.portIndex() >= ports;
  }
}
