package dev.slipway.server.api;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import dev.slipway.server.probe.HealthView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Why an app is not as wanted, node by node.
///
/// @param priority who goes first, and who makes room for whom
/// @param instances how many are wanted
/// @param healthy how many run and, where there are health checks, are well
/// @param waiting how many stand on no node
/// @param nodes what each node says to one more instance
record Explanation(
    String app,
    int priority,
    int instances,
    int running,
    int healthy,
    int waiting,
    List<Wait> waits,
    List<NodeAnswer> nodes,
    Optional<String> nearestFit,
    Optional<Delay> backoff,
    Optional<FailureText> lastFailure) {

  record NodeAnswer(String node, String reason, String detail, boolean fits) {
    static NodeAnswer of(NodeVerdict verdict) {
      return new NodeAnswer(
          verdict.node().value(), verdict.reason().name(), verdict.detail(), verdict.fits());
    }
  }

  record Delay(double delaySeconds, String until) {
    static Delay of(Backoff backoff) {
      return new Delay(backoff.delay().toMillis() / 1000.0, Timestamps.format(backoff.until()));
    }
  }

  /// Nothing where there is no such app, and none that is being removed either.
  static Optional<Explanation> of(State state, PathId id, Instant now, HealthView health) {
    Optional<Formation> formation = state.formation(id);
    Optional<App> known = formation.map(Formation::app).or(() -> state.app(id));
    return known.map(
        app -> {
          int wanted = formation.map(state::wanted).orElse(app.spec().instances());
          return explain(state, app, wanted, now, health);
        });
  }

  private static Explanation explain(
      State state, App app, int wanted, Instant now, HealthView health) {
    Set<Instant> checked = state.checkedVersions(app.id());
    int running = 0;
    int healthy = 0;
    int waiting = 0;
    for (Instance instance : state.instancesOf(app.id()).values()) {
      running += instance.condition() == Condition.RUNNING ? 1 : 0;
      healthy += instance.isReady(checked.contains(instance.version())) ? 1 : 0;
      waiting += instance.condition() == Condition.SCHEDULED ? 1 : 0;
    }
    var verdicts = Verdicts.of(state, app.spec());
    return new Explanation(
        app.id().toString(),
        app.spec().scheduling().priority(),
        wanted,
        running,
        healthy,
        waiting,
        new Waits(state, now, health).of(app.id()),
        verdicts.nodes().stream().map(NodeAnswer::of).toList(),
        verdicts.nearest(),
        Waits.backoff(state, app, now).map(Delay::of),
        Optional.ofNullable(state.failures().get(app.id())).map(FailureText::of));
  }
}
