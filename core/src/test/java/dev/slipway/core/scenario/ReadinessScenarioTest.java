package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.ReadinessCheck;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Readiness checks hold a deployment up, and nothing else.
class ReadinessScenarioTest {
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = asked(app("/web", 2).withHealthCheck().version("1"));

  @Test
  void countsAnInstanceOnlyWhenItSaidThatItIsReady() {
    story.given(web);
    assertThat(story.events(Event.InstanceBecameReady.class)).hasSize(2);
    story.promise("two serve", () -> story.ready("/web") >= 2);

    story.when(web.running("unready").version("2").put());
    story.pass(Duration.ofMinutes(5));

    assertThat(story.ready("/web", "V", "1")).isEqualTo(2);
    assertThat(story.ready("/web", "V", "2")).isZero();
    assertThat(story.instances("/web")).filteredOn(Instance::awaitsReadiness).hasSize(2);
    assertThat(story.state().deployments().size()).isEqualTo(1);
  }

  @Test
  void isNotAskedOfInstancesThatNoDeploymentLaunched() {
    story.given(web);
    int before = story.events(Event.InstanceBecameReady.class).size();

    story.engine().exit(story.instances("/web").getFirst().id().task(), 1);

    story.eventually("two are ready", () -> story.ready("/web") == 2);
    story.pass(Duration.ofMinutes(1));
    assertThat(story.events(Event.InstanceBecameReady.class)).hasSize(before);
  }

  @Test
  void isAskedNoMoreWhenTheDeploymentIsOver() {
    story.given(web);
    Reply update = story.when(web.running("unready").version("2").put());
    story.pass(Duration.ofMinutes(1));

    story.when(new Input.CancelDeployment(((Reply.Deploying) update).deployment(), true));

    assertThat(story.instances("/web")).noneMatch(Instance::awaitsReadiness);
  }

  @Test
  void holdsNothingUpOnceTheCheckIsTakenAway() {
    story.given(web);
    story.when(web.running("unready").version("2").put());
    story.pass(Duration.ofMinutes(1));

    story.when(
        web.running("unready").version("2").with(app -> app.rollout(Rollout.DEFAULT)).force());

    story.eventually("all is settled", () -> story.state().deployments().isEmpty());
    assertThat(story.ready("/web", "V", "2")).isEqualTo(2);
  }

  @Test
  void isRememberedWhenTheServerIsStartedAgain() {
    story.when(web.running("unready").put());
    story.pass(Duration.ofMinutes(1));
    story.restart();
    assertThat(story.instances("/web")).allMatch(Instance::awaitsReadiness);
    story.instances("/web").forEach(one -> story.when(new Input.ReadySeen(one.id())));
    story.eventually("all is settled", () -> story.state().deployments().isEmpty());
  }

  private static AppBuilder asked(AppBuilder app) {
    var check =
        new ReadinessCheck(
            "readinessCheck",
            false,
            "/",
            "http-api",
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            List.of(200),
            false);
    return app.with(
        spec ->
            spec.rollout(
                new Rollout(Optional.of(check), Optional.empty(), Rollout.OnFailure.NONE)));
  }
}
