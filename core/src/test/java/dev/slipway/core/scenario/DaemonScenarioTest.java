package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.DrainProgress;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.LaunchRequest;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Reason;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A daemon has one instance on each node that is for it: no more, no fewer, and nowhere else.
class DaemonScenarioTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private static final PathId AGENT = PathId.of("/agent");
  private static final Resources NODE = Resources.of(4, 4096, 4096, 0);
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder agent = app("/agent", 1).daemon().withHealthCheck().version("1");

  @BeforeEach
  void neverTwoOnANode() {
    story.promise("never two on a node", () -> Standing.areApart(story));
  }

  @Test
  void runsOnEachNode() {
    story.given(agent);

    assertThat(Standing.nodes(story)).containsExactly("n1", "n2", "n3");
    assertThat(story.ready("/agent")).isEqualTo(3);
  }

  @Test
  void comesToANodeThatJoinsWithoutADeployment() {
    story.given(agent);

    story.engine().offer(Scenario.node(4, NODE));

    story.eventually("it runs there, too", () -> story.ready("/agent") == 4);
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2", "n3", "n4");
    assertThat(story.events(Event.DeploymentStarted.class)).hasSize(1);
    assertThat(story.events(Event.KillOrdered.class)).isEmpty();
  }

  @Test
  void leavesWithItsNodeAndComesToNoOther() {
    story.given(agent);

    story.engine().withdraw(N1);
    story.picture();

    story.eventually(
        "the node is gone",
        () -> story.state().node(N1).isEmpty() || Standing.on(story, N1).isEmpty());
    story.pass(Duration.ofMinutes(10));
    assertThat(Standing.nodes(story)).containsExactly("n2", "n3");
    assertThat(story.instances("/agent")).hasSize(2);
  }

  @Test
  void runsOnlyWhereItsConstraintsLetIt() {
    story.given(agent.constrained("rack", Constraint.Operator.LIKE, "r[12]"));
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2");

    story.given(agent.constrained("rack", Constraint.Operator.LIKE, "r[23]"));

    assertThat(Standing.nodes(story)).containsExactly("n2", "n3");
    assertThat(story.ready("/agent")).isEqualTo(2);
  }

  @Test
  void runsOnDedicatedNodesOnlyIfItAsks() {
    story.engine().offer(Scenario.node(4, NODE).dedicatedTo(Set.of("rack")));
    story.given(agent);
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2", "n3");

    story.given(agent.constrained("rack", Constraint.Operator.LIKE, "r.*"));

    assertThat(Standing.nodes(story)).containsExactly("n1", "n2", "n3", "n4");
  }

  @Test
  void staysOnANodeThatIsEmptiedUntilItsOtherInstancesAreGone() {
    story.given(agent);
    story.given(app("/web", 3).running("stubborn").constrained("hostname", UNIQUE, ""));
    story.engine().offer(Scenario.node(4, NODE));
    story.eventually("it is everywhere", () -> story.ready("/agent") == 4);

    story.when(new Input.DrainNode(N1, true));

    assertThat(Standing.on(story, N1))
        .extracting(Instance::condition)
        .containsOnly(Condition.RUNNING);
    assertThat(DrainProgress.of(story.state(), N1).orElseThrow().remaining())
        .filteredOn(one -> one.instance().app().equals(AGENT))
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.why())
                    .isEqualTo("is a daemon: ends when all that is none is gone from the node"));
    story.promise("it outlives the others", () -> webOn(N1) == 0 || running(N1) == 1);
    story.eventually(
        "the node is empty", () -> story.state().node(N1).orElseThrow().instances().isEmpty());
    assertThat(story.instances("/agent")).hasSize(3);
    assertThat(story.events(Event.KillOrdered.class))
        .filteredOn(order -> order.instance().app().equals(AGENT))
        .extracting(order -> order.kill().reason())
        .containsExactly(KillReason.NODE_DRAINED);

    story.when(new Input.DrainNode(N1, false));
    story.eventually("it is back", () -> story.ready("/agent") == 4);
  }

  @Test
  void endsAtOnceOnAnEmptiedNodeThatHasOnlyDaemons() {
    story.given(agent);
    story.given(app("/logs", 1).daemon());

    story.when(new Input.DrainNode(N1, true));

    story.eventually(
        "the node is empty", () -> story.state().node(N1).orElseThrow().instances().isEmpty());
  }

  @Test
  void waitsForASilentNodeAndComesToNoOther() {
    story.given(agent.waitingFor(Duration.ofMinutes(1), Duration.ofMinutes(5)));
    InstanceId first = Standing.on(story, N1).getFirst().id();

    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(3));
    assertThat(Standing.on(story, N1))
        .extracting(Instance::condition)
        .containsOnly(Condition.UNREACHABLE_INACTIVE);
    assertThat(story.instances("/agent")).hasSize(3);

    story.engine().silence(N1, false);
    story.eventually("it is back", () -> story.ready("/agent") == 3);
    assertThat(Standing.on(story, N1)).extracting(Instance::id).containsExactly(first);
    assertThat(story.events(Event.KillOrdered.class)).isEmpty();
  }

  @Test
  void startsAnewOnANodeThatReturnsAfterItWasGivenUp() {
    story.given(agent.waitingFor(Duration.ofMinutes(1), Duration.ofMinutes(5)));
    InstanceId first = Standing.on(story, N1).getFirst().id();
    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(10));
    assertThat(Standing.nodesOf(story, one -> one.condition() == Condition.RUNNING))
        .containsExactly("n2", "n3");

    story.engine().silence(N1, false);

    story.eventually("another one runs there", () -> story.ready("/agent") == 3);
    assertThat(Standing.on(story, N1)).extracting(Instance::id).doesNotContain(first);
  }

  @Test
  void aNodeWithoutRoomWaitsAloneAndSaysWhy() {
    story.given(app("/big", 1).requesting(3.5, 4000).constrained("hostname", CLUSTER, "n2"));

    story.given(agent.requesting(0.5, 200));

    assertThat(Standing.nodes(story)).containsExactly("n1", "n3");
    assertThat(story.instances("/agent")).hasSize(3);
    assertThat(verdicts())
        .filteredOn(verdict -> verdict.node().equals(N2))
        .singleElement()
        .satisfies(
            verdict -> {
              assertThat(verdict.reason()).isEqualTo(Reason.INSUFFICIENT_MEMORY);
              assertThat(verdict.detail()).isEqualTo("mem 96 MiB free < 200 MiB requested");
            });

    story.given(app("/big", 0).requesting(3.5, 4000));
    story.eventually("there is room", () -> story.ready("/agent") == 3);
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2", "n3");
  }

  @Test
  void isNowhereWhileItIsSuspended() {
    story.given(agent);

    story.given(agent.times(0));
    assertThat(story.instances("/agent")).isEmpty();
    story.engine().offer(Scenario.node(4, NODE));
    story.pass(Duration.ofMinutes(1));
    assertThat(story.instances("/agent")).isEmpty();

    story.given(agent);
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2", "n3", "n4");
  }

  @Test
  void comesBackWhereItCrashed() {
    story.given(agent);
    Instance one = Standing.on(story, N1).getFirst();

    story.engine().exit(one.id().task(), 1);

    story.eventually("another runs there", () -> story.ready("/agent") == 3);
    assertThat(Standing.nodes(story)).containsExactly("n1", "n2", "n3");
  }

  @Test
  void becomesAnOrdinaryAppAndADaemonAgain() {
    var free = Scenario.onNodes(3);
    free.given(app("/agent", 5).withHealthCheck());
    free.given(app("/agent", 1).daemon().withHealthCheck());
    assertThat(Standing.nodes(free)).containsExactly("n1", "n2", "n3");
    free.given(app("/agent", 2).withHealthCheck());
    assertThat(free.instances("/agent")).hasSize(2);
  }

  /// Of the old ones of a node, one that is ready stays, whichever comes first otherwise.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void leavesAReadyOneOnEachNodeWhenAnAppWithSeveralOnANodeBecomesOne(int turn) {
    var two = Scenario.onNodes(2);
    for (int count = 1; count <= 4; count++) {
      two.given(app("/agent", count).withHealthCheck());
    }
    Instance unwell = two.instances("/agent").get(turn);
    two.tell(new Input.HealthSeen(unwell.id(), false));
    two.pass(Duration.ofMillis(500));
    assertThat(two.ready("/agent")).isEqualTo(3);
    two.promise("one node has a ready one", () -> two.ready("/agent") >= 1);

    two.given(agent.version("2"));

    assertThat(two.ready("/agent", "V", "2")).isEqualTo(2);
  }

  @Test
  void isNotToldApartByARestartOfTheServer() {
    story.given(agent);
    int events = story.journal().size();

    story.restart();
    story.pass(Duration.ofMinutes(1));

    assertThat(story.events(Event.InstanceScheduled.class)).hasSize(3);
    assertThat(story.journal()).hasSize(events + 1);
  }

  @Test
  void aDependentWaitsForItOnAllNodes() {
    story.given(agent);
    story.given(app("/web", 1).dependingOn("/agent"));
    assertThat(story.running("/web")).isEqualTo(1);
    assertThat(story.when(app("/none", 1).daemon().constrained("rack", CLUSTER, "x").put()))
        .isInstanceOf(Reply.Deploying.class);
    story.given(app("/shop", 1).dependingOn("/none"));
  }

  private static final Constraint.Operator CLUSTER = Constraint.Operator.CLUSTER;
  private static final Constraint.Operator UNIQUE = Constraint.Operator.UNIQUE;

  private List<NodeVerdict> verdicts() {
    var spec = story.state().app(AGENT).orElseThrow().spec();
    return Placement.explain(
        story.state().nodes(), LaunchRequest.of(story.state(), spec), story.instances("/agent"));
  }

  private long running(NodeId node) {
    return Standing.on(story, node).stream()
        .filter(one -> one.condition() == Condition.RUNNING)
        .count();
  }

  private long webOn(NodeId node) {
    return story.instances("/web").stream()
        .filter(one -> one.place().filter(place -> place.node().equals(node)).isPresent())
        .count();
  }
}
