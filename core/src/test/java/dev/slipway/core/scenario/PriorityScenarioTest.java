package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.control.Input;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Who goes first, and who makes room for whom.
class PriorityScenarioTest {
  private static final NodeId N1 = new NodeId("n1");
  private Scenario story = Scenario.onNodes(1);

  /// An app that gives all of its instances up, each with so many of a node's four cores.
  private static AppBuilder low(String id, int instances, double cpus) {
    return app(id, instances).requesting(cpus, 32).upgrading(0, 0);
  }

  private static AppBuilder high(String id, int instances, double cpus) {
    return app(id, instances).requesting(cpus, 32).priority(10);
  }

  private List<Event.KillOrdered> preempted() {
    return story.events(Event.KillOrdered.class).stream()
        .filter(order -> order.kill().reason() == KillReason.PREEMPTED)
        .toList();
  }

  private int preempted(String id) {
    return (int)
        preempted().stream().filter(order -> order.instance().app().equals(PathId.of(id))).count();
  }

  private void budget(boolean enabled, int perMinute) {
    var policy = PlacementPolicy.DEFAULT.with(new PlacementPolicy.Preemption(enabled, perMinute));
    story.when(Input.SetPlacementPolicy.to(policy));
  }

  private int waiting(String id) {
    return (int)
        story.instances(id).stream().filter(i -> i.condition() == Condition.SCHEDULED).count();
  }

  @Test
  void theHighestIsPlacedFirstWhereSeveralWait() {
    story.given(app("/full", 1).requesting(4, 32).priority(20));
    story.when(app("/a", 1).requesting(4, 32).put());
    story.when(app("/b", 1).requesting(4, 32).priority(-5).put());
    story.when(app("/z", 1).requesting(4, 32).priority(10).put());

    story.when(new Input.RemoveApp(PathId.of("/full"), true));
    story.eventually("the highest runs", () -> story.running("/z") == 1);
    story.when(new Input.RemoveApp(PathId.of("/z"), true));
    story.eventually("then the next", () -> story.running("/a") == 1);
    assertThat(waiting("/b")).isEqualTo(1);
  }

  @Test
  void endsInstancesOfLowerPriorityForOneThatFitsNowhere() {
    story.given(low("/low", 4, 1));
    story.given(high("/high", 1, 2));

    assertThat(story.running("/high")).isEqualTo(1);
    assertThat(story.running("/low")).isEqualTo(2);
    assertThat(waiting("/low")).isEqualTo(2);
    Instance made = story.instances("/high").getFirst();
    assertThat(preempted())
        .hasSize(2)
        .allSatisfy(
            order ->
                assertThat(order.kill().detail())
                    .isEqualTo(
                        "makes room for %s, which has priority 10, on n1; its own is 0"
                            .formatted(made.id())));
  }

  @Test
  void equalPrioritiesNeverMakeRoomAndNobodyIsDisplacedBack() {
    story.given(low("/low", 4, 1).priority(10));
    story.when(high("/high", 1, 2).put());
    story.pass(Duration.ofMinutes(10));
    assertThat(preempted()).isEmpty();

    story.when(high("/high", 1, 2).priority(11).force());
    story.eventually("it runs", () -> story.running("/high") == 1);
    story.pass(Duration.ofMinutes(10));
    assertThat(preempted()).hasSize(2);
    assertThat(story.running("/high")).isEqualTo(1);
  }

  @Test
  void takesTheLowestPrioritiesThenTheFewestThenTheSmallest() {
    story = Scenario.onNodes(4);
    story.given(low("/least", 4, 1).priority(-1).constrained("hostname", Operator.IS, "n3"));
    story.given(low("/small", 4, 1).constrained("hostname", Operator.IS, "n1"));
    story.given(low("/large", 1, 4).constrained("hostname", Operator.IS, "n2"));
    story.given(low("/half", 2, 2).constrained("hostname", Operator.IS, "n4"));

    story.given(high("/one", 1, 2));
    assertThat(preempted("/least")).isEqualTo(2);
    story.given(high("/two", 1, 2));
    assertThat(preempted("/least")).isEqualTo(4);
    story.given(high("/three", 1, 2));
    assertThat(preempted("/half")).isEqualTo(1);
    assertThat(preempted()).hasSize(5);
  }

  @Test
  void endsNoMoreThanIsNeeded() {
    story.given(low("/a", 1, 0.5).priority(1));
    story.given(low("/b", 1, 2.5));
    story.given(low("/c", 1, 1).priority(-3));

    story.given(high("/high", 1, 2.5));
    assertThat(preempted("/b")).isEqualTo(1);
    assertThat(preempted()).hasSize(1);
  }

