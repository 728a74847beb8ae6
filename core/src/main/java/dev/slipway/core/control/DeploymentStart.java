package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.deployment.Planner;
import dev.slipway.core.deployment.Step;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Starts the deployment that leads to a draft of the root, or refuses it and changes nothing.
final class DeploymentStart {
  private DeploymentStart() {}

  static Reply deploy(Draft draft, RootDraft root, Manner manner) {
    State state = draft.state();
    Optional<Reply> refused = refused(state, root, manner);
    if (refused.isPresent()) {
      return refused.get();
    }
    boolean changed = !root.apps().isEmpty() || !root.groups().isEmpty();
    if (!changed && !manner.isReverting()) {
      Optional<Deployment> leading = leadingThere(state, root);
      if (leading.isPresent()) {
        return new Reply.Deploying(leading.get().id(), leading.get().version(), List.of());
      }
    }
    List<Deployment> holders = Decider.holders(state, root.apps().keySet());
    DeploymentId id = manner.id().orElseGet(() -> DeploymentId.of(state.platform().identity(0)));
    if (changed) {
      draft.record(root.event(draft.now()));
    }
    var deployment = planned(draft, root, id, unfinished(state, holders));
    draft.record(new Event.DeploymentStarted(deployment.with(manner.course()), draft.now()));
    // Only now, so that it is known which of their apps have a deployment that goes on with them.
    for (Deployment holder : holders) {
      draft.record(
          new Event.DeploymentEnded(holder.id(), manner.outcome(), manner.reason(id), draft.now()));
    }
    return new Reply.Deploying(id, deployment.version(), List.of());
  }

  static Optional<Reply> refused(State state, RootDraft root, Manner manner) {
    return invalid(state, root, manner).or(() -> refusal(state, root, manner.force()));
  }

  private static Deployment planned(
      Draft draft, RootDraft root, DeploymentId id, Set<PathId> unfinished) {
    List<Step> steps = Planner.plan(root.before(), root.root(), root.apps(), unfinished);
    return new Deployment(
        id,
        draft.state().root().version(),
        steps,
        0,
        root.apps(),
        root.groups(),
        draft.now(),
        draft.now());
  }

  /// The deployment that goes on and leads all apps that a wish names, and that any deployment
  /// holds, to what the wish wants. Who asks for the same twice follows the first.
  private static Optional<Deployment> leadingThere(State state, RootDraft root) {
    List<Deployment> holders = Decider.holders(state, root.named());
    if (holders.size() != 1) {
      return Optional.empty();
    }
    Deployment holder = holders.getFirst();
    for (PathId app : root.named()) {
      Change<App> change = holder.apps().get(app);
      if (change != null && !change.after().equals(state.app(app))) {
        return Optional.empty();
      }
    }
    return Optional.of(holder);
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

  /// What is wrong with the draft itself. Going back is never refused for what the way back lacks.
  static Optional<Reply> invalid(State state, RootDraft root, Manner manner) {
    List<Problem> problems = new ArrayList<>(root.problems());
    if (manner.strict()) {
      problems.addAll(unknownDependencies(root));
    }
    if (!manner.isReverting()) {
      for (Change<App> change : root.apps().values()) {
        problems.addAll(Impossible.in(state, change));
        change
            .after()
            .filter(after -> !change.before().filter(after::equals).isPresent())
            .ifPresent(after -> problems.addAll(PlacementRules.problems(after.spec())));
      }
    }
    if (!problems.isEmpty()) {
      return Optional.of(new Reply.Invalid(List.copyOf(problems)));
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
    return Optional.empty();
  }

  /// Names that are new in this draft; what was passed over before is no news.
  private static List<Problem> unknownDependencies(RootDraft root) {
    Set<PathId> unknown = new TreeSet<>();
    for (Change<App> change : root.apps().values()) {
      collectUnknown(
          root.root(),
          change.after().map(app -> app.spec().dependencies()),
          change.before().map(app -> app.spec().dependencies()),
          unknown);
    }
    for (Change<GroupSpec> change : root.groups().values()) {
      collectUnknown(
          root.root(),
          change.after().map(GroupSpec::dependencies),
          change.before().map(GroupSpec::dependencies),
          unknown);
    }
    return unknown.stream()
        .map(
            id ->
                new Problem(
                    "/dependencies",
                    "'%s' is neither an app nor a group; create it first".formatted(id)))
        .toList();
  }

  private static void collectUnknown(
      Root root,
      Optional<SortedSet<PathId>> after,
      Optional<SortedSet<PathId>> before,
      Collection<PathId> into) {
    for (PathId id : after.orElseGet(TreeSet::new)) {
      boolean known = root.apps().containsKey(id) || root.groups().containsKey(id);
      if (!known && before.filter(names -> names.contains(id)).isEmpty()) {
        into.add(id);
      }
    }
  }

  private static long instances(RootDraft root) {
    long sum = 0;
    for (App app : root.root().apps().values()) {
      sum += app.spec().instances();
    }
    return sum;
  }

  private static Optional<Reply> refusal(State state, RootDraft root, boolean force) {
    var holders = Decider.holders(state, root.apps().keySet());
    if (!holders.isEmpty() && !force) {
      return Optional.of(
          new Reply.Locked(
              holders.stream().map(Deployment::id).toList(),
              root.apps().keySet().stream().filter(state.locks()::containsKey).toList()));
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
