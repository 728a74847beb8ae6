package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.PolicyRevision;
import dev.slipway.core.control.Problem;
import dev.slipway.core.control.Reply;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.placement.PlacementPolicy.Preemption;
import dev.slipway.core.state.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyScenarioTest {
  private final Scenario story = Scenario.onNodes(1);

  @Test
  void isRecordedOnceAndTheDefaultNotAtAll() {
    story.when(Input.SetPlacementPolicy.to(PlacementPolicy.DEFAULT));
    assertThat(story.events(Event.PlacementPolicySet.class)).isEmpty();

    var policy = PlacementPolicy.DEFAULT.with(new Preemption(false, 5));
    story.when(Input.SetPlacementPolicy.to(policy));
    story.when(Input.SetPlacementPolicy.to(policy));

    assertThat(story.events(Event.PlacementPolicySet.class)).hasSize(1);
    assertThat(story.state().placementPolicy()).isEqualTo(policy);
  }

  @Test
  void twoClientsThatChangeDifferentPartsBothGetTheirs() {
    story.when(revision(now -> now.withCpuOvercommit(200)));
    story.when(revision(now -> now.with(new Preemption(false, 5))));

    assertThat(story.state().placementPolicy())
        .isEqualTo(PlacementPolicy.DEFAULT.withCpuOvercommit(200).with(new Preemption(false, 5)));
  }

  @Test
  void whatIsNotValidChangesNothing() {
    story.given(app("/web", 1));
    Reply reply =
        story.when(
            new Input.SetPlacementPolicy(
                now ->
                    new PolicyRevision.Result.Invalid(
                        List.of(new Problem("/headroom", "too much")))));

    assertThat(reply).isEqualTo(Reply.Invalid.of("/headroom", "too much"));
    assertThat(story.state().placementPolicy()).isEqualTo(PlacementPolicy.DEFAULT);
  }

  private static Input.SetPlacementPolicy revision(
      java.util.function.UnaryOperator<PlacementPolicy> change) {
    return new Input.SetPlacementPolicy(
        now -> new PolicyRevision.Result.Revised(change.apply(now)));
  }
}
