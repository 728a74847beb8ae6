package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How a daemon changes to a new version: node by node, and nobody is waited for who cannot follow.
class DaemonUpdateScenarioTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final NodeId N3 = new NodeId("n3");
  private static final NodeId N4 = new NodeId("n4");
  private static final Resources NODE = Resources.of(4, 4096, 4096, 0);
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder agent = app("/agent", 1).daemon().withHealthCheck().version("1");
  private static final Constraint.Operator CLUSTER = Constraint.Operator.CLUSTER;

  @BeforeEach
  void neverTwoOnANode() {
    story.promise("never two on a node", () -> Standing.areApart(story));
  }

  @Test
  void isUpdatedNodeByNodeTheOldOneFirst() {
    story.given(agent);
    story.promise("one is missing at most", () -> story.ready("/agent") >= 2);

    story.given(agent.version("2"));

    assertThat(story.ready("/agent", "V", "2")).isEqualTo(3);
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2", "n3");
  }

  @Test
  void isUpdatedOnAsManyNodesAtOnceAsItsHealthCapacityLeaves() {
    var wide = Scenario.onNodes(10);
    var half = agent.upgrading(0.7, 1);
    wide.given(half);
    wide.promise("seven serve", () -> wide.ready("/agent") >= 7);
    int[] fewest = {10};
    wide.promise(
        "always",
        () -> {
          fewest[0] = Math.min(fewest[0], wide.ready("/agent"));
          return Standing.areApart(wide);
        });

    wide.given(half.version("2"));

    assertThat(wide.ready("/agent", "V", "2")).isEqualTo(10);
    assertThat(fewest[0]).isEqualTo(7);
  }

  @Test
  void goesBackWhenTheNewVersionFails() {
    story.given(agent);
    story.promise("one is missing at most", () -> story.ready("/agent") >= 2);
    var rollout =
        new Rollout(
            Optional.empty(), Optional.of(Duration.ofSeconds(60)), Rollout.OnFailure.ROLLBACK);

    story.when(agent.version("2").running("unhealthy").with(spec -> spec.rollout(rollout)).put());

    story.eventually("it has failed", () -> !story.events(Event.DeploymentFailed.class).isEmpty());
    story.eventually("all is settled", () -> story.state().deployments().isEmpty());
    assertThat(story.ready("/agent", "V", "1")).isEqualTo(3);
    assertThat(story.state().ended())
        .extracting(Deployment.Ended::outcome)
        .contains(Deployment.Outcome.FAILED);
  }

  @Test
  void leavesTheOldOneWhereTheNewOneHasNoRoom() {
    story.given(app("/big", 1).requesting(3, 3900).constrained("hostname", CLUSTER, "n2"));
    story.given(agent.requesting(0.5, 100));
    InstanceId old = Standing.on(story, N2).getFirst().id();

    story.given(agent.version("2").requesting(0.5, 300));

    assertThat(story.ready("/agent", "V", "2")).isEqualTo(2);
    assertThat(Standing.on(story, N2)).extracting(Instance::id).containsExactly(old);
    story.given(app("/big", 0).requesting(3, 3900));
    story.eventually("it fits", () -> story.ready("/agent", "V", "2") == 3);
  }

  @Test
  void aNodeThatJoinsDoesNotHoldADeploymentUp() {
    story.given(agent);
    story.when(agent.version("2").put());
    story.pass(Duration.ofMillis(50));
    story.engine().offer(Scenario.node(4, NODE));
    story.engine().silence(N4, true);

    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(story.ready("/agent", "V", "2")).isEqualTo(3);
  }

  @Test
  void aNodeThatReturnsIsUpdatedThen() {
    story.given(agent);
    story.engine().silence(N1, true);
    story.given(agent.version("2"));
    assertThat(story.ready("/agent", "V", "2")).isEqualTo(2);

    story.engine().silence(N1, false);

    story.eventually("it is new there, too", () -> story.ready("/agent", "V", "2") == 3);
  }

  @Test
  void nodesThatReturnDuringAnUpdateFollowOneAfterTheOther() {
    story.engine().offer(Scenario.node(4, NODE));
    story.given(agent);
    story.when(agent.version("2").put());
    story.pass(Duration.ofMillis(50));
    for (boolean away : List.of(true, false)) {
      story.engine().silence(N2, away);
      story.engine().silence(N3, away);
      story.pass(Duration.ofMillis(300));
    }
    story.promise("one is missing at most", () -> story.ready("/agent") >= 3 || !replaced());

    story.eventually("all are new", () -> story.ready("/agent", "V", "2") == 4);
  }

  private boolean replaced() {
    return story.events(Event.KillOrdered.class).size() > 1;
  }
}
