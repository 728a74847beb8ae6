package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.deployment.Planner;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Wishes that change apps: worked out on a draft of the root, and either refused as a whole or
/// turned into a deployment.
final class RootCommands {
  private RootCommands() {}

  static Reply changeApps(Draft draft, Input.ChangeApps wish) {
    var root = new RootDraft(draft.state().root(), draft.now());
    for (AppChange change : wish.changes()) {
      boolean exists = draft.state().app(change.id()).isPresent();
      switch (wish.expectation()) {
        case ABSENT -> {
          if (exists) {
            return new Reply.Conflict("An app with id [" + change.id() + "] already exists.");
          }
        }
        case PRESENT -> {
          if (!exists) {
            return unknown(change.id());
          }
        }
        case ANY -> {}
      }
      root.revise(change);
    }
    return deploy(draft, root, wish.force());
  }

  static Reply restoreVersion(Draft draft, Input.RestoreVersion wish) {
    if (draft.state().app(wish.app()).isEmpty()) {
      return unknown(wish.app());
    }
    Optional<App> version = draft.state().app(wish.app(), wish.version());
    if (version.isEmpty()) {
      return new Reply.NotFound(
          "App '%s' does not exist in version %s"
              .formatted(wish.app(), Timestamps.format(wish.version())));
    }
    var root = new RootDraft(draft.state().root(), draft.now());
    root.put(version.get().spec());
    return deploy(draft, root, wish.force());
  }

  static Reply restartApp(Draft draft, Input.RestartApp wish) {
    Optional<App> app = draft.state().app(wish.app());
    if (app.isEmpty()) {
      return unknown(wish.app());
    }
    var root = new RootDraft(draft.state().root(), draft.now());
    root.restore(new App(app.get().spec(), app.get().versions().restarted(root.version())));
    return deploy(draft, root, wish.force());
  }

  static Reply removeApp(Draft draft, Input.RemoveApp wish) {
    if (draft.state().app(wish.app()).isEmpty()) {
      return unknown(wish.app());
    }
    var root = new RootDraft(draft.state().root(), draft.now());
    root.remove(wish.app());
    return deploy(draft, root, wish.force());
  }

  static Reply unknown(PathId app) {
    return new Reply.NotFound("App '" + app + "' does not exist");
  }

  /// Starts the deployment that leads to the draft, or refuses it and changes nothing.
  static Reply deploy(Draft draft, RootDraft root, boolean force) {
    return deploy(draft, root, force, Deployment.Outcome.SUPERSEDED);
  }

  /// @param outcome how the deployments end that are in the way and give way
  static Reply deploy(Draft draft, RootDraft root, boolean force, Deployment.Outcome outcome) {
    State state = draft.state();
    Optional<Reply> refused = refusal(state, root, force);
    if (refused.isPresent()) {
      return refused.get();
    }
    DeploymentId id = DeploymentId.of(state.platform().identity(0));
    List<Deployment> holders = Decider.holders(state, root.apps().keySet());
    boolean changed = !root.apps().isEmpty() || !root.groups().isEmpty();
    if (changed) {
      draft.record(root.event(draft.now()));
    }
    var version = draft.state().root().version();
    var steps = Planner.plan(root.before(), root.root(), root.apps(), unfinished(state, holders));
    draft.record(
        new Event.DeploymentStarted(
            new Deployment(
                id, version, steps, 0, root.apps(), root.groups(), draft.now(), draft.now()),
            draft.now()));
    // Only now, so that it is known which of their apps have a deployment that goes on with them.
    for (Deployment holder : holders) {
      draft.record(
          new Event.DeploymentEnded(holder.id(), outcome, "gave way to " + id, draft.now()));
    }
    return new Reply.Deploying(id, version, List.of());
  }

  /// Apps whose instances the deployments that give way were replacing, or were about to.
  private static Set<PathId> unfinished(State state, List<Deployment> holders) {
    Set<PathId> result = new TreeSet<>();
    for (Deployment holder : holders) {
      holder.steps().stream()
          .flatMap(step -> step.actions().stream())
          .filter(action -> action.kind() == Action.Kind.RESTART)
          .forEach(action -> result.add(action.app()));
      for (PathId app : holder.apps().keySet()) {
        state
            .formation(app)
            .filter(formation -> !Census.of(state, formation).outdated().isEmpty())
            .ifPresent(formation -> result.add(app));
      }
    }
    return result;
  }

  private static long instances(RootDraft root) {
    long sum = 0;
    for (App app : root.root().apps().values()) {
      sum += app.spec().instances();
    }
    return sum;
  }

  private static Optional<Reply> refusal(State state, RootDraft root, boolean force) {
    if (!root.problems().isEmpty()) {
      return Optional.of(new Reply.Invalid(List.copyOf(root.problems())));
    }
    if (root.root().apps().size() + root.root().groups().size() > Limits.APPS) {
      return Optional.of(Reply.Invalid.of("/", "there are more than " + Limits.APPS + " apps"));
    }
    if (!root.apps().isEmpty() && instances(root) > Limits.ALL_INSTANCES) {
      return Optional.of(
          Reply.Invalid.of(
              "/instances", "all apps together may want at most " + Limits.ALL_INSTANCES));
    }
    if (Planner.hasCycle(root.root(), root.apps().keySet())
        || (!root.groups().isEmpty() && Planner.hasCycle(root.root(), root.root().apps().keys()))) {
      return Optional.of(
          Reply.Invalid.of("/dependencies", "Dependency graph has cyclic dependencies."));
    }
    var holders = Decider.holders(state, root.apps().keySet());
    if (!holders.isEmpty() && !force) {
      return Optional.of(new Reply.Locked(holders.stream().map(Deployment::id).toList()));
    }
    if (state.deployments().size() - holders.size() >= Limits.DEPLOYMENTS) {
      return Optional.of(
          new Reply.TooMany(
              "Max number ("
                  + Limits.DEPLOYMENTS
                  + ") of running deployments is achieved. Wait for existing deployments to"
                  + " complete or cancel one."));
    }
    return Optional.empty();
  }
}
