package dev.slipway.core.scenario;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.util.Optional;

/// What should exist changes by accepted wishes alone, and then to what they say.
final class Wanted {
  private Wanted() {}

  static void check(Step step) {
    State before = step.before();
    State after = asAsked(step);
    boolean changed = !before.root().equals(step.after().root());
    boolean asked = step.input() instanceof Input.Command || isQueuedOrTakenBack(step);
    Rule.WISHES.holds(!changed || asked, "%s", step.input());
    if (changed) {
      Rule.WISHES.holds(
          step.after().root().version().isAfter(before.root().version()),
          "the root's version does not rise");
    }
    boolean later = step.input() instanceof Input.Planned wish && wish.terms().queue();
    if (later || !(step.decision().reply() instanceof Reply.Deploying)) {
      return;
    }
    if (step.input() instanceof Input.ChangeApps wish) {
      wish.changes().forEach(change -> isAsAsked(before, after, change));
    }
    if (step.input() instanceof Input.RemoveApp wish) {
      Rule.WISHES.holds(after.app(wish.app()).isEmpty(), "%s is there", wish.app());
    }
    if (step.input() instanceof Input.RemoveGroup wish) {
      Rule.WISHES.holds(
          after.root().appsWithin(wish.group()).isEmpty(), "%s holds apps", wish.group());
    }
  }

  /// Right after the wish, before anything that waited for its turn.
  private static State asAsked(Step step) {
    State then = step.before();
    for (Event event : step.decision().events()) {
      then = Evolution.apply(then, event);
      if (event instanceof Event.RootChanged) {
        return then;
      }
    }
    return step.after();
  }

  /// What was asked for earlier, or said so for the case that it fails.
  private static boolean isQueuedOrTakenBack(Step step) {
    return !step.before().plans().queue().isEmpty()
        || step.decision().events().stream().anyMatch(Event.DeploymentFailed.class::isInstance);
  }

  private static void isAsAsked(State before, State after, AppChange change) {
    Optional<AppSpec> current = before.app(change.id()).map(App::spec);
    if (!(change.revision().apply(current) instanceof AppChange.Result.Revised(AppSpec asked))) {
      throw Rule.WISHES.broken("an invalid wish about " + change.id() + " was taken");
    }
    AppSpec now =
        after
            .app(change.id())
            .map(App::spec)
            .orElseThrow(() -> Rule.WISHES.broken(change.id() + " is not there"));
    Rule.WISHES.holds(
        now.withServicePorts(asked.servicePorts()).equals(asked), "%s, not %s", now, asked);
  }
}
