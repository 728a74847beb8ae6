package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.RestartPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What makes no sense beside what an app asks of its placement: it is refused rather than passed
/// over, so that nobody believes it to be heeded.
final class PlacementRules {
  private static final Set<String> HOSTNAMES = Set.of("hostname", "@hostname");

  private PlacementRules() {}

  static List<Problem> problems(AppSpec app) {
    if (app.scheduling().daemon()) {
      return daemon(app);
    }
    if (app.scheduling().gang() && app.instances() > Limits.ORDERS_AT_ONCE) {
      return List.of(
          new Problem(
              "/scheduling/gang",
              "at most %d instances are placed all at once, and %d are wanted; leave 'gang' out or ask for fewer"
                  .formatted(Limits.ORDERS_AT_ONCE, app.instances())));
    }
    return List.of();
  }

  private static List<Problem> daemon(AppSpec app) {
    List<Problem> problems = new ArrayList<>();
    for (Constraint constraint : app.constraints()) {
      objection(constraint).ifPresent(why -> problems.add(new Problem("/constraints", why)));
    }
    if (!app.preferences().isEmpty()) {
      problems.add(
          new Problem(
              "/preferences",
              "a daemon runs on each node that can take it and chooses none; leave 'preferences' out, or make them constraints"));
    }
    var scheduling = app.scheduling();
    String others =
        "a daemon runs on each node that can take it, wherever others stand; leave '%s' out";
    if (!scheduling.spread().isEmpty()) {
      problems.add(new Problem("/scheduling/spread", others.formatted("spread")));
    }
    if (!scheduling.affinity().isEmpty()) {
      problems.add(new Problem("/scheduling/affinity", others.formatted("affinity")));
    }
    if (!scheduling.antiAffinity().isEmpty()) {
      problems.add(new Problem("/scheduling/antiAffinity", others.formatted("antiAffinity")));
    }
    if (app.isResident()) {
      problems.add(
          new Problem(
              "/container/volumes",
              "a daemon keeps no persistent volumes, since its instances belong to their nodes; mount a directory of the node instead"));
    }
    if (app.restartPolicy() != RestartPolicy.ALWAYS) {
      problems.add(
          new Problem("/restartPolicy", "a daemon always runs; leave 'restartPolicy' out"));
    }
    return problems;
  }

  /// A node has one instance at most anyhow, so that rules which say just that are no matter.
  private static Optional<String> objection(Constraint constraint) {
    boolean ofHosts = HOSTNAMES.contains(constraint.field());
    boolean nodesAlone =
        switch (constraint.operator()) {
          case LIKE, UNLIKE, IS -> true;
          case UNIQUE, MAX_PER -> ofHosts;
          case CLUSTER -> constraint.value().filter(value -> !value.isEmpty()).isPresent();
          case GROUP_BY -> false;
        };
    return nodesAlone
        ? Optional.empty()
        : Optional.of(
            "%s of '%s' says where instances stand to each other, and a daemon has one on each node that can take it; leave it out, or choose nodes by LIKE, UNLIKE, IS or CLUSTER with a value"
                .formatted(constraint.operator(), constraint.field()));
  }
}
