package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KillScenarioTest {
  private static final PathId WEB = PathId.of("/web");
  private final Scenario story = Scenario.onNodes(2);

  @Test
  void putsAnotherInThePlaceOfAKilledOneWithoutDelay() {
    story.given(app("/web", 3));
    InstanceId first = ids().getFirst();

    Reply reply = story.when(kill(false, first));

    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Done.class,
            done -> assertThat(done.killed()).extracting(Instance::id).containsExactly(first));
    story.eventually("three run", () -> story.running("/web") == 3);
    assertThat(ids()).doesNotContain(first);
    assertThat(story.state().backoffs().get(WEB)).isNull();
    assertThat(story.failures("/web")).isZero();
  }

  @Test
  void wantsThatManyFewerIfItIsToScale() {
    story.given(app("/web", 4));
    List<InstanceId> two = ids().subList(1, 3);

    Reply reply = story.when(kill(true, two.get(0), two.get(1)));

    assertThat(reply).isInstanceOf(Reply.Deploying.class);
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(ids()).hasSize(2).doesNotContainAnyElementsOf(two);
    assertThat(story.state().app(WEB).orElseThrow().spec().instances()).isEqualTo(2);
    assertThat(story.events(Event.InstanceScheduled.class)).hasSize(4);
  }

  @Test
  void doesNotScaleADaemon() {
    story.given(app("/web", 1).daemon());
    List<InstanceId> all = ids();
    InstanceId one = all.getFirst();

    assertThat(story.when(kill(true, one)))
        .isEqualTo(
            Reply.Invalid.of(
                "/instances",
                "/web is a daemon, which runs once on each node that can take it; leave out"
                    + " 'scale'"));
    assertThat(ids()).containsExactlyElementsOf(all);
    assertThat(story.when(kill(false, one))).isInstanceOf(Reply.Done.class);
  }

  @Test
  void countsAnInstanceThatIsNamedTwiceOnce() {
    story.given(app("/web", 4));
    InstanceId one = ids().getFirst();

    story.when(kill(true, one, one));

    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(ids()).hasSize(3);
    assertThat(story.events(Event.KillOrdered.class)).hasSize(1);
  }

  @Test
  void killsOnlyOnce() {
    story.given(app("/web", 2).running("stubborn"));
    InstanceId one = ids().getFirst();
    story.when(kill(false, one));

    Reply again = story.when(kill(true, one));

    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    assertThat(again).isInstanceOf(Reply.Deploying.class);
    assertThat(story.state().app(WEB).orElseThrow().spec().instances()).isEqualTo(2);
    assertThat(story.events(Event.KillOrdered.class)).hasSize(1);
  }

  @Test
  void passesOverWhatDoesNotExist() {
    InstanceId stranger = InstanceId.of(WEB, new UUID(1, 2));
    int events = story.journal().size();

    assertThat(story.when(kill(false, stranger))).isEqualTo(new Reply.Done(List.of()));
    assertThat(story.journal()).hasSize(events);
  }

  @Test
  void dropsWhatStandsNowhereAtOnce() {
    story.given(app("/web", 1));
    story.when(app("/web", 3).requesting(3.5, 32).force());
    story.pass(Duration.ofMinutes(1));
    InstanceId waiting =
        story.instances("/web").stream()
            .filter(instance -> instance.condition() == Condition.SCHEDULED)
            .findFirst()
            .orElseThrow()
            .id();

    story.when(kill(false, waiting));

    assertThat(ids()).doesNotContain(waiting);
    assertThat(story.events(Event.KillOrdered.class).getLast().kill().reason())
        .isEqualTo(KillReason.REQUESTED);
  }

  @Test
  void needsNoLockUnlessItScales() {
    story.given(app("/web", 2).withHealthCheck().version("1"));
    InstanceId one = ids().getFirst();
    story.when(app("/web", 2).withHealthCheck().running("mute").version("2").put());
    var before = story.state();

    assertThat(story.when(kill(true, one))).isInstanceOf(Reply.Locked.class);
    assertThat(story.state()).isEqualTo(before);
    assertThat(story.when(kill(false, one))).isInstanceOf(Reply.Done.class);
  }

  @Test
  void takesTheYoungestFirstAndThoseThatAreMissedLeast() {
    story.given(app("/web", 2).withHealthCheck());
    var old = ids();
    story.pass(Duration.ofMinutes(1));
    story.given(app("/web", 4).withHealthCheck());
    InstanceId weak = old.getFirst();
    story.when(new Input.HealthSeen(weak, false));

    story.given(app("/web", 2).withHealthCheck());

    assertThat(ids()).hasSize(2).contains(old.getLast()).doesNotContain(weak);
  }

  @Test
  void countsAnEndForItsHealthAsAFailureAndGivesTheReason() {
    story.when(app("/web", 1).running("unhealthy").withHealthCheck().put());
    story.eventually("it failed", () -> story.failures("/web") == 1);

    assertThat(story.events(Event.KillOrdered.class).getFirst().kill())
        .satisfies(
            kill -> {
              assertThat(kill.reason()).isEqualTo(KillReason.UNHEALTHY);
              assertThat(kill.detail()).isEqualTo("answered 500");
            });
    assertThat(story.state().failures().get(WEB))
        .satisfies(
            failures ->
                assertThat(failures.last().end().message()).isEqualTo("unhealthy: answered 500"));
  }

  @Test
  void recordsNothingAboutTheHealthOfWhatIsBeingEnded() {
    story.given(app("/web", 1).running("stubborn").withHealthCheck());
    InstanceId one = ids().getFirst();
    story.when(kill(false, one));
    int events = story.journal().size();

    story.when(new Input.HealthSeen(one, false));
    story.when(new Input.UnhealthySeen(one, "answered 500"));

    assertThat(story.journal()).hasSize(events);
  }

  @Test
  void givesTheOrderAgainAtFixedTimesHoweverOftenItLooks() {
    story.given(app("/web", 2));
    story.engine().deaf(true);
    InstanceId one = ids().getFirst();
    story.when(kill(false, one));
    for (int i = 0; i < 20; i++) {
      story.pass(Duration.ofSeconds(1));
      story.when(new Input.HealthSeen(ids().getLast(), i % 2 == 0));
    }
    assertThat(story.engine().killOrders(one.task())).isEqualTo(1);
    story.engine().deaf(false);

    // The grace of 3 s, 30 s, and the next tick of 5 s.
    story.pass(Duration.ofSeconds(16));

    assertThat(ids()).doesNotContain(one);
  }

  @Test
  void givesAnOrderAgainNoMoreThanOnceAPeriodWhileNobodyAnswers() {
    story.given(app("/web", 2));
    story.engine().deaf(true);
    InstanceId one = ids().getFirst();
    story.when(kill(false, one));

    for (int i = 0; i < 120; i++) {
      story.pass(Duration.ofSeconds(1));
      story.when(new Input.HealthSeen(ids().getLast(), i % 2 == 0));
    }

    // At once, and after 35, 65 and 95 seconds: the grace of 3 counts once.
    assertThat(story.engine().killOrders(one.task())).isEqualTo(4);
  }

  @Test
  void givesManyOrdersAgainOnceEach() {
    story.given(app("/web", 40));
    story.engine().deaf(true);
    List<InstanceId> all = ids();
    for (InstanceId one : all) {
      story.when(kill(false, one));
      story.pass(Duration.ofMillis(50));
    }

    story.pass(Duration.ofSeconds(38));

    assertThat(all).allMatch(one -> story.engine().killOrders(one.task()) == 2);
  }

  @Test
  void givesTheOrderAgainAtOnceToAnEngineThatShowsTheTask() {
    story.given(app("/web", 2));
    story.engine().deaf(true);
    InstanceId one = ids().getFirst();
    story.when(kill(false, one));
    story.engine().deaf(false);

    story.picture();
    story.pass(Duration.ofSeconds(1));

    assertThat(ids()).doesNotContain(one);
  }

  private List<InstanceId> ids() {
    return story.instances("/web").stream().map(Instance::id).toList();
  }

  private static Input.KillInstances kill(boolean scale, InstanceId... ids) {
    return new Input.KillInstances(List.of(ids), scale, false);
  }
}