  @Test
  void keepsWhatTheVictimsAskFor() {
    story = Scenario.onNodes(2);
    story.given(low("/low", 8, 1).upgrading(0.75, 0));
    story.promise("six are ready", () -> story.ready("/low") >= 6);

    story.when(high("/high", 1, 3).put());
    story.pass(Duration.ofMinutes(5));
    assertThat(preempted()).isEmpty();
    assertThat(waiting("/high")).isEqualTo(1);

    story.when(high("/high", 1, 2).force());
    story.eventually("it runs", () -> story.running("/high") == 1);
    story.when(high("/more", 1, 1).put());
    story.pass(Duration.ofMinutes(5));
    assertThat(preempted()).hasSize(2);
  }

  @Test
  void marathonsDefaultGivesNobodyUp() {
    story.given(app("/low", 4).requesting(1, 32));
    story.when(high("/high", 1, 1).put());
    story.pass(Duration.ofMinutes(5));
    assertThat(preempted()).isEmpty();
  }

  @Test
  void instancesWithVolumesStay() {
    story.given(low("/db", 1, 4).withVolume("data", 10).upgrading(0, 0));
    story.when(high("/high", 1, 1).put());
    story.pass(Duration.ofMinutes(5));
    assertThat(preempted()).isEmpty();
  }

  @Test
  void keepsTheRoomForWhomItWasMade() {
    story.given(low("/low", 4, 1).running("slow"));
    story.when(high("/high", 1, 4).put());
    assertThat(preempted()).hasSize(4);
    assertThat(story.state().nominations().byInstance().size()).isEqualTo(1);

    story.when(low("/thief", 3, 1).priority(10).put());
    story.when(low("/other", 3, 1).put());
    story.eventually("it runs", () -> story.running("/high") == 1);
    assertThat(story.running("/thief") + story.running("/other")).isZero();
    assertThat(story.state().nominations().byInstance().isEmpty()).isTrue();
  }

  @Test
  void aHigherOneTakesTheRoomAndTheOtherLooksAnew() {
    story = Scenario.onNodes(2);
    story.given(low("/low", 2, 4).running("stubborn"));
    story.when(high("/high", 1, 4).put());
    assertThat(preempted()).hasSize(1);

    story.when(high("/higher", 1, 4).priority(20).put());
    assertThat(preempted()).as("enough is on its way out for both").hasSize(2);
    story.eventually(
        "both run", () -> story.running("/high") == 1 && story.running("/higher") == 1);
    assertThat(preempted()).hasSize(2);
  }

  @Test
  void endsNobodyWhileEnoughIsOnItsWayOut() {
    story = Scenario.onNodes(2);
    story.given(low("/low", 2, 4).running("stubborn"));
    story.when(low("/low", 1, 4).running("stubborn").put());
    story.when(high("/high", 1, 4).put());

    story.eventually("it runs", () -> story.running("/high") == 1);
    assertThat(preempted()).isEmpty();
  }

  @Test
  void aRestartChangesNothing() {
    story.given(low("/low", 4, 1).running("stubborn"));
    story.when(high("/high", 1, 2).put());
    assertThat(preempted()).hasSize(2);
    var kept = story.state().nominations();

    story.restart();
    assertThat(story.state().nominations()).isEqualTo(kept);
    story.eventually("it runs", () -> story.running("/high") == 1);
    assertThat(preempted()).hasSize(2);
  }

  @Test
  void looksAnewWhenTheNodeLeaves() {
    story = Scenario.onNodes(2);
    story.given(low("/low", 2, 4).running("stubborn"));
    story.when(high("/high", 1, 4).put());
    NodeId first =
        story.state().nominations().byInstance().values().iterator().next().place().node();

    story.when(new Input.DrainNode(first, true));
    assertThat(story.state().nominations().byInstance().values())
        .allSatisfy(one -> assertThat(one.place().node()).isNotEqualTo(first));
    story.eventually("it runs elsewhere", () -> story.running("/high") == 1);
  }

  @Test
  void givesTheRoomUpAfterATime() {
    story.given(low("/low", 1, 4));
    story.engine().deaf(true);
    story.when(high("/high", 1, 4).put());
    assertThat(story.state().nominations().byInstance().size()).isEqualTo(1);

    story.pass(Duration.ofMinutes(5));
    assertThat(story.events(Event.NominationEnded.class)).isNotEmpty();
    assertThat(preempted()).hasSize(1);
  }

