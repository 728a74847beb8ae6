package dev.slipway.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Problem;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SchedulingCheckTest {
  private static Optional<Reply.Refused> refusal(Scheduling scheduling) {
    AppSpec spec = SampleApps.sleeper("/web").toBuilder().scheduling(scheduling).build();
    var change = new AppChange(spec.id(), before -> new AppChange.Result.Revised(spec));
    return SchedulingCheck.refusal(
        State.EMPTY, new Input.ChangeApps(List.of(change), Input.Expectation.ANY, false));
  }

  private static void assertRefused(Scheduling scheduling, String field) {
    assertThat(refusal(scheduling))
        .hasValueSatisfying(
            refused ->
                assertThat(((Reply.Invalid) refused).problems())
                    .containsExactly(
                        new Problem(
                            "/scheduling/" + field,
                            "this version of Slipway cannot do it yet; leave '"
                                + field
                                + "' out")));
  }

  @Test
  void whatIsDoneMayBeAskedFor() {
    assertThat(refusal(Scheduling.NONE)).isEmpty();
    var spread = new Scheduling.Spread("@zone", 1, OptionalInt.empty());
    var near = new Scheduling.Affinity(PathId.of("/db"), "hostname", OptionalInt.of(1));
    assertThat(
            refusal(
                new Scheduling(List.of(spread), List.of(near), List.of(near), -1, false, false)))
        .isEmpty();
  }

  @Test
  void whatIsNotDoneYetIsRefusedByName() {
    assertRefused(new Scheduling(List.of(), List.of(), List.of(), 0, false, true), "gang");
  }
}
