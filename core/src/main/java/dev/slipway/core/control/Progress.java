package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Sorted;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;

/// How far an action of a deployment is, for those who ask what it waits for.
///
/// @param done whether the deployment waits for nothing of it any more
/// @param unready instances of the version that is wanted which are not ready yet
/// @param outdated instances that are still to be replaced
/// @param ending instances that are being ended
/// @param blockers apps that have to be ready before anything is done
public record Progress(
    boolean done,
    List<Instance> unready,
    List<Instance> outdated,
    List<Instance> ending,
    SortedSet<PathId> blockers) {
  public Progress {
    unready = List.copyOf(unready);
    outdated = List.copyOf(outdated);
    ending = List.copyOf(ending);
    blockers = Sorted.setOf(blockers);
  }

  /// The progress of an action whose step has begun.
  public static Progress of(State state, Action action) {
    boolean done = DeploymentPass.isDone(state, action);
    SortedSet<PathId> blockers = DeploymentPass.blockers(state, action.app());
    return state
        .formation(action.app())
        .map(formation -> Census.of(state, formation))
        .map(
            census ->
                new Progress(
                    done,
                    Stream.concat(census.current().stream(), census.leaving().stream())
                        .filter(one -> !census.isReady(one))
                        .toList(),
                    census.outdated(),
                    census.ending(),
                    blockers))
        .orElse(new Progress(done, List.of(), List.of(), List.of(), blockers));
  }
}
