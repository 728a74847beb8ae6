package dev.slipway.server.marathon;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Prospects;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.Survey;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.State;
import dev.slipway.server.marathon.json.AppJson;
import dev.slipway.server.marathon.json.QueueItemJson;
import dev.slipway.server.marathon.json.QueueItemJson.DelayJson;
import dev.slipway.server.marathon.json.QueueItemJson.OffersSummaryJson;
import dev.slipway.server.marathon.json.QueueItemJson.UnusedOfferJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/v2/queue` (`QueueResource.scala`): the apps with instances that stand on no node, and why not.
record QueueEndpoint(Control control) {

  Answer list(Call call) {
    boolean withOffers =
        call.query().all("embed").stream().anyMatch(word -> word.endsWith("lastUnusedOffers"));
    State state = control.state();
    Instant now = control.now();
    List<QueueItemJson> items = new ArrayList<>();
    var placer = new Placer();
    for (PathId app : state.waiting().keys()) {
      launching(state, app)
          .ifPresent(spec -> items.add(item(state, spec, now, placer, withOffers)));
    }
    return Answer.ok(Map.of("queue", items));
  }

  /// The version that waiting instances will be launched with.
  private static Optional<App> launching(State state, PathId app) {
    return state.formation(app).map(formation -> formation.app()).or(() -> state.app(app));
  }

  /// @param placer counts why nodes are refused; a verdict on each is made only where it is asked
  ///     for
  private static QueueItemJson item(
      State state, App app, Instant now, Placer placer, boolean withOffers) {
    List<Instance> instances = new ArrayList<>();
    state.instancesOf(app.id()).values().forEach(instances::add);
    List<Instance> waiting =
        instances.stream().filter(instance -> instance.condition() == Condition.SCHEDULED).toList();
    Instant since =
        waiting.stream().map(Instance::scheduledAt).min(Comparator.naturalOrder()).orElse(now);
    Survey survey = Prospects.survey(state, app.spec(), placer);
    Optional<Instant> lastLaunch =
        instances.stream()
            .flatMap(instance -> instance.stagedAt().stream())
            .max(Comparator.naturalOrder());
    return new QueueItemJson(
        AppJson.fromCore(app),
        waiting.size(),
        app.spec().mesos().role().filter(role -> !role.equals("*")),
        delay(state, app, now),
        Timestamps.format(since),
        OffersSummaryJson.of(survey, lastLaunch, now),
        withOffers
            ? Optional.of(offers(state, Prospects.explain(state, app.spec()), now))
            : Optional.empty());
  }

  private static DelayJson delay(State state, App app, Instant now) {
    Backoff backoff = state.backoffs().get(app.id());
    boolean holds =
        backoff != null
            && backoff.generation().equals(app.generation())
            && backoff.until().isAfter(now);
    if (!holds || backoff == null) {
      return new DelayJson(0, true);
    }
    long millis = Duration.between(now, backoff.until()).toMillis();
    return new DelayJson(Math.ceilDiv(millis, 1000), false);
  }

  private static List<UnusedOfferJson> offers(
      State state, List<NodeVerdict> verdicts, Instant now) {
    return verdicts.stream()
        .filter(verdict -> !verdict.fits())
        .flatMap(
            verdict ->
                state.node(verdict.node()).stream()
                    .map(record -> QueueItemJson.unusedOffer(record, verdict, now)))
        .toList();
  }

  Answer clearDelay(List<String> path) {
    PathId app = Call.pathId(path, "Application");
    return switch (control.submit(new Input.ClearBackoff(app))) {
      case Reply.Done _, Reply.Rebalancing _ -> Answer.empty(204);
      case Reply.Deploying deploying -> Answer.deploying(200, deploying);
      case Reply.Refused refused -> Answer.refused(refused, control.state());
    };
  }
}
