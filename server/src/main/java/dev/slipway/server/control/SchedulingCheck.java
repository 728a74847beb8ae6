package dev.slipway.server.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Problem;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Refuses what can be described of an app's placement and is not done yet: better no app than one
/// that runs otherwise than its owner believes.
public final class SchedulingCheck {
  private SchedulingCheck() {}

  /// What to answer instead of deciding about the wish; mostly nothing.
  public static Optional<Reply.Refused> refusal(State state, Input.Command wish) {
    List<Problem> problems = new ArrayList<>();
    for (AppSpec app : WantedApps.of(state, wish)) {
      Scheduling scheduling = app.scheduling();
      add(scheduling.gang(), "gang", problems);
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(new Reply.Invalid(problems));
  }

  private static void add(boolean asked, String field, List<Problem> problems) {
    if (asked) {
      problems.add(
          new Problem(
              "/scheduling/" + field,
              "this version of Slipway cannot do it yet; leave '%s' out".formatted(field)));
    }
  }
}
