package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;

import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Apps of all sorts, by chance: strategies, dependencies, ports, health checks, constraints, and
/// tasks that fail, end or never get well.
final class RandomApps {
  static final List<String> NAMES =
      List.of("/a", "/b", "/shop/web", "/shop/api", "/shop/data/db", "/shop/data/queue");
  private static final Double[] PARTS = {0.0, 0.25, 0.5, 0.75, 1.0};
  private static final int STEADY_PERCENT = 65;

  private final Dice dice;

  RandomApps(Dice dice) {
    this.dice = dice;
  }

  AppBuilder one(String id) {
    var wanted =
        app(id, dice.below(5))
            .running(script().name().toLowerCase(java.util.Locale.ROOT))
            .version("" + dice.below(3))
            .upgrading(dice.any(PARTS), dice.any(PARTS))
            .with(spec -> spec.backoff(backoff()))
            .requesting(0.1 + dice.below(3) / 10.0, 32)
            .with(spec -> spec.killSelection(dice.any(KillSelection.values())))
            .with(spec -> spec.unreachableStrategy(unreachable()));
    if (dice.percent(60)) {
      wanted = wanted.withHealthCheck();
    }
    if (dice.percent(30)) {
      wanted = dice.percent(50) ? wanted.withPort(0, false) : wanted.withPort(8080, true);
    }
    if (dice.percent(20)) {
      wanted = wanted.onContainerNetwork();
    }
    if (dice.percent(15)) {
      wanted =
          dice.percent(50)
              ? wanted.constrained("hostname", Constraint.Operator.UNIQUE, "")
              : wanted.constrained("rack", Constraint.Operator.GROUP_BY, "");
    }
    if (dice.percent(10)) {
      wanted = wanted.with(spec -> spec.container(Optional.of(withVolume())));
    }
    if (dice.percent(15)) {
      wanted = wanted.with(spec -> spec.restartPolicy(dice.any(RestartPolicy.values())));
    }
    if (dice.percent(40)) {
      wanted = wanted.with(spec -> spec.rollout(rollout()));
    }
    if (dice.percent(50)) {
      wanted = wanted.priority(dice.any(-10, 0, 10, 20));
    }
    if (dice.percent(20)) {
      // So large that others have to make room.
      wanted = wanted.requesting(1 + dice.below(3), 32);
    }
    if (dice.percent(15)) {
      wanted = asDaemon(wanted);
    } else if (dice.percent(20)) {
      wanted = wanted.gang();
    }
    if (dice.percent(20)) {
      var scheduling = wanted.spec().scheduling().toleratingDisruption(true);
      wanted = wanted.with(spec -> spec.scheduling(scheduling));
    }
    if (dice.percent(30)) {
      wanted = wanted.with(spec -> spec.fetch(List.of(artifact())));
    }
    // Only on those before it, so that there is no cycle.
    int place = NAMES.indexOf(id);
    return place > 0 && dice.percent(30)
        ? wanted.dependingOn(NAMES.get(dice.below(place)))
        : wanted;
  }

  /// Of what cannot go together, a daemon has neither; here and there it is on some nodes alone, or
  /// suspended.
  private AppBuilder asDaemon(AppBuilder wanted) {
    var daemon =
        wanted
            .with(
                spec ->
                    spec.constraints(List.of())
                        .container(Optional.empty())
                        .restartPolicy(RestartPolicy.ALWAYS))
            .daemon();
    if (dice.percent(30)) {
      daemon = daemon.constrained("rack", Constraint.Operator.LIKE, dice.any("r[12]", "r[23]"));
    }
    return dice.percent(15) ? daemon.times(0) : daemon;
  }

  private static Container withVolume() {
    var volume =
        new Volume.Persistent(
            "data", Volume.Disk.ROOT, 100, Optional.empty(), Optional.empty(), List.of());
    return new Container(
        Container.Kind.MESOS, Optional.empty(), List.of(volume), List.of(), Optional.empty());
  }

  private Fetch artifact() {
    String uri = "https://example.com/" + dice.below(3);
    return new Fetch(uri, true, false, true, Optional.empty(), Optional.empty());
  }

  private Rollout rollout() {
    Optional<ReadinessCheck> check =
        dice.percent(50)
            ? Optional.of(
                new ReadinessCheck(
                    "ready",
                    false,
                    "/",
                    "web",
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    List.of(200),
                    false))
            : Optional.empty();
    Optional<Duration> deadline =
        dice.percent(50) ? Optional.of(Duration.ofSeconds(5 + dice.below(60))) : Optional.empty();
    return new Rollout(check, deadline, dice.any(Rollout.OnFailure.values()));
  }

  private Script script() {
    if (dice.percent(STEADY_PERCENT)) {
      return dice.any(Script.RUN, Script.RUN, Script.STUBBORN, Script.SLOW);
    }
    return dice.any(Script.values());
  }

  private BackoffPolicy backoff() {
    return new BackoffPolicy(
        Duration.ofSeconds(1 + dice.below(3)),
        1 + dice.below(3) / 2.0,
        Duration.ofSeconds(60),
        Duration.ofSeconds(dice.any(0, 30)),
        dice.any(0.0, 0.3));
  }

  private UnreachableStrategy unreachable() {
    return switch (dice.below(4)) {
      case 0 -> UnreachableStrategy.DEFAULT;
      case 1 -> new UnreachableStrategy.Replaced(Duration.ofSeconds(5), Duration.ofSeconds(30));
      case 2 -> new UnreachableStrategy.Replaced(Duration.ofSeconds(60), Duration.ofSeconds(240));
      default -> new UnreachableStrategy.Disabled();
    };
  }
}
