package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.Step;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Finished;
import dev.slipway.core.state.State;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Lets an app wait for apps that it depends on and that its own deployment does not bring: until
/// then it is not held to the deployment's version.
///
/// An app is ready for its dependents when as many of its instances are ready, of whichever
/// version, as its `minimumHealthCapacity` asks for, and at least one. One that wants no instances
/// is turned off on purpose and holds nobody up; Marathon's clients deploy beside such ones. An app
/// that only gets fewer instances, or whose instances go on through a change, waits for nobody; nor
/// does a deployment that was forced, or that takes another back.
final class Dependencies {
  private Dependencies() {}

  /// Records which apps of the step that begins next have to wait.
  static void hold(Draft draft, Deployment deployment, Step step) {
    if (!deployment.course().patient()) {
      return;
    }
    SortedMap<PathId, SortedSet<PathId>> held = new TreeMap<>();
    for (Action action : step.actions()) {
      Change<App> change = deployment.apps().get(action.app());
      if (change == null || !launches(action, change)) {
        continue;
      }
      SortedSet<PathId> unready = new TreeSet<>();
      for (PathId id : draft.state().root().dependenciesOf(change.after().orElseThrow().spec())) {
        if (!isReady(draft.state(), id)) {
          unready.add(id);
        }
      }
      if (!unready.isEmpty()) {
        held.put(action.app(), unready);
      }
    }
    if (!held.isEmpty()) {
      draft.record(new Event.ActionsHeld(deployment.id(), held, draft.now()));
    }
  }

  /// Records which apps need not wait any more.
  static void release(Draft draft, Deployment deployment) {
    deployment
        .course()
        .held()
        .forEach(
            (app, blockers) -> {
              if (blockers.stream().allMatch(id -> isReady(draft.state(), id))) {
                draft.record(new Event.ActionReleased(deployment.id(), app, draft.now()));
              }
            });
  }

  private static boolean launches(Action action, Change<App> change) {
    return switch (action.kind()) {
      case START, STOP -> false;
      case RESTART -> true;
      case SCALE ->
          change.after().isPresent()
              && change.after().get().spec().instances()
                  > change.before().map(before -> before.spec().instances()).orElse(0);
    };
  }

  /// Whether dependents of the app may begin. One that is not wanted any more holds nobody up.
  private static boolean isReady(State state, PathId id) {
    App app = state.app(id).orElse(null);
    if (app == null || app.spec().instances() == 0) {
      return true;
    }
    int done = state.formation(id).flatMap(state::finished).map(Finished::all).orElse(0);
    return state.ready(id) + done >= needed(state, app);
  }

  private static int needed(State state, App app) {
    double part = app.spec().upgradeStrategy().minimumHealthCapacity();
    if (app.spec().scheduling().daemon()) {
      // As many as are wanted where nodes have room for them; without nodes nobody waits.
      int nodes = state.formation(app.id()).map(one -> Daemons.fitting(state, one)).orElse(1);
      return (int) Math.ceil(nodes * part);
    }
    return Math.max(1, (int) Math.ceil(app.spec().instances() * part));
  }
}
