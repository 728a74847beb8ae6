package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.control.Input;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.state.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Network addresses of tasks, as their engine tells them.
class AddressScenarioTest {
  private static final NodeId NODE = new NodeId("n1");

  private final Scenario story = Scenario.onNodes(1);

  private Instance only() {
    return story.instances("/web").getFirst();
  }

  @Test
  void areKnownWhenTheTaskRuns() {
    story.given(app("/web", 1).onContainerNetwork());

    assertThat(only().addresses()).hasSize(2);
    assertThat(story.events(Event.InstanceAddressesChanged.class)).hasSize(1);
  }

  @Test
  void areNoneWhereTheTaskSharesItsNodes() {
    story.given(app("/web", 1).withPort(0, false));

    assertThat(only().addresses()).isEmpty();
    assertThat(story.events(Event.InstanceAddressesChanged.class)).isEmpty();
  }

  @Test
  void followTheTaskAndEndNothing() {
    story.given(app("/web", 1).onContainerNetwork().withHealthCheck());
    Instance before = only();

    story.engine().move(before.id().task());
    story.engine().silence(NODE, true);
    story.engine().silence(NODE, false);

    assertThat(only().id()).isEqualTo(before.id());
    assertThat(only().health()).contains(true);
    assertThat(only().since()).isAfterOrEqualTo(before.since());
    assertThat(only().addresses()).hasSize(2).isNotEqualTo(before.addresses());
    assertThat(story.events(Event.InstanceAddressesChanged.class)).hasSize(2);
  }

  @Test
  void ofWhatIsBeingEndedStayAsTheyWere() {
    story.given(app("/web", 1).onContainerNetwork().running("stubborn"));
    Instance before = only();
    story.when(app("/web", 0).onContainerNetwork().running("stubborn").put());

    story.tell(
        new Input.TaskSeen(
            new TaskObservation(
                before.id().task(), NODE, story.now(), new Status.Running(List.of("10.9.9.9")))));

    assertThat(only().addresses()).isEqualTo(before.addresses());
  }
}
