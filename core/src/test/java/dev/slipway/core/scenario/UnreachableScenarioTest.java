package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Nodes that go silent, and what their apps want to become of the instances there.
class UnreachableScenarioTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = app("/web", 3).waitingFor(MINUTE, MINUTE.multipliedBy(5));

  @Test
  void areReplacedAfterTheFirstTimeAndGivenUpAfterTheSecond() {
    story.given(web);
    Instance silent = on(N1).getFirst();

    story.engine().silence(N1, true);
    story.pass(Duration.ofSeconds(59));
    assertThat(on(N1)).extracting(Instance::condition).containsExactly(Condition.UNREACHABLE);
    assertThat(story.instances("/web")).hasSize(3);

    story.pass(Duration.ofSeconds(3));
    assertThat(on(N1))
        .extracting(Instance::condition)
        .containsExactly(Condition.UNREACHABLE_INACTIVE);
    assertThat(story.running("/web")).isEqualTo(3);
    assertThat(story.events(Event.KillOrdered.class)).isEmpty();

    story.pass(Duration.ofMinutes(4));
    assertThat(on(N1)).allMatch(Instance::isGivenUp);
    assertThat(story.events(Event.KillOrdered.class))
        .singleElement()
        .satisfies(
            order -> {
              assertThat(order.instance()).isEqualTo(silent.id());
              assertThat(order.kill().reason()).isEqualTo(KillReason.EXPUNGED);
              assertThat(order.kill().detail()).startsWith("nothing heard of n1 since 2026");
            });
    assertThat(story.state().node(N1).orElseThrow().used())
        .as("its room is its own until its end is known")
        .isEqualTo(web.spec().resources());
  }

  @Test
  void areNotGoneWhereAPictureKnowsTheNodeAndNothingOfItsTasks() {
    story.given(web);
    Instance there = on(N1).getFirst();

    story.engine().pictureWithSilent(N1);
    story.engine().pictureWithSilent(N1);

    assertThat(on(N1))
        .singleElement()
        .satisfies(instance -> assertThat(instance.id()).isEqualTo(there.id()))
        .satisfies(instance -> assertThat(instance.condition()).isEqualTo(Condition.UNREACHABLE));
    assertThat(story.events(Event.NodeSilent.class))
        .extracting(Event.NodeSilent::reason)
        .containsExactly("the kubelet stopped posting status");
    assertThat(story.events(Event.InstanceEnded.class)).isEmpty();
  }

  @Test
  void areEndedWhenTheirNodeReturnsAfterTheyWereGivenUp() {
    story.given(web);
    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(10));
    assertThat(story.engine().alive()).hasSize(4);

    story.engine().silence(N1, false);
    story.pass(Duration.ofSeconds(2));

    assertThat(story.engine().alive()).hasSize(3);
    assertThat(story.instances("/web")).hasSize(3);
    assertThat(on(N1)).isEmpty();
    assertThat(story.failures("/web")).isZero();
  }

  @Test
  void bothRunWhenTheNodeReturnsInBetweenAndOneIsEndedAtOnce() {
    story.given(web);
    InstanceId first = on(N1).getFirst().id();
    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(2));
    story.promise("three run", () -> story.running("/web") >= 3);

    story.engine().silence(N1, false);
    story.pass(Duration.ofSeconds(2));

    assertThat(story.running("/web")).isEqualTo(3);
    assertThat(story.instances("/web")).hasSize(3);
    assertThat(story.instances("/web")).extracting(Instance::id).contains(first);
    assertThat(story.events(Event.KillOrdered.class))
        .singleElement()
        .satisfies(order -> assertThat(order.kill().reason()).isEqualTo(KillReason.SCALED_DOWN));
  }

  @Test
  void theOldestGoesOfTwoWhereItsAppSaysSo() {
    story.given(web.with(app -> app.killSelection(KillSelection.OLDEST_FIRST)));
    InstanceId first = on(N1).getFirst().id();
    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(2));

    story.engine().silence(N1, false);
    story.pass(Duration.ofSeconds(2));

    assertThat(story.instances("/web")).hasSize(3);
    assertThat(story.events(Event.KillOrdered.class))
        .singleElement()
        .satisfies(order -> assertThat(order.instance()).isEqualTo(first));
  }

  @Test
  void areNotWaitedForByADeploymentThatWasEndingThem() {
    var stubborn = web.running("stubborn").with(app -> app.taskKillGracePeriod(Optional.of(HOUR)));
    story.given(stubborn);
    var ids = on(N1).stream().map(Instance::id).toList();
    story.when(new Input.KillInstances(ids, true, false));
    story.pass(Duration.ofSeconds(1));
    assertThat(story.state().deployments().isEmpty()).isFalse();

    story.engine().silence(N1, true);

    assertThat(story.state().deployments().isEmpty()).isTrue();
  }

  @Test
  void areNotGivenUpForTheTimeInWhichNoServerListened() {
    story.given(web);
    story.engine().silence(N1, true);
    story.pass(Duration.ofSeconds(10));
    State recorded = story.state();
    var first = new Input.TakeLeadership(new Epoch(99), "test");

    // Two hours later, before the engine has told that the node is back, also when a client asks
    // for something meanwhile.
    Instant later = story.now().plus(Duration.ofHours(2));
    Decision start = Decider.decide(recorded, first, later);
    Decision wish = Decider.decide(start.after(), web.times(4).put(), later);
    assertThat(wish.after().instancesOf(PathId.of("/web")).values())
        .extracting(Instance::condition)
        .doesNotContain(Condition.KILLING, Condition.UNREACHABLE_INACTIVE)
        .contains(Condition.UNREACHABLE);

    // An engine that never answers does not put it off for ever.
    var due = new Input.Due(new TreeSet<>(Set.of(PathId.of("/web"))));
    Instant over = later.plus(MINUTE.multipliedBy(5));
    assertThat(Decider.decide(wish.after(), due, over).events())
        .filteredOn(Event.KillOrdered.class::isInstance)
        .singleElement()
        .satisfies(
            order ->
                assertThat(((Event.KillOrdered) order).kill().reason())
                    .isEqualTo(KillReason.EXPUNGED));
  }

  @Test
  void areReplacedAndGivenUpAtOnceByDefault() {
    story.given(web.with(app -> app.unreachableStrategy(UnreachableStrategy.DEFAULT)));

    story.engine().silence(N1, true);
    story.pass(Duration.ofSeconds(2));

    assertThat(story.running("/web")).isEqualTo(3);
    assertThat(on(N1)).allMatch(Instance::isGivenUp);
  }

  @Test
  void areWaitedForForEverWhereThatIsDisabled() {
    story.given(web.with(app -> app.unreachableStrategy(new UnreachableStrategy.Disabled())));
    var before = ids();

    story.engine().silence(N1, true);
    story.pass(Duration.ofDays(30));

    assertThat(ids()).isEqualTo(before);
    assertThat(on(N1)).extracting(Instance::condition).containsExactly(Condition.UNREACHABLE);
  }

  @Test
  void timesGoOnAfterARestart() {
    story.given(web);
    story.engine().silence(N1, true);
    story.pass(Duration.ofSeconds(50));

    // The new server hears of the node with its first picture, and of its silence right after.
    story.restart();
    story.pass(Duration.ofSeconds(62));
    assertThat(story.running("/web")).isEqualTo(3);
    assertThat(on(N1))
        .extracting(Instance::condition)
        .containsExactly(Condition.UNREACHABLE_INACTIVE);
  }

  @Test
  void aChangedStrategyHoldsForThoseThatAreSilentAlready() {
    story.given(web.with(app -> app.unreachableStrategy(new UnreachableStrategy.Disabled())));
    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(30));

    story.when(web.put());
    story.pass(Duration.ofSeconds(2));

    assertThat(on(N1)).allMatch(Instance::isGivenUp);
    assertThat(story.running("/web")).isEqualTo(3);
  }

  @Test
  void deploymentsDoNotWaitForTheEndOfWhatIsSilent() {
    var waiting = web.with(app -> app.unreachableStrategy(new UnreachableStrategy.Disabled()));
    story.given(waiting);
    story.engine().silence(N1, true);

    story.given(waiting.times(2));
    assertThat(story.running("/web")).isEqualTo(2);
    assertThat(on(N1)).extracting(Instance::condition).containsExactly(Condition.KILLING);
    Instant before = story.state().root().version();

    assertThat(story.when(new Input.RemoveApp(PathId.of("/web"), false)))
        .isInstanceOf(Reply.Deploying.class);
    story.eventually("the app is removed", () -> story.state().deployments().isEmpty());
    assertThat(story.state().formations().isEmpty()).isTrue();

    story.engine().silence(N1, false);
    story.eventually("nothing runs", () -> story.engine().alive().isEmpty());
    story.eventually("nothing is known", () -> story.state().instances().isEmpty());
    assertThat(story.state().rootAt(before).orElseThrow().apps().size()).isEqualTo(1);
    assertThat(story.strays()).isEmpty();
  }

  @Test
  void theAppMayComeBackWhileItsLastInstanceIsStillSilent() {
    story.given(web);
    story.engine().silence(N1, true);
    story.when(new Input.RemoveApp(PathId.of("/web"), false));
    story.eventually("the app is removed", () -> story.state().deployments().isEmpty());

    story.given(web);
    assertThat(story.running("/web")).isEqualTo(3);

    story.engine().silence(N1, false);
    story.eventually("the old one is ended", () -> story.engine().alive().size() == 3);
    assertThat(story.running("/web")).isEqualTo(3);
  }

  @Test
  void anUpdateGoesOnWithoutTheSilent() {
    story.given(web.withHealthCheck().version("1"));
    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(2));

    story.given(web.withHealthCheck().version("2"));

    assertThat(story.ready("/web", "V", "2")).isEqualTo(3);
    story.engine().silence(N1, false);
    story.eventually("the old one is ended", () -> story.engine().alive().size() == 3);
    assertThat(story.ready("/web", "V", "2")).isEqualTo(3);
  }

  @Test
  void aMachineThatIsGoneForGoodCanBeForgotten() {
    story.given(web);
    assertThat(story.when(new Input.ForgetNode(N1))).isInstanceOf(Reply.Conflict.class);
    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(10));

    story.engine().withdraw(N1);
    assertThat(story.when(new Input.ForgetNode(N1))).isInstanceOf(Reply.Done.class);

    assertThat(story.state().node(N1)).isEmpty();
    assertThat(story.instances("/web")).hasSize(3);
    assertThat(story.running("/web")).isEqualTo(3);
    assertThat(story.when(new Input.ForgetNode(N1))).isInstanceOf(Reply.NotFound.class);
  }

  private List<InstanceId> ids() {
    return story.instances("/web").stream().map(Instance::id).toList();
  }

  private List<Instance> on(NodeId node) {
    return story.instances("/web").stream()
        .filter(instance -> instance.place().filter(place -> place.node().equals(node)).isPresent())
        .toList();
  }
}