  @Test
  void keepsToItsBudgetAndGoesOnWhenItIsRenewed() {
    budget(true, 2);
    story.given(low("/low", 4, 1));
    story.when(high("/high", 3, 1).put());
    assertThat(preempted()).hasSize(2);

    story.pass(Duration.ofSeconds(50));
    assertThat(preempted()).hasSize(2);
    story.restart();
    story.pass(Duration.ofSeconds(20));
    assertThat(preempted()).hasSize(3);
    story.eventually("all run", () -> story.running("/high") == 3);
  }

  @Test
  void endsNobodyWhereItIsTurnedOff() {
    budget(false, 60);
    story.given(low("/low", 4, 1));
    story.when(high("/high", 3, 1).put());
    story.pass(Duration.ofMinutes(5));
    assertThat(preempted()).isEmpty();

    budget(true, 60);
    story.eventually("all run", () -> story.running("/high") == 3);
  }

  @Test
  void victimsStartElsewhereWithoutDelay() {
    story = Scenario.onNodes(2);
    story.given(low("/low", 4, 1));

    story.given(high("/high", 1, 3).constrained("hostname", Operator.IS, "n1"));
    assertThat(preempted()).hasSize(1);
    assertThat(story.running("/low")).isEqualTo(4);
    assertThat(story.state().backoffs().isEmpty()).isTrue();
    assertThat(story.failures("/low")).isZero();
  }

  @Test
  void whatIsAskedOfTheNodeHoldsAfterwards() {
    story = Scenario.onNodes(3);
    story.given(low("/low", 12, 1));
    story.given(
        high("/high", 2, 1)
            .constrained("hostname", Operator.UNIQUE, "")
            .constrained("hostname", Operator.UNLIKE, "n1")
            .withPort(8080, true));
    assertThat(story.instances("/high"))
        .extracting(one -> one.place().orElseThrow().node().value())
        .containsExactlyInAnyOrder("n2", "n3");
    assertThat(preempted()).hasSize(2);
  }

  @Test
  void freesAPortThatIsRequired() {
    story.given(low("/low", 1, 0.1).withPort(8080, true));
    story.given(low("/beside", 1, 0.1));
    story.given(high("/high", 1, 0.1).withPort(8080, true));
    assertThat(preempted("/low")).isEqualTo(1);
    assertThat(preempted()).hasSize(1);
  }

  @Test
  void freesWholeDevices() {
    story = Scenario.onNodes(1, Resources.of(4, 4096, 4096, 2));
    story.given(low("/half", 3, 0.1).with(app -> app.resources(Resources.of(0.1, 32, 0, 0.5))));
    story.given(high("/whole", 1, 1).with(app -> app.resources(Resources.of(0.1, 32, 0, 1))));
    assertThat(preempted("/half")).isEqualTo(1);
  }

  @Test
  void endsNobodyForStandingApartSinceTheyWouldComeBack() {
    story.given(low("/noisy", 2, 0.1));
    story.when(
        high("/high", 1, 0.1)
            .scheduled(
                List.of(),
                List.of(),
                List.of(
                    new Scheduling.Affinity(PathId.of("/noisy"), "hostname", OptionalInt.empty())))
            .put());
    story.pass(Duration.ofMinutes(5));
    assertThat(preempted()).isEmpty();
    assertThat(waiting("/high")).isEqualTo(1);
  }

  @Test
  void keepsTheCompanyThatItNeeds() {
    story.given(low("/db", 4, 1));
    story.given(
        high("/high", 1, 3)
            .scheduled(
                List.of(),
                List.of(new Scheduling.Affinity(PathId.of("/db"), "hostname", OptionalInt.empty())),
                List.of()));
    assertThat(story.running("/db")).isEqualTo(1);
  }

  @Test
  void staysEvenWhereItIsSpread() {
    story = Scenario.onNodes(2);
    story.given(low("/low", 8, 1));
    story.given(
        high("/high", 4, 1)
            .scheduled(
                List.of(new Scheduling.Spread("rack", 1, OptionalInt.empty())),
                List.of(),
                List.of()));
    assertThat(
            story.instances("/high").stream()
                .filter(one -> one.place().orElseThrow().node().equals(N1))
                .count())
        .isEqualTo(2);
  }

  @Test
  void anUpdateOfTheVictimsStillEnds() {
    story = Scenario.onNodes(2);
    story.given(low("/low", 6, 1).upgrading(0.5, 0).version("1"));
    story.when(low("/low", 6, 1).upgrading(0.5, 0).version("2").put());
    story.promise("half are ready", () -> story.ready("/low") >= 3);
    story.when(high("/high", 2, 1).put());
    story.eventually("both are done", () -> story.state().deployments().isEmpty());
    assertThat(story.ready("/low", "V", "2")).isEqualTo(6);
  }
}
