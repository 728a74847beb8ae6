package dev.slipway.server.marathon;

import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.server.control.Transition;
import dev.slipway.server.control.Unavailable;
import dev.slipway.server.http.RouteGroup;
import dev.slipway.server.marathon.event.Callbacks;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.event.MarathonEvent;
import dev.slipway.server.marathon.event.SubscriptionStore;
import dev.slipway.server.probe.HealthView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Marathon's API: all under `/v2`, and `/ping`, `/logging` and `/`. Paths under `/v2` are taken
/// apart here and not by the HTTP library, since ids hold slashes, and clients send double,
/// trailing and encoded ones, all of which mean the same.
///
/// Hand {@link #transitions()} to the feed of durable events, so that `/v2/events` has something to
/// tell, and close this before the HTTP server, so that streams end.
public final class MarathonApi implements RouteGroup, AutoCloseable {
  static final String LEADER_HEADER = "X-Marathon-Leader";

  private final Control control;
  private final ServerInfo server;
  private final Dispatch dispatch;
  private final EventStreams events;
  private final Callbacks callbacks;
  private final EventsEndpoint eventsEndpoint;
  private final LogLevels levels = new LogLevels();
  private final LoggingEndpoint logging = new LoggingEndpoint(levels);

  /// An API that keeps nothing beyond its own life, and calls nobody back.
  public MarathonApi(Control control, HealthView health, ServerInfo server) {
    this(
        control,
        health,
        server,
        new Surroundings(
            new EventStreams(control::now),
            SubscriptionStore.inMemory(),
            address -> Optional.of("anybody"),
            () -> {}));
  }

  public MarathonApi(
      Control control, HealthView health, ServerInfo server, Surroundings surroundings) {
    this.control = control;
    this.server = server;
    this.events = surroundings.events();
    this.callbacks =
        new Callbacks(events, surroundings.subscriptions(), surroundings.addresses(), control::now);
    this.eventsEndpoint = new EventsEndpoint(events);
    this.dispatch =
        new Dispatch(
            new AppsEndpoint(control, health, events),
            new TasksEndpoint(control, health),
            new GroupsEndpoint(control, health, events),
            new DeploymentsEndpoint(control, health),
            new QueueEndpoint(control),
            new Dispatch.ServerEndpoints(
                new SystemEndpoint(control, server),
                new LeaderEndpoint(server, surroundings.abdication(), events),
                new SubscriptionsEndpoint(callbacks)));
    callbacks.start();
  }

  /// How many clients listen to events.
  public int listeners() {
    return events.size();
  }

  /// Takes each durable event, in order; returns at once.
  public Consumer<Transition> transitions() {
    return events;
  }

  /// Tells those who listen to events that a health check failed. That it did is in no journal; its
  /// consequences are, and are told of by themselves.
  public void healthCheckFailed(InstanceId instance, HealthCheck check) {
    control
        .state()
        .instance(instance)
        .map(known -> MarathonEvent.failedHealthCheck(known, check, control.now()))
        .ifPresent(events::publish);
  }

  /// Tells those who listen to events that a task ended which nothing recorded speaks of.
  public void strayEnded(TaskObservation observation) {
    if (observation.status() instanceof TaskObservation.Status.Ended ended) {
      events.publish(
          MarathonEvent.unknownInstanceTerminated(
              observation.task().instance(), ended.end(), control.now()));
    }
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.before(
        context ->
            server
                .leading()
                .get()
                .ifPresent(leader -> context.header(LEADER_HEADER, leader.toString())));
    FrontEndpoint.register(routes);
    for (Call.Method method : Call.Method.values()) {
      register(routes, HandlerType.findOrCreate(method.name()), method);
    }
    register(routes, HandlerType.HEAD, Call.Method.GET);
  }

  /// Asked with HEAD, an address answers as with GET; the HTTP server leaves the body out.
  private void register(RoutesConfig routes, HandlerType type, Call.Method method) {
    routes.addHttpHandler(type, "/v2", context -> handle(method, context));
    routes.addHttpHandler(type, "/v2/*", context -> handle(method, context));
    routes.addHttpHandler(
        type, "/logging", context -> answer(method, context, List.of(), logging::answer));
  }

  @Override
  public void close() {
    callbacks.close();
    events.close();
    levels.close();
  }

  private interface Endpoint {
    Answer answer(Call call);
  }

  private void handle(Call.Method method, Context context) {
    List<String> path;
    try {
      path = Call.parts(context.req().getRequestURI());
      if (path.equals(List.of("v2", "events"))) {
        eventsEndpoint.open(context);
        return;
      }
    } catch (Rejected rejected) {
      AnswerWriter.send(rejected.answer(), context, false);
      return;
    }
    answer(method, context, path.subList(1, path.size()), dispatch::answer);
  }

  private static void answer(
      Call.Method method, Context context, List<String> path, Endpoint endpoint) {
    Answer answer;
    try {
      answer = endpoint.answer(call(method, path, context));
    } catch (Rejected rejected) {
      answer = rejected.answer();
    } catch (Unavailable unavailable) {
      answer =
          Answer.message(503, String.valueOf(unavailable.getMessage())).with("Retry-After", "1");
    }
    AnswerWriter.send(answer, context, method == Call.Method.GET);
  }

  private static Call call(Call.Method method, List<String> path, Context context) {
    String query = context.queryString();
    String uri = context.req().getRequestURI() + (query == null ? "" : "?" + query);
    return new Call(
        method, uri, path, new Query(context.queryParamMap()), context::bodyAsBytes, context.ip());
  }

  /// Answers a request that is not about the event stream.
  ///
  /// @throws Rejected when it cannot be understood
  Answer answer(Call call) {
    return dispatch.answer(call);
  }
}
