package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.DrainProgress;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainScenarioTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = app("/web", 6).withHealthCheck();

  @Test
  void bringsReplacementsUpBeforeItEndsWhatLeaves() {
    story.given(web);
    assertThat(on(story, N1)).hasSize(2);
    story.promise("all stay ready", () -> story.ready("/web") >= 6);

    story.when(drain(N1));

    story.eventually("the node is empty", () -> on(story, N1).isEmpty());
    assertThat(story.instances("/web")).hasSize(6);
    assertThat(story.events(Event.KillOrdered.class))
        .extracting(order -> order.kill().reason())
        .containsOnly(KillReason.NODE_DRAINED);
    assertThat(story.state().deployments().isEmpty()).isTrue();
    assertThat(story.state().node(N1).orElseThrow().state()).isEqualTo(NodeRecord.State.DRAINING);
  }

  @Test
  void keepsTheMinimumHealthOfEachApp() {
    var half = web.upgrading(0.5, 0);
    story.given(half);
    story.promise("half stay ready", () -> story.ready("/web") >= 3);
    story.promise("no more than six", () -> story.instances("/web").size() <= 6);

    story.when(drain(N1));
    story.when(drain(N2));

    story.eventually(
        "both nodes are empty", () -> on(story, N1).isEmpty() && on(story, N2).isEmpty());
    story.eventually("all are ready", () -> story.ready("/web") == 6);
  }

  @Test
  void startsReplacementsFirstWhereMoreMayRunAlsoIfFewerMayBeReady() {
    story.given(web.upgrading(0.5, 0.5));
    story.promise("all stay ready", () -> story.ready("/web") >= 6);

    story.when(drain(N1));

    story.eventually("the node is empty", () -> on(story, N1).isEmpty());
    assertThat(story.instances("/web")).hasSize(6);
  }

  @Test
  void dropsNoMoreThanAllowedWhereThereIsNoRoomAndSaysSo() {
    var full = Scenario.onNodes(2, Resources.of(1, 512, 0, 0));
    var half = app("/web", 4).requesting(0.5, 32).withHealthCheck().upgrading(0.75, 1);
    full.given(half);
    full.promise("three stay ready", () -> full.ready("/web") >= 3);

    full.when(drain(N1));
    full.pass(Duration.ofMinutes(10));

    assertThat(full.ready("/web")).isEqualTo(3);
    assertThat(DrainProgress.of(full.state(), N1).orElseThrow().remaining())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.stays()).isFalse();
              assertThat(left.why())
                  .isEqualTo(
                      "waits until a node takes its replacement; 2 of 4 instances are ready");
            });
  }

  @Test
  void tellsWhatItWaitsForUntilItIsOver() {
    story.given(web.running("slow"));
    assertThat(DrainProgress.of(story.state(), N1)).isEmpty();

    story.when(drain(N1));
    assertThat(DrainProgress.of(story.state(), N1).orElseThrow().remaining())
        .extracting(DrainProgress.Remaining::why)
        .containsOnly("waits until its replacement is ready; 6 instances are, 6 wanted")
        .hasSize(2);

    story.eventually("the node is empty", () -> on(story, N1).isEmpty());
    assertThat(DrainProgress.of(story.state(), N1).orElseThrow().remaining()).isEmpty();
  }

  @Test
  void waitsWithTheOldOnesRunningWhereThereIsNoRoom() {
    var full = Scenario.onNodes(2, Resources.of(1, 512, 0, 0));
    full.given(app("/web", 4).requesting(0.5, 32).withHealthCheck());
    var before = ids(full);
    full.promise("all stay ready", () -> full.ready("/web") >= 4);

    full.when(drain(N1));
    full.pass(Duration.ofMinutes(10));
    assertThat(ids(full)).containsAll(before);
    assertThat(full.events(Event.KillOrdered.class)).isEmpty();

    full.when(new Input.DrainNode(N1, false));
    full.pass(Duration.ofMinutes(1));
    assertThat(ids(full)).containsExactlyElementsOf(before);
  }

  @Test
  void goesOnWhenRoomComes() {
    var full = Scenario.onNodes(2, Resources.of(1, 512, 0, 0));
    full.given(app("/web", 4).requesting(0.5, 32).withHealthCheck());
    full.promise("all stay ready", () -> full.ready("/web") >= 4);
    full.when(drain(N1));
    full.pass(Duration.ofMinutes(10));

    full.engine().offer(Scenario.node(3, Resources.of(1, 512, 0, 0)));

    full.eventually("the node is empty", () -> on(full, N1).isEmpty());
    full.eventually("four are left", () -> full.instances("/web").size() == 4);
  }

  @Test
  void keepsWhatIsLeftWhenItIsCalledOff() {
    story.given(web.running("slow"));
    var before = ids(story);
    story.when(drain(N1));
    story.pass(Duration.ofSeconds(10));

    story.when(new Input.DrainNode(N1, false));

    story.pass(Duration.ofMinutes(5));
    assertThat(ids(story)).containsExactlyElementsOf(before);
  }

  @Test
  void recordsOnlyWhatChanges() {
    story.given(web);
    story.when(drain(N1));
    int events = story.journal().size();

    story.when(drain(N1));

    assertThat(story.journal()).hasSize(events);
    assertThat(story.when(drain(new NodeId("none"))))
        .isEqualTo(new Reply.NotFound("Node 'none' does not exist"));
  }

  @Test
  void doesNotHoldUpDeployments() {
    var full = Scenario.onNodes(2, Resources.of(1, 512, 0, 0));
    full.given(app("/web", 2).requesting(1, 32).withHealthCheck());
    full.when(drain(N1));

    full.given(app("/web", 1).requesting(1, 32).withHealthCheck());
    assertThat(full.instances("/web")).hasSize(1);
    assertThat(on(full, N1)).isEmpty();
  }

  @Test
  void isMetByScaling() {
    story.given(web);
    story.when(drain(N1));
    story.given(web.times(9));
    story.eventually("the node is empty", () -> on(story, N1).isEmpty());
    assertThat(story.instances("/web")).hasSize(9);

    story.when(drain(N2));
    story.given(web.times(2));
    story.eventually("the other is empty", () -> on(story, N2).isEmpty());
    assertThat(story.instances("/web")).hasSize(2);
  }

  @Test
  void isMetByAnUpdate() {
    story.given(web.version("1"));
    story.promise("all stay ready", () -> story.ready("/web") >= 6);
    story.when(drain(N1));

    story.given(web.version("2"));

    story.eventually("the node is empty", () -> on(story, N1).isEmpty());
    assertThat(story.ready("/web", "V", "2")).isEqualTo(6);
    assertThat(story.instances("/web")).hasSize(6);
  }

  @Test
  void emptiesANodeThatIsNotOfferedAnyMoreAndForgetsIt() {
    story.given(web);
    story.promise("all stay ready", () -> story.ready("/web") >= 6);
    story.engine().withdraw(N1);

    story.picture();
    story.eventually("the node is empty", () -> on(story, N1).isEmpty());
    story.picture();

    assertThat(story.state().node(N1)).isEmpty();
    assertThat(story.instances("/web")).hasSize(6);
  }

  @Test
  void isOverWhenANodeThatWasNotOfferedIsBack() {
    story.given(web.running("slow"));
    var machine = story.state().node(N1).orElseThrow().node();
    story.engine().withdraw(N1);
    story.picture();
    assertThat(story.state().node(N1).orElseThrow().state()).isEqualTo(NodeRecord.State.DRAINING);

    story.engine().offer(machine);
    story.pass(Duration.ofMinutes(5));

    assertThat(story.state().node(N1).orElseThrow().state()).isEqualTo(NodeRecord.State.READY);
    assertThat(story.instances("/web")).hasSize(6);
  }

  @Test
  void staysAsAskedForWhenTheNodeIsBack() {
    story.given(web);
    story.when(drain(N1));
    story.engine().silence(N1, true);
    story.engine().silence(N1, false);

    story.pass(Duration.ofMinutes(5));

    assertThat(story.state().node(N1).orElseThrow().state()).isEqualTo(NodeRecord.State.DRAINING);
    assertThat(on(story, N1)).isEmpty();
  }

  @Test
  void aLatePictureEndsNothingThatCameAboutAfterIt() {
    var early = story.engine().picture();
    story.given(web);
    var before = ids(story);

    story.when(new Input.EngineSeen(early));
    story.pass(Duration.ofMinutes(1));

    assertThat(ids(story)).containsExactlyElementsOf(before);
    assertThat(story.ready("/web")).isEqualTo(6);
  }

  @Test
  void aLatePictureDoesNotBringASilentNodeBack() {
    story.given(web);
    story.pass(Duration.ofMinutes(1));
    var early = story.engine().picture();
    story.pass(Duration.ofSeconds(1));
    story.engine().silence(N1, true);

    story.when(new Input.EngineSeen(early));

    assertThat(story.state().node(N1).orElseThrow().silent()).isTrue();
  }

  @Test
  void leavesAloneWhatStandsOnASilentNode() {
    story.given(web);
    var before = ids(story);

    story.engine().silence(N1, true);
    story.pass(Duration.ofMinutes(30));
    assertThat(ids(story)).containsExactlyElementsOf(before);
    assertThat(on(story, N1)).extracting(Instance::condition).containsOnly(Condition.UNREACHABLE);

    story.restart();
    story.pass(Duration.ofMinutes(1));
    story.engine().silence(N1, false);
    story.eventually("all are back", () -> story.ready("/web") == 6);
    assertThat(ids(story)).containsExactlyElementsOf(before);
    assertThat(story.strays()).isEmpty();
  }

  @Test
  void leavesAloneWhatStandsOnASilentNodeThatAPictureLeavesOut() {
    story.given(web);
    var before = ids(story);
    story.engine().silence(N1, true);

    story.engine().pictureWithout(N1);

    assertThat(ids(story)).containsExactlyElementsOf(before);
    assertThat(story.state().node(N1).orElseThrow().draining()).isFalse();
  }

  @Test
  void recordsNothingForAPictureOfWhatIsKnown() {
    story.given(web);
    int events = story.journal().size();

    story.picture();
    story.picture();

    assertThat(story.journal()).hasSize(events);
  }

  @Test
  void givesUpWhatAPictureDoesNotShow() {
    story.given(web);
    var before = ids(story);
    story.engine().reboot();

    story.picture();

    story.eventually("all are up again", () -> story.ready("/web") == 6);
    assertThat(ids(story)).doesNotContainAnyElementsOf(before);
    assertThat(story.failures("/web")).isEqualTo(6);
  }

  @Test
  void reportsATaskOnAnotherNodeThanItsInstanceWasPutOn() {
    story.given(app("/web", 1));
    var instance = story.state().instancesOf(PathId.of("/web")).values().iterator().next();
    NodeId home = instance.place().orElseThrow().node();
    NodeId other = home.equals(N1) ? N2 : N1;
    var elsewhere =
        new TaskObservation(
            instance.id().task(), other, story.now(), new TaskObservation.Status.Running());

    story.when(new Input.TaskSeen(elsewhere));

    assertThat(story.strays()).containsExactly(instance.id().task());
    assertThat(story.state().instance(instance.id())).contains(instance);
  }

  @Test
  void reportsTasksThatNothingSpeaksOfAndLeavesThemAlone() {
    story.given(app("/web", 1));
    var stranger = Scenario.onNodes(1);
    stranger.given(app("/other", 1));
    stranger.engine().picture().tasks().forEach(task -> story.when(new Input.TaskSeen(task)));

    assertThat(story.strays()).hasSize(1);
    assertThat(story.running("/web")).isEqualTo(1);
    assertThat(story.state().instancesOf(PathId.of("/other")).isEmpty()).isTrue();
  }

  private static Input.DrainNode drain(NodeId node) {
    return new Input.DrainNode(node, true);
  }

  private static List<InstanceId> ids(Scenario story) {
    return story.instances("/web").stream().map(Instance::id).toList();
  }

  private static List<Instance> on(Scenario story, NodeId node) {
    return story.instances("/web").stream()
        .filter(instance -> instance.place().filter(place -> place.node().equals(node)).isPresent())
        .toList();
  }
}
