package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.rebalancing.Move;
import dev.slipway.core.rebalancing.Run;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RebalanceScenarioTest {
  /// Two nodes with room for two of the apps each.
  private final Scenario story = Scenario.onNodes(2, Resources.of(1, 512, 0, 0));

  @Test
  void emptiesANodeWithoutEverHavingFewerReady() {
    torn();
    story.promise(
        "one of each stays ready", () -> story.ready("/a") >= 1 && story.ready("/c") >= 1);

    assertThat(story.when(new Input.Rebalance())).isInstanceOf(Reply.Rebalancing.class);

    story.eventually("it is over", this::isOver);
    assertThat(used()).hasSize(1);
    assertThat(run().done()).isEqualTo(1);
    assertThat(story.events(Event.KillOrdered.class).getLast().kill().reason())
        .isEqualTo(KillReason.REBALANCED);
    assertThat(story.events(Event.KillOrdered.class).getLast().kill().detail())
        .startsWith("empties n")
        .contains("; moved to n");
    assertThat(story.when(new Input.Rebalance()))
        .isInstanceOfSatisfying(
            Reply.Rebalancing.class, reply -> assertThat(reply.plan().moves()).isEmpty());
  }

  @Test
  void goesOnWhereItWasAfterARestart() {
    torn();
    story.when(new Input.Rebalance());
    story.restart();

    story.eventually("it is over", this::isOver);
    assertThat(used()).hasSize(1);
    assertThat(run().givenUp()).isZero();
  }

  @Test
  void movesOneInstanceOfAnAppAtATimeAndNoMoreAtOnceThanAllowed() {
    var wide = Scenario.onNodes(4, Resources.of(1, 512, 0, 0));
    for (String id : List.of("/a", "/b", "/c", "/d")) {
      wide.given(
          app(id, 1).requesting(0.5, 32).constrained("rack", Constraint.Operator.LIKE, "r[12]"));
    }
    policy(wide, new PlacementPolicy.Rebalancing(false, 1, 0, Duration.ofMinutes(1)));
    wide.promise("one at once", () -> wide.state().rebalancing().moving().size() <= 1);

    wide.when(new Input.Rebalance());
    wide.eventually("it is over", () -> wide.state().rebalancing().goingOn().isEmpty());
  }

  @Test
  void endsTheOldOneFirstWhereNoMoreMayRunAndFewerMay() {
    torn(one -> one.upgrading(0, 0));
    story.promise("never two", () -> staying("/a") <= 1 && staying("/c") <= 1);

    story.when(new Input.Rebalance());

    story.eventually("it is over", this::isOver);
    assertThat(run().givenUp()).isZero();
    assertThat(used()).hasSize(1);
  }

  @Test
  void givesUpAMoveWhoseReplacementDoesNotBecomeReady() {
    torn(one -> one.withHealthCheck());
    story.engine().mute();
    story.when(new Input.Rebalance());
    Move move = story.state().rebalancing().moving().values().iterator().next().move();

    story.eventually("it is over", this::isOver);

    assertThat(run().givenUp()).isEqualTo(1);
    assertThat(run().outcomes().getLast().reason()).contains("not ready within");
    story.eventually(
        "only the old one is left",
        () -> story.instances(move.instance().app().toString()).size() == 1);
    assertThat(story.state().instance(move.instance())).isPresent();
    assertThat(story.ready(move.instance().app().toString())).isEqualTo(1);
  }

  @Test
  void leavesADeploymentItsApp() {
    torn();
    story.when(new Input.Rebalance());
    Move move = story.state().rebalancing().moving().values().iterator().next().move();

    story.given(
        new AppBuilder(story.state().app(move.instance().app()).orElseThrow().spec()).version("2"));

    story.eventually("it is over", this::isOver);
    assertThat(run().outcomes().getFirst().reason()).isEqualTo("a deployment holds its app");
  }

  @Test
  void givesUpAMoveFromANodeThatIsDrained() {
    torn();
    story.when(new Input.Rebalance());
    Move move = story.state().rebalancing().moving().values().iterator().next().move();
    story.when(new Input.DrainNode(move.from(), true));

    story.eventually("the node is empty", () -> !used().contains(move.from()));
    story.eventually("it is over", this::isOver);
    assertThat(story.events(Event.KillOrdered.class).getLast().kill().reason())
        .isEqualTo(KillReason.NODE_DRAINED);
  }

  @Test
  void isStoppedAndConflictsWithAnother() {
    torn();
    story.when(new Input.Rebalance());

    assertThat(story.when(new Input.Rebalance())).isInstanceOf(Reply.Conflict.class);
    story.when(new Input.StopRebalancing());
    story.eventually("it is over", this::isOver);
    assertThat(run().ending().orElseThrow().reason()).isEqualTo("it was stopped");
    assertThat(story.when(new Input.StopRebalancing())).isInstanceOf(Reply.NotFound.class);
  }

  @Test
  void leavesAloneWhatMustNotMove() {
    torn(one -> one.labelled("SLIPWAY_REBALANCE", "never"));
    assertThat(planned()).isEmpty();
  }

  @Test
  void leavesRunOnceWorkAlone() {
    torn(one -> one.with(app -> app.restartPolicy(RestartPolicy.NEVER)));
    assertThat(planned()).isEmpty();
  }

  @Test
  void leavesWhatWasMovedAloneForAWhile() {
    torn();
    story.when(new Input.Rebalance());
    story.eventually("it is over", this::isOver);
    InstanceId moved = story.state().rebalancing().resting().keys().iterator().next();

    assertThat(story.state().rebalancing().isResting(moved, story.now())).isTrue();
    assertThat(story.state().rebalancing().isResting(moved, story.now().plusSeconds(3600)))
        .isFalse();
  }

  @Test
  void beginsOfItsOwnAccordWhereThatIsWantedAndNothingElseGoesOn() {
    torn();
    policy(story, new PlacementPolicy.Rebalancing(true, 5, 0, Duration.ofMinutes(1)));

    story.eventually("it is over", () -> story.state().rebalancing().run().isPresent() && isOver());

    assertThat(run().automatic()).isTrue();
    assertThat(used()).hasSize(1);
    int events = story.journal().size();
    story.pass(Duration.ofHours(2));
    assertThat(story.journal().subList(events, story.journal().size()))
        .noneMatch(Event.RebalancingPlanned.class::isInstance);
  }

  @Test
  void doesNotBeginOfItsOwnAccordWhileANodeIsDrained() {
    var three = Scenario.onNodes(3, Resources.of(1, 512, 0, 0));
    tear(three, one -> one);
    three.when(new Input.DrainNode(new NodeId("n3"), true));
    policy(three, new PlacementPolicy.Rebalancing(true, 5, 0, Duration.ofMinutes(1)));

    three.pass(Duration.ofMinutes(10));
    assertThat(three.state().rebalancing().run()).isEmpty();

    three.when(new Input.DrainNode(new NodeId("n3"), false));
    three.eventually("it begins", () -> three.state().rebalancing().run().isPresent());
  }

  /// `/a` and `/c` each alone on a node that has room for both.
  private void torn() {
    torn(one -> one);
  }

  private void torn(UnaryOperator<AppBuilder> change) {
    tear(story, change);
  }

  private static void tear(Scenario story, UnaryOperator<AppBuilder> change) {
    story.given(change.apply(app("/a", 1).requesting(0.5, 32)));
    story.given(app("/b", 1).requesting(0.5, 32));
    story.given(change.apply(app("/c", 1).requesting(0.5, 32)));
    story.when(new Input.RemoveApp(PathId.of("/b"), false));
    story.eventually("/b is gone", () -> story.state().deployments().isEmpty());
    policy(story, new PlacementPolicy.Rebalancing(false, 5, 0, Duration.ofMinutes(1)));
    assertThat(used(story)).hasSize(2);
  }

  private int staying(String app) {
    return (int) story.instances(app).stream().filter(one -> one.kill().isEmpty()).count();
  }

  private List<Move> planned() {
    return story.when(new Input.Rebalance()) instanceof Reply.Rebalancing(var plan)
        ? plan.moves()
        : List.of();
  }

  private static void policy(Scenario story, PlacementPolicy.Rebalancing wanted) {
    story.when(Input.SetPlacementPolicy.to(story.state().placementPolicy().with(wanted)));
  }

  private boolean isOver() {
    return story.state().rebalancing().goingOn().isEmpty();
  }

  private Run run() {
    return story.state().rebalancing().run().orElseThrow();
  }

  private List<NodeId> used() {
    return used(story);
  }

  private static List<NodeId> used(Scenario story) {
    List<NodeId> used = new ArrayList<>();
    for (NodeRecord node : story.state().nodes().byId().values()) {
      if (!node.instances().isEmpty()) {
        used.add(node.id());
      }
    }
    return used;
  }
}
