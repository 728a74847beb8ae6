package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.deployment.Change;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds plans that can never come to their end, whatever nodes come. What only lacks room, or a
/// node of some kind, is none of them: it is accepted and waits.
///
/// That leaves little, since {@link dev.slipway.core.deployment.RollingUpdate} goes on with every
/// pair of capacities: what has to stand on one host, of which there is only one, and does not fit
/// there as often as the plan needs it.
final class Impossible {
  private static final String HOSTNAME = "hostname";

  private Impossible() {}

  static List<Problem> in(State state, Change<App> change) {
    if (change.after().isEmpty() || change.before().equals(change.after())) {
      return List.of();
    }
    AppSpec spec = change.after().get().spec();
    List<Problem> problems = new ArrayList<>();
    for (Constraint constraint : spec.constraints()) {
      if (constraint.operator() == Constraint.Operator.CLUSTER) {
        contradiction(spec, constraint.field()).ifPresent(problems::add);
      }
    }
    if (isOnOneHost(spec) && hasFixedHostPort(spec)) {
      fixedPort(state, change, spec).ifPresent(problems::add);
    }
    return problems;
  }

  /// All in one place, and none beside another.
  private static Optional<Problem> contradiction(AppSpec spec, String field) {
    for (Constraint other : spec.constraints()) {
      boolean apart = other.field().equals(field) && other.operator() == Constraint.Operator.UNIQUE;
      if (apart && spec.instances() > 1) {
        return Optional.of(
            new Problem(
                "/constraints",
                "CLUSTER and UNIQUE of '%s' leave room for one instance, and %d are wanted"
                    .formatted(field, spec.instances())));
      }
    }
    return Optional.empty();
  }

  private static Optional<Problem> fixedPort(State state, Change<App> change, AppSpec spec) {
    if (spec.instances() > 1) {
      return Optional.of(
          new Problem(
              "/requirePorts",
              "all instances have to stand on one host, where only one can have the ports"));
    }
    boolean replaced =
        change
            .before()
            .filter(before -> before.spec().instances() > 0)
            .filter(before -> !before.generation().equals(change.after().get().generation()))
            .filter(before -> isOnOneHost(before.spec()) && hasFixedHostPort(before.spec()))
            .filter(before -> before.spec().ports().equals(spec.ports()))
            .isPresent();
    // One with volumes ends before the next begins, and one that is not ready gives way.
    boolean stays =
        spec.upgradeStrategy().minimumHealthCapacity() > 0
            && !spec.isResident()
            && state.ready(spec.id()) > 0;
    if (spec.instances() == 1 && replaced && stays) {
      return Optional.of(
          new Problem(
              "/upgradeStrategy/minimumHealthCapacity",
              "must be 0: the new instance needs the host and the ports of the old one, which"
                  + " could never end before"));
    }
    return Optional.empty();
  }

  /// Whether a constraint names the one host for all instances.
  private static boolean isOnOneHost(AppSpec spec) {
    return spec.constraints().stream()
        .anyMatch(
            constraint ->
                constraint.field().equals(HOSTNAME)
                    && constraint.operator() == Constraint.Operator.CLUSTER
                    && constraint.value().filter(value -> !value.isEmpty()).isPresent());
  }

  private static boolean hasFixedHostPort(AppSpec spec) {
    return spec.requirePorts()
        && spec.isOnHostNetwork()
        && spec.ports().stream().anyMatch(port -> port.port() != 0);
  }
}
