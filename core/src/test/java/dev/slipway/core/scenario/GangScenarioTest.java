package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Gang;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A gang is placed as a whole, or not at all.
class GangScenarioTest {
  private static final PathId WORK = PathId.of("/work");
  private static final Resources NODE = Resources.of(4, 4096, 4096, 0);
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder work = app("/work", 6).requesting(2, 100).gang();

  @Test
  void startsAllAtOnce() {
    story.given(work);

    assertThat(story.running("/work")).isEqualTo(6);
    assertThat(placed().stream().map(Event.InstancePlaced::at).distinct()).hasSize(1);
  }

  @Test
  void waitsAsAWholeWhereNotAllFitAndHoldsNothing() {
    story.when(work.times(7).put());
    story.pass(Duration.ofMinutes(1));

    assertThat(placed()).isEmpty();
    assertThat(story.instances("/work"))
        .extracting(Instance::condition)
        .containsOnly(Condition.SCHEDULED)
        .hasSize(7);
    story
        .state()
        .nodes()
        .byId()
        .values()
        .forEach(node -> assertThat(node.used()).isEqualTo(Resources.NONE));
    var trial = Gang.attempt(story.state(), story.state().app(WORK).orElseThrow(), story.now());
    assertThat(trial.waiting()).isEqualTo(7);
    assertThat(trial.fitting()).isEqualTo(6);

    story.engine().offer(Scenario.node(4, NODE));
    story.eventually("all run", () -> story.running("/work") == 7);
    assertThat(placed().stream().map(Event.InstancePlaced::at).distinct()).hasSize(1);
  }

  @Test
  void twoGangsThatFitAloneDoNotWaitForEachOther() {
    var other = app("/other", 6).requesting(2, 100).gang();
    story.given(app("/filler", 1).requesting(2, 100));
    story.when(work.put());
    story.when(other.put());
    story.pass(Duration.ofMinutes(1));
    assertThat(placed()).hasSize(1);

    story.when(app("/filler", 0).requesting(2, 100).put());
    story.eventually(
        "one of them runs as a whole",
        () -> story.running("/work") == 6 || story.running("/other") == 6);
    story.pass(Duration.ofMinutes(1));
    String first = story.running("/work") == 6 ? "/work" : "/other";
    String second = first.equals("/work") ? "/other" : "/work";
    assertThat(story.running(second)).isZero();

    story.when(new Input.RemoveApp(PathId.of(first), true));
    story.eventually("the other follows", () -> story.running(second) == 6);
  }

  @Test
  void growsByAllThatAreNewOrNone() {
    story.given(work.times(4));
    story.when(work.times(7).put());
    story.pass(Duration.ofMinutes(1));
    assertThat(story.running("/work")).isEqualTo(4);
    assertThat(placed()).hasSize(4);

    story.when(work.times(6).force());
    story.eventually("six run", () -> story.running("/work") == 6);
  }

  @Test
  void goesOnWithoutLostMembersAndGetsThemBackTogether() {
    story.given(work);
    NodeId lost = new NodeId("n1");
    story.given(work.waitingFor(Duration.ZERO, Duration.ofMinutes(1)));
    story.engine().silence(lost, true);
    story.pass(Duration.ofMinutes(2));

    assertThat(story.running("/work")).isEqualTo(4);
    assertThat(placed()).hasSize(6);

    story.engine().offer(Scenario.node(4, Resources.of(2, 4096, 4096, 0)));
    story.pass(Duration.ofMinutes(2));
    assertThat(story.running("/work")).as("one of two fits").isEqualTo(4);
    story.engine().offer(Scenario.node(5, Resources.of(2, 4096, 4096, 0)));
    story.eventually("all run", () -> story.running("/work") == 6);
    assertThat(placed().subList(6, 8).stream().map(Event.InstancePlaced::at).distinct()).hasSize(1);
  }

  @Test
  void isUpdatedByTheRollingRulesInstanceByInstance() {
    var checked = work.times(4).withHealthCheck().version("1");
    story.given(checked);
    story.promise("all serve", () -> story.ready("/work") >= 4);

    story.given(checked.version("2"));

    assertThat(story.ready("/work", "V", "2")).isEqualTo(4);
  }

  @Test
  void leavesAnEmptiedNodeInstanceByInstance() {
    story.given(work.times(4));
    story.promise("all serve", () -> story.running("/work") >= 4);

    story.when(new Input.DrainNode(new NodeId("n1"), true));

    story.eventually(
        "the node is empty",
        () -> story.state().node(new NodeId("n1")).orElseThrow().instances().isEmpty());
  }

  @Test
  void isDelayedAsAWholeAfterAFailure() {
    story.given(work.backingOff(60, 1, 60));
    List<InstanceId> two = story.instances("/work").stream().map(Instance::id).limit(2).toList();

    story.engine().exit(two.get(0).task(), 1);
    story.engine().exit(two.get(1).task(), 1);
    story.pass(Duration.ofSeconds(30));
    assertThat(story.running("/work")).isEqualTo(4);

    story.eventually("all run", () -> story.running("/work") == 6);
    assertThat(placed().subList(6, 8).stream().map(Event.InstancePlaced::at).distinct()).hasSize(1);
  }

  @Test
  void heedsItsConstraintsAmongItsOwnMembers() {
    story.when(work.times(4).constrained("hostname", Constraint.Operator.UNIQUE, "").put());
    story.pass(Duration.ofMinutes(1));
    assertThat(placed()).isEmpty();
    story.when(work.times(3).constrained("hostname", Constraint.Operator.UNIQUE, "").force());
    story.eventually("three run", () -> story.running("/work") == 3);
  }

  @Test
  void keepsVolumes() {
    story.given(work.times(3).withVolume("data", 100));
    assertThat(story.running("/work")).isEqualTo(3);
    assertThat(story.state().nodes().volumesOf(WORK).size()).isEqualTo(3);
  }

  @Test
  void isRefusedWhereItIsTooLarge() {
    assertThat(story.when(app("/work", 2001).gang().put()))
        .isEqualTo(
            Reply.Invalid.of(
                "/scheduling/gang",
                "at most 2000 instances are placed all at once, and 2001 are wanted; leave 'gang'"
                    + " out or ask for fewer"));
  }

  @Test
  void mayBeAsLargeAsADecision() {
    var wide = Scenario.onNodes(3, Resources.of(100, 100_000, 0, 0));
    wide.given(app("/work", 2000).requesting(0.1, 1).gang());
    assertThat(wide.running("/work")).isEqualTo(2000);
  }

  private List<Event.InstancePlaced> placed() {
    return story.events(Event.InstancePlaced.class);
  }
}
