package dev.slipway.server.api;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.KeptRoom;
import dev.slipway.core.control.LaunchRequest;
import dev.slipway.core.control.Prospects;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Reason;
import dev.slipway.core.placement.Remedies;
import dev.slipway.core.placement.Remedy;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import dev.slipway.server.probe.HealthView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Why an app is not as wanted, node by node.
///
/// @param priority who goes first, and who makes room for whom
/// @param instances how many are wanted
/// @param healthy how many run and, where there are health checks, are well
/// @param waiting how many stand on no node
/// @param reasons how many nodes say what to one more instance: the first reason against each
/// @param nodes what each node says, of the part of the nodes that was asked for
/// @param nodesInAll how many there are
/// @param remedies single changes that would let one more instance stand, the most helpful first
record Explanation(
    String app,
    int priority,
    int instances,
    int running,
    int healthy,
    int waiting,
    List<Wait> waits,
    Map<Reason, Integer> reasons,
    List<NodeAnswer> nodes,
    int nodesInAll,
    Optional<String> nearestFit,
    List<RemedyText> remedies,
    Optional<Delay> backoff,
    Optional<FailureText> lastFailure) {

  record NodeAnswer(String node, String reason, String detail, boolean fits) {
    static NodeAnswer of(NodeVerdict verdict) {
      return new NodeAnswer(
          verdict.node().value(), verdict.reason().name(), verdict.detail(), verdict.fits());
    }
  }

  /// @param nodes how many nodes would take the instance then
  record RemedyText(String kind, String text, int nodes) {
    static RemedyText of(Remedy remedy) {
      return new RemedyText(remedy.kind().name(), remedy.text(), remedy.nodes());
    }
  }

  /// Which nodes are shown.
  ///
  /// @param offset nodes that are passed over
  /// @param limit nodes that are shown at most
  record Part(int offset, int limit) {}

  record Delay(double delaySeconds, String until) {
    static Delay of(Backoff backoff) {
      return new Delay(backoff.delay().toMillis() / 1000.0, Timestamps.format(backoff.until()));
    }
  }

  /// Nothing where there is no such app, and none that is being removed either.
  static Optional<Explanation> of(
      State state, PathId id, Instant now, HealthView health, Part part) {
    Optional<Formation> formation = state.formation(id);
    Optional<App> known = formation.map(Formation::app).or(() -> state.app(id));
    return known.map(
        app -> {
          int wanted = formation.map(state::wanted).orElse(app.spec().instances());
          return explain(state, app, wanted, now, health, part);
        });
  }

  private static Explanation explain(
      State state, App app, int wanted, Instant now, HealthView health, Part part) {
    Set<Instant> checked = state.checkedVersions(app.id());
    int running = 0;
    int healthy = 0;
    int waiting = 0;
    for (Instance instance : state.instancesOf(app.id()).values()) {
      running += instance.condition() == Condition.RUNNING ? 1 : 0;
      healthy += instance.isReady(checked.contains(instance.version())) ? 1 : 0;
      waiting += instance.condition() == Condition.SCHEDULED ? 1 : 0;
    }
    List<Instance> siblings = new ArrayList<>();
    var room = KeptRoom.of(state, app.spec());
    room.instancesOf(app.id()).forEach(siblings::add);
    Request request = LaunchRequest.of(state, app.spec());
    List<NodeVerdict> verdicts = Prospects.explain(state, app.spec(), part.offset(), part.limit());
    return new Explanation(
        app.id().toString(),
        app.spec().scheduling().priority(),
        wanted,
        running,
        healthy,
        waiting,
        new Waits(state, now, health).of(app.id()),
        Verdicts.survey(state, app.spec()).byReason(),
        verdicts.stream().map(NodeAnswer::of).toList(),
        state.nodes().byId().size(),
        Placement.nearestFit(room.nodes(), request, siblings),
        Remedies.of(room.nodes(), request, siblings).stream().map(RemedyText::of).toList(),
        Waits.backoff(state, app, now).map(Delay::of),
        Optional.ofNullable(state.failures().get(app.id())).map(FailureText::of));
  }
}
