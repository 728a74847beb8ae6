package dev.slipway.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AppTest {
  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2024-01-02T00:00:00Z");
  private static final AppSpec SPEC = SampleApps.sleeper("/shop/cart");
  private static final Scheduling DAEMON =
      new Scheduling(List.of(), List.of(), List.of(), 0, true, false);
  private static final Scheduling URGENT =
      new Scheduling(List.of(), List.of(), List.of(), 10, false, true);
  private static final App APP = new App(SPEC, VersionInfo.first(FIRST));

  @Test
  void staysTheSameWhenNothingChanged() {
    assertThat(APP.revised(SampleApps.sleeper("/shop/cart"), LATER)).isSameAs(APP);
  }

  @Test
  void keepsConfigAndGenerationWhenOnlyScaled() {
    var scaled = APP.revised(SPEC.withInstances(7), LATER);
    assertThat(scaled.spec().instances()).isEqualTo(7);
    assertThat(scaled.versions()).isEqualTo(new VersionInfo(LATER, LATER, FIRST, FIRST));
  }

  @Test
  void becomesADaemonAndAnAppOfManyAgain() {
    AppSpec many = SPEC.withInstances(5);
    AppSpec daemon = SPEC.toBuilder().instances(1).scheduling(DAEMON).build();
    var app = new App(many, VersionInfo.first(FIRST)).revised(daemon, LATER);
    assertThat(app.versions()).isEqualTo(VersionInfo.first(FIRST).changedInPlace(LATER));
    assertThat(app.revised(many, LATER).spec()).isEqualTo(many);
    assertThatThrownBy(() -> daemon.withInstances(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("harmlessChanges")
  void keepsTheGenerationWhenWhatIsLaunchedStaysTheSame(AppSpec next) {
    assertThat(next).isNotEqualTo(SPEC);
    assertThat(APP.revised(next, LATER).versions())
        .isEqualTo(new VersionInfo(LATER, LATER, LATER, FIRST));
    assertThat(APP.revised(next.withInstances(5), LATER).versions())
        .isEqualTo(new VersionInfo(LATER, LATER, LATER, FIRST));
  }

  static Stream<AppSpec> harmlessChanges() {
    var check =
        new HealthCheck(
            new HealthCheck.Probe.Exec("true"),
            Duration.ofSeconds(300),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            3,
            false);
    SortedSet<PathId> dependencies = new TreeSet<>(List.of(PathId.of("/db")));
    return Stream.of(
        SPEC.withDependencies(dependencies),
        with(SPEC, List.of(check), UpgradeStrategy.DEFAULT, BackoffPolicy.DEFAULT, ""),
        with(SPEC, List.of(), new UpgradeStrategy(0.5, 0), BackoffPolicy.DEFAULT, ""),
        with(
            SPEC,
            List.of(),
            UpgradeStrategy.DEFAULT,
            BackoffPolicy.of(Duration.ofSeconds(2), 2, Duration.ofSeconds(60)),
            ""),
        with(SPEC, List.of(), UpgradeStrategy.DEFAULT, BackoffPolicy.DEFAULT, "PT9S"),
        SPEC.toBuilder().labels(new TreeMap<>(java.util.Map.of("team", "shop"))).build(),
        SPEC.toBuilder()
            .constraints(
                List.of(new Constraint("hostname", Constraint.Operator.UNIQUE, Optional.empty())))
            .build(),
        SPEC.toBuilder().restartPolicy(RestartPolicy.NEVER).build(),
        SPEC.toBuilder().scheduling(URGENT).build(),
        SPEC.toBuilder().unreachableStrategy(new UnreachableStrategy.Disabled()).build());
  }

  @ParameterizedTest
  @MethodSource("changesToTheTask")
  void beginsAGenerationWhenATaskWouldBeLaunchedOtherwise(AppSpec next) {
    assertThat(APP.revised(next, LATER).versions()).isEqualTo(VersionInfo.first(LATER));
  }

  static Stream<AppSpec> changesToTheTask() {
    SortedMap<String, String> one = new TreeMap<>();
    one.put("A", "1");
    SortedMap<String, String> none = new TreeMap<>();
    var cmd = SPEC.command();
    var res = SPEC.resources();
    return Stream.of(
        launched(new Command.Shell("sleep 101"), res, none, List.of(), ""),
        launched(cmd, Resources.of(0.2, 32, 0, 0), none, List.of(), ""),
        launched(cmd, res, one, List.of(), ""),
        launched(cmd, res, none, List.of(Fetch.of("http://a/b.tgz")), ""),
        launched(cmd, res, none, List.of(), "nobody"),
        SPEC.withPorts(List.of(PortDefinition.any())));
  }

  @Test
  void beginsAGenerationOnRestartAndKeepsTheConfigTime() {
    assertThat(APP.versions().restarted(LATER))
        .isEqualTo(new VersionInfo(LATER, LATER, FIRST, LATER));
  }

  private static AppSpec with(
      AppSpec spec,
      List<HealthCheck> checks,
      UpgradeStrategy strategy,
      BackoffPolicy backoff,
      String grace) {
    return spec.toBuilder()
        .healthChecks(checks)
        .upgradeStrategy(strategy)
        .backoff(backoff)
        .taskKillGracePeriod(
            Optional.of(grace).filter(text -> !text.isEmpty()).map(Duration::parse))
        .build();
  }

  private static AppSpec launched(
      Command command,
      Resources resources,
      SortedMap<String, String> env,
      List<Fetch> fetch,
      String user) {
    return SPEC.toBuilder()
        .command(command)
        .resources(resources)
        .env(env)
        .fetch(fetch)
        .user(Optional.of(user).filter(name -> !name.isEmpty()))
        .build();
  }
}
