package dev.slipway.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.AppSpecBuilder;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.UpgradeStrategy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementRulesTest {
  private static Scheduling daemon(Scheduling.Spread... spread) {
    return new Scheduling(List.of(spread), List.of(), List.of(), 0, true, false);
  }

  private static AppSpec app(UnaryOperator<AppSpecBuilder> change) {
    var builder = SampleApps.sleeper("/agent").toBuilder().instances(1).scheduling(daemon());
    return change.apply(builder).build();
  }

  private static void assertRefused(AppSpec app, String path, String part) {
    assertThat(PlacementRules.problems(app))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo(path);
              assertThat(problem.message()).contains(part);
            });
  }

  private static AppSpec constrained(String field, Operator operator, String value) {
    var constraint =
        new Constraint(field, operator, Optional.of(value).filter(text -> !text.isEmpty()));
    return app(spec -> spec.constraints(List.of(constraint)));
  }

  @Test
  void aDaemonMayChooseItsNodes() {
    assertThat(PlacementRules.problems(app(spec -> spec))).isEmpty();
    assertThat(PlacementRules.problems(constrained("zone", Operator.LIKE, "a.*"))).isEmpty();
    assertThat(PlacementRules.problems(constrained("zone", Operator.UNLIKE, "b"))).isEmpty();
    assertThat(PlacementRules.problems(constrained("zone", Operator.IS, "a"))).isEmpty();
    assertThat(PlacementRules.problems(constrained("zone", Operator.CLUSTER, "a"))).isEmpty();
    assertThat(
            PlacementRules.problems(app(spec -> spec.upgradeStrategy(new UpgradeStrategy(1, 1)))))
        .isEmpty();
  }

  @Test
  void aDaemonMaySayWhatHoldsAnyhow() {
    assertThat(PlacementRules.problems(constrained("hostname", Operator.UNIQUE, ""))).isEmpty();
    assertThat(PlacementRules.problems(constrained("@hostname", Operator.MAX_PER, "1"))).isEmpty();
  }

  @Test
  void aDaemonHasNoRulesAboutItsOtherInstances() {
    String told = "says where instances stand to each other";
    assertRefused(constrained("zone", Operator.GROUP_BY, "3"), "/constraints", told);
    assertRefused(constrained("hostname", Operator.GROUP_BY, ""), "/constraints", told);
    assertRefused(constrained("zone", Operator.UNIQUE, ""), "/constraints", told);
    assertRefused(constrained("zone", Operator.MAX_PER, "2"), "/constraints", told);
    assertRefused(constrained("zone", Operator.CLUSTER, ""), "/constraints", told);
  }

  @Test
  void aDaemonHasNoWishes() {
    var wish = new Preference(new Constraint("zone", Operator.IS, Optional.of("a")), 5);
    assertRefused(app(spec -> spec.preferences(List.of(wish))), "/preferences", "chooses none");
    var spread = new Scheduling.Spread("zone", 1, OptionalInt.of(5));
    assertRefused(
        app(spec -> spec.scheduling(daemon(spread))), "/scheduling/spread", "leave 'spread' out");
    var near = List.of(new Scheduling.Affinity(PathId.of("/db"), "hostname", OptionalInt.empty()));
    assertRefused(
        app(spec -> spec.scheduling(new Scheduling(List.of(), near, List.of(), 0, true, false))),
        "/scheduling/affinity",
        "leave 'affinity' out");
    assertRefused(
        app(spec -> spec.scheduling(new Scheduling(List.of(), List.of(), near, 0, true, false))),
        "/scheduling/antiAffinity",
        "leave 'antiAffinity' out");
  }

  @ParameterizedTest
  @EnumSource(
      value = RestartPolicy.class,
      names = {"ON_FAILURE", "NEVER"})
  void aDaemonAlwaysRuns(RestartPolicy policy) {
    assertRefused(app(spec -> spec.restartPolicy(policy)), "/restartPolicy", "always runs");
  }

  @Test
  void aGangIsNoLargerThanWhatOneDecisionPlaces() {
    var gang = new Scheduling(List.of(), List.of(), List.of(), 0, false, true);
    AppSpec large = app(spec -> spec.scheduling(gang).instances(2001));
    assertRefused(large, "/scheduling/gang", "at most 2000 instances");
    assertThat(PlacementRules.problems(large.withInstances(2000))).isEmpty();
  }
}
