package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import dev.slipway.core.state.Tally;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether instances may be moved, as things stand: only those of apps that have all they want and
/// are at rest, and of these only ones that are well and have nothing that is bound to their node.
final class Mobility {
  /// A label of apps whose instances are to be left where they are.
  static final String LABEL = "SLIPWAY_REBALANCE";

  private static final String NEVER = "never";

  private record Ruling(Optional<String> objection, Set<Instant> checked) {}

  private final State state;
  private final Instant now;
  private final Map<PathId, Ruling> rulings = new HashMap<>();

  Mobility(State state, Instant now) {
    this.state = state;
    this.now = now;
  }

  boolean isMovable(Instance instance) {
    return objection(instance).isEmpty();
  }

  /// What speaks against moving it, for people.
  Optional<String> objection(Instance instance) {
    Ruling ruling = rulings.computeIfAbsent(instance.app(), this::ruling);
    if (ruling.objection().isPresent()) {
      return ruling.objection();
    }
    if (!instance.isReady(ruling.checked().contains(instance.version()))) {
      return Optional.of("it is not ready");
    }
    var place = instance.place();
    boolean ready =
        place
            .flatMap(where -> state.node(where.node()))
            .filter(node -> node.state() == NodeRecord.State.READY)
            .isPresent();
    if (!ready) {
      return Optional.of("its node is not ready");
    }
    if (!place.get().volumes().isEmpty()) {
      return Optional.of("its volumes are there");
    }
    return state.rebalancing().isResting(instance.id(), now)
        ? Optional.of("it was moved, or could not be, a short time ago")
        : Optional.empty();
  }

  private Ruling ruling(PathId app) {
    Formation formation = state.formation(app).orElse(null);
    if (formation == null || formation.instances() == 0 || state.app(app).isEmpty()) {
      return new Ruling(Optional.of("its app is not wanted any more"), Set.of());
    }
    return new Ruling(
        byKind(formation.app().spec()).or(() -> restless(app, formation)),
        state.checkedVersions(app));
  }

  private static Optional<String> byKind(AppSpec spec) {
    if (NEVER.equals(spec.labels().get(LABEL))) {
      return Optional.of("its app has the label %s=%s".formatted(LABEL, NEVER));
    }
    if (spec.scheduling().daemon()) {
      return Optional.of("it is a daemon's");
    }
    if (spec.scheduling().gang()) {
      return Optional.of("it belongs to a gang");
    }
    if (spec.restartPolicy() != RestartPolicy.ALWAYS) {
      return Optional.of("its work runs once and is not interrupted");
    }
    return spec.isResident() ? Optional.of("its volumes are there") : Optional.empty();
  }

  private Optional<String> restless(PathId app, Formation formation) {
    if (state.locks().containsKey(app)) {
      return Optional.of("a deployment holds its app");
    }
    if (state.rebalancing().moving().containsKey(app)) {
      return Optional.of("another instance of its app is being moved");
    }
    if (state.backoffs().containsKey(app)) {
      return Optional.of("its app is delayed after failures");
    }
    Tally tally = state.tally(app);
    boolean whole =
        tally.all() == formation.instances() && state.ready(app) == formation.instances();
    return whole ? Optional.empty() : Optional.of("not all instances of its app are ready");
  }
}
