package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.deployment.QueuedDeployment;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Wishes that wait for deployments to end, since they asked for that instead of being refused.
/// Each is worked out when it comes, against the apps as they will be once those before it are
/// done; it starts when nothing holds its apps and nothing before it waits for any of them.
public final class Backlog {
  private Backlog() {}

  /// What a queued deployment waits for: the deployments that hold its apps, and those before it
  /// in the queue that share apps with it.
  public static List<DeploymentId> blockers(State state, QueuedDeployment queued) {
    List<DeploymentId> blockers = new ArrayList<>();
    Decider.holders(state, queued.apps().keySet()).forEach(holder -> blockers.add(holder.id()));
    for (QueuedDeployment earlier : state.plans().queue()) {
      if (earlier.id().equals(queued.id())) {
        break;
      }
      if (queued.sharesAppsWith(earlier.apps().keySet())) {
        blockers.add(earlier.id());
      }
    }
    return blockers;
  }

  /// Whether a wish that changes these apps would have to wait.
  static boolean isInTheWay(State state, Set<PathId> apps) {
    return !Decider.holders(state, apps).isEmpty()
        || state.plans().queue().stream().anyMatch(queued -> queued.sharesAppsWith(apps));
  }

  static Reply add(Draft draft, Input.Planned wish) {
    State state = draft.state();
    if (state.plans().queue().size() >= Limits.QUEUED) {
      return new Reply.TooMany(
          "Max number (" + Limits.QUEUED + ") of queued deployments is achieved.");
    }
    var root = new RootDraft(rootAfter(draft), draft.now(), Survivors.of(state));
    Optional<Reply> refused =
        Wishes.workOut(draft, root, wish)
            .or(() -> DeploymentStart.invalid(state, root, Manner.of(wish.terms())));
    if (refused.isPresent()) {
      return refused.get();
    }
    if (root.apps().isEmpty()) {
      return leadingThere(state, root);
    }
    DeploymentId id = DeploymentId.of(state.platform().identity(0));
    draft.record(
        new Event.DeploymentQueued(
            new QueuedDeployment(id, root.apps(), root.groups(), draft.now()), draft.now()));
    return new Reply.Deploying(id, root.version(), List.of());
  }

  /// The wish asks for what one that waits will bring already.
  private static Reply leadingThere(State state, RootDraft root) {
    for (QueuedDeployment queued : state.plans().queue().reversed()) {
      if (queued.sharesAppsWith(root.named())) {
        return new Reply.Deploying(queued.id(), root.before().version(), List.of());
      }
    }
    return Decider.done();
  }

  /// The root as it will be when all that waits is done.
  private static Root rootAfter(Draft draft) {
    var root = RootDraft.of(draft.state(), draft.now());
    for (QueuedDeployment queued : draft.state().plans().queue()) {
      if (obstacle(root.root(), queued).isEmpty()) {
        apply(root, queued);
      }
    }
    return root.root();
  }

  /// Starts the first that need not wait any more, or ends it with the reason why it cannot start.
  ///
  /// @return whether there was one
  static boolean startNext(Draft draft) {
    State state = draft.state();
    Set<PathId> awaited = new TreeSet<>();
    for (QueuedDeployment queued : state.plans().queue()) {
      boolean waits =
          queued.sharesAppsWith(awaited)
              || !Decider.holders(state, queued.apps().keySet()).isEmpty();
      if (!waits) {
        start(draft, queued);
        return true;
      }
      awaited.addAll(queued.apps().keySet());
    }
    return false;
  }

  private static void start(Draft draft, QueuedDeployment queued) {
    var root = RootDraft.of(draft.state(), draft.now());
    Optional<String> obstacle = obstacle(root.root(), queued);
    if (obstacle.isEmpty()) {
      apply(root, queued);
      obstacle =
          DeploymentStart.deploy(draft, root, Manner.queued(queued.id()))
              .refusal()
              .map(Backlog::sentence);
    }
    boolean stillWaits =
        draft.state().plans().queue().stream().anyMatch(one -> one.id().equals(queued.id()));
    if (obstacle.isEmpty() && stillWaits) {
      obstacle = Optional.of("there is nothing left to change");
    }
    obstacle.ifPresent(
        why ->
            draft.record(
                new Event.DeploymentEnded(
                    queued.id(), Deployment.Outcome.FAILED, why, draft.now())));
  }

  static String sentence(Reply.Refused refused) {
    return refused instanceof Reply.Invalid invalid
        ? invalid.problems().getFirst().path() + " " + invalid.problems().getFirst().message()
        : refused.message();
  }

  /// Why the changes cannot be made any more, if so.
  private static Optional<String> obstacle(Root root, QueuedDeployment queued) {
    for (var entry : queued.apps().entrySet()) {
      Optional<AppSpec> now = Optional.ofNullable(root.apps().get(entry.getKey())).map(App::spec);
      if (!now.equals(entry.getValue().before().map(App::spec))) {
        return Optional.of("app " + entry.getKey() + " was changed while this waited");
      }
    }
    for (var entry : queued.groups().entrySet()) {
      Optional<GroupSpec> now = Optional.ofNullable(root.groups().get(entry.getKey()));
      boolean expected =
          now.equals(entry.getValue().before()) || now.equals(entry.getValue().after());
      if (!expected) {
        return Optional.of("group " + entry.getKey() + " was changed while this waited");
      }
    }
    return Optional.empty();
  }

  private static void apply(RootDraft root, QueuedDeployment queued) {
    RootChanges.of(queued).make(root, Backlog::put);
  }

  private static void put(RootDraft root, Change<App> change) {
    AppSpec spec = change.after().orElseThrow().spec();
    boolean restarted = change.before().map(App::spec).filter(spec::equals).isPresent();
    if (restarted) {
      root.restart(spec.id());
      return;
    }
    root.put(spec);
  }
}
