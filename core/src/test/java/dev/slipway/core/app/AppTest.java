package dev.slipway.core.app;

import static org.assertj.core.api.Assertions.assertThat;

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
            new BackoffPolicy(Duration.ofSeconds(2), 2, Duration.ofSeconds(60)),
            ""),
        with(SPEC, List.of(), UpgradeStrategy.DEFAULT, BackoffPolicy.DEFAULT, "PT9S"));
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
        launched(new Command.Shell("sleep 101"), res, none, none, List.of(), ""),
        launched(cmd, Resources.of(0.2, 32, 0, 0), none, none, List.of(), ""),
        launched(cmd, res, one, none, List.of(), ""),
        launched(cmd, res, none, one, List.of(), ""),
        launched(cmd, res, none, none, List.of(Fetch.of("http://a/b.tgz")), ""),
        launched(cmd, res, none, none, List.of(), "nobody"),
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
    return new AppSpec(
        spec.id(),
        spec.command(),
        spec.resources(),
        spec.instances(),
        spec.env(),
        spec.labels(),
        spec.fetch(),
        spec.user(),
        spec.ports(),
        spec.requirePorts(),
        checks,
        strategy,
        backoff,
        Optional.of(grace).filter(text -> !text.isEmpty()).map(Duration::parse),
        spec.dependencies(),
        spec.constraints(),
        spec.killSelection());
  }

  private static AppSpec launched(
      Command command,
      Resources resources,
      SortedMap<String, String> env,
      SortedMap<String, String> labels,
      List<Fetch> fetch,
      String user) {
    return new AppSpec(
        SPEC.id(),
        command,
        resources,
        SPEC.instances(),
        env,
        labels,
        fetch,
        Optional.of(user).filter(name -> !name.isEmpty()),
        SPEC.ports(),
        SPEC.requirePorts(),
        SPEC.healthChecks(),
        SPEC.upgradeStrategy(),
        SPEC.backoff(),
        SPEC.taskKillGracePeriod(),
        SPEC.dependencies(),
        SPEC.constraints(),
        SPEC.killSelection());
  }
}
