package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.Trigger;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nodes that do not exist any more, as whoever owns the machines says.
class GoneNodeScenarioTest {
  private static final NodeId N1 = new NodeId("n1");
  private static final NodeId N2 = new NodeId("n2");
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = app("/web", 3).withHealthCheck();

  private List<Instance> on(NodeId node) {
    return story.instances("/web").stream()
        .filter(one -> one.place().filter(place -> place.node().equals(node)).isPresent())
        .toList();
  }

  @Test
  void isForgottenWithItsInstancesWhichOthersReplaceAtOnce() {
    story.given(web);
    Instance there = on(N1).getFirst();

    story.engine().delete(N1, "the node was deleted");

    story.eventually("it is forgotten", () -> story.state().node(N1).isEmpty());
    assertThat(story.events(Event.InstanceEnded.class))
        .singleElement()
        .satisfies(
            ended -> {
              assertThat(ended.instance()).isEqualTo(there.id());
              assertThat(ended.trigger()).isEqualTo(Trigger.VANISHED);
              assertThat(ended.end())
                  .isEqualTo(TaskEnd.of(TaskEnd.Reason.GONE, "the node was deleted"));
            });
    assertThat(story.state().backoffs().isEmpty()).as("nothing failed").isTrue();
    assertThat(story.instances("/web")).hasSize(3);
    story.eventually("all are ready", () -> story.ready("/web") == 3);
    assertThat(story.events(Event.KillOrdered.class)).isEmpty();
  }

  @Test
  void isNotWaitedForWhenNothingWasHeardOfIt() {
    story.given(web);
    story.engine().silence(N1, true);
    story.pass(Duration.ofHours(2));
    assertThat(on(N1)).extracting(Instance::condition).containsOnly(Condition.UNREACHABLE);

    story.engine().delete(N1, "the node was deleted");

    story.eventually("all are ready", () -> story.ready("/web") == 3);
    assertThat(story.state().node(N1)).isEmpty();
    assertThat(story.instances("/web")).hasSize(3);
  }

  @Test
  void isNotWaitedForWhenItWentWhileNobodyLooked() {
    story.given(web);
    story.engine().silence(N1, true);
    story.engine().silence(N2, true);
    story.pass(Duration.ofHours(2));
    assertThat(on(N1)).extracting(Instance::condition).containsOnly(Condition.UNREACHABLE);

    story.engine().deleteUnseen(N1);

    assertThat(story.state().node(N1)).isEmpty();
    assertThat(on(N1)).isEmpty();
    // The other one is in the picture, and goes on being waited for.
    assertThat(story.state().node(N2).orElseThrow().silent()).isTrue();
    assertThat(on(N2)).extracting(Instance::condition).containsOnly(Condition.UNREACHABLE);
    assertThat(story.state().backoffs().isEmpty()).as("nothing failed").isTrue();
  }

  @Test
  void isWaitedForWhereAPictureMayLackSilentNodes() {
    story.given(web);
    story.engine().silence(N1, true);
    story.engine().pictureWithout(N1);
    assertThat(story.state().node(N1).orElseThrow().silent()).isTrue();
    assertThat(on(N1)).hasSize(1);
  }

  @Test
  void freesADeploymentThatWaitedForAnEndThere() {
    story.given(web.running("stubborn"));
    story.when(web.times(0).put());
    assertThat(on(N1)).extracting(Instance::condition).containsOnly(Condition.KILLING);
    story.engine().deaf(true);
    story.engine().delete(N1, "the node was deleted");
    story.eventually("nothing is left there", () -> on(N1).isEmpty());
    assertThat(story.events(Event.InstanceEnded.class).getFirst().trigger())
        .isEqualTo(Trigger.VANISHED);
    assertThat(story.state().node(N1)).isEmpty();
  }

  @Test
  void mayComeBackUnderItsNameAsAnother() {
    story.given(web);
    story.when(new Input.DrainNode(N1, true));
    story.engine().delete(N1, "the node was deleted");
    story.eventually("it is forgotten", () -> story.state().node(N1).isEmpty());

    story.engine().offer(Scenario.node(1, Resources.of(4, 4096, 4096, 0)));

    story.eventually("it is there", () -> story.state().node(N1).isPresent());
    assertThat(story.state().node(N1).orElseThrow().draining()).isFalse();
  }

  @Test
  void isNoNewsWhereItIsNotKnown() {
    int before = story.journal().size();

    assertThat(story.when(new Input.NodeGone(new NodeId("n9"), "deleted")))
        .isInstanceOf(Reply.Done.class);

    assertThat(story.journal()).hasSize(before);
  }
}
