package dev.slipway.server.marathon;

import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.control.Input.Expectation;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.server.control.Transition;
import dev.slipway.server.control.Unavailable;
import dev.slipway.server.http.RouteGroup;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.event.MarathonEvent;
import dev.slipway.server.marathon.json.Json;
import dev.slipway.server.probe.HealthView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.function.Consumer;

/// Marathon's API under `/v2`. Paths are taken apart here and not by the HTTP library, since ids
/// hold slashes, and clients send double, trailing and encoded ones, all of which mean the same.
///
/// Hand {@link #transitions()} to the feed of durable events, so that `/v2/events` has something to
/// tell, and close this before the HTTP server, so that streams end.
public final class MarathonApi implements RouteGroup, AutoCloseable {
  static final String LEADER_HEADER = "X-Marathon-Leader";

  private final Control control;
  private final ServerInfo server;
  private final AppsEndpoint apps;
  private final TasksEndpoint tasks;
  private final GroupsEndpoint groups;
  private final DeploymentsEndpoint deployments;
  private final QueueEndpoint queue;
  private final SystemEndpoint system;
  private final EventStreams events;
  private final EventsEndpoint eventsEndpoint;

  public MarathonApi(Control control, HealthView health, ServerInfo server) {
    this.control = control;
    this.server = server;
    this.events = new EventStreams(control::now);
    this.apps = new AppsEndpoint(control, health, events);
    this.tasks = new TasksEndpoint(control, health);
    this.groups = new GroupsEndpoint(control, health);
    this.deployments = new DeploymentsEndpoint(control);
    this.queue = new QueueEndpoint(control);
    this.system = new SystemEndpoint(control, server);
    this.eventsEndpoint = new EventsEndpoint(events);
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

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/ping", context -> context.contentType("text/plain").result("pong"));
    for (Call.Method method : Call.Method.values()) {
      HandlerType type = HandlerType.findOrCreate(method.name());
      routes.addHttpHandler(type, "/v2", context -> handle(method, context));
      routes.addHttpHandler(type, "/v2/*", context -> handle(method, context));
    }
  }

  @Override
  public void close() {
    events.close();
  }

  private void handle(Call.Method method, Context context) {
    context.header(LEADER_HEADER, server.url());
    Answer answer;
    try {
      List<String> path = Call.parts(context.req().getRequestURI());
      List<String> rest = path.subList(1, path.size());
      if (rest.equals(List.of("events"))) {
        eventsEndpoint.open(method, context);
        return;
      }
      answer = answer(call(method, rest, context));
    } catch (Rejected rejected) {
      answer = rejected.answer();
    } catch (Unavailable unavailable) {
      answer = Answer.message(503, String.valueOf(unavailable.getMessage()));
    }
    send(answer, context);
  }

  private static Call call(Call.Method method, List<String> path, Context context) {
    String query = context.queryString();
    String uri = context.req().getRequestURI() + (query == null ? "" : "?" + query);
    return new Call(
        method, uri, path, new Query(context.queryParamMap()), context::bodyAsBytes, context.ip());
  }

  static void send(Answer answer, Context context) {
    context.status(answer.status());
    answer.headers().forEach(context::header);
    answer
        .body()
        .ifPresent(body -> context.contentType("application/json").result(Json.write(body)));
  }

  /// Answers a request that is not about events.
  ///
  /// @throws Rejected when it cannot be understood
  Answer answer(Call call) {
    List<String> path = call.path();
    if (path.isEmpty()) {
      throw unknown(call);
    }
    List<String> rest = path.subList(1, path.size());
    return switch (path.getFirst()) {
      case "apps" -> apps(call, rest);
      case "groups" -> groups(call, rest);
      case "tasks" -> tasks(call, rest);
      case "deployments" -> deployments(call, rest);
      case "queue" -> queue(call, rest);
      case "info" -> alone(call, rest, system.info());
      case "leader" -> alone(call, rest, system.leader());
      default -> throw unknown(call);
    };
  }

  private Answer apps(Call call, List<String> path) {
    if (path.isEmpty()) {
      return switch (call.method()) {
        case GET -> apps.list(call);
        case POST -> apps.create(call);
        case PUT -> apps.changeAll(call, Expectation.ANY);
        case PATCH -> apps.changeAll(call, Expectation.PRESENT);
        case DELETE -> throw Rejected.method();
      };
    }
    List<String> head = path.subList(0, path.size() - 1);
    String last = path.getLast();
    return switch (last) {
      case "*" -> only(call, Call.Method.GET, () -> apps.listGroup(call, head));
      case "restart" -> only(call, Call.Method.POST, () -> apps.restart(call, head));
      case "versions" -> only(call, Call.Method.GET, () -> apps.versions(head));
      case "tasks" -> tasksOf(call, head);
      default -> {
        String before = head.isEmpty() ? "" : head.getLast();
        if (before.equals("versions")) {
          yield only(call, Call.Method.GET, () -> apps.version(parent(head), last));
        }
        if (before.equals("tasks")) {
          yield only(call, Call.Method.DELETE, () -> tasks.killOne(call, parent(head), last));
        }
        yield app(call, path);
      }
    };
  }

  private Answer app(Call call, List<String> path) {
    return switch (call.method()) {
      case GET -> apps.get(call, path);
      case PUT -> apps.change(call, path, Expectation.ANY);
      case PATCH -> apps.change(call, path, Expectation.PRESENT);
      case DELETE -> apps.delete(call, path);
      case POST -> throw Rejected.method();
    };
  }

  private Answer tasksOf(Call call, List<String> app) {
    if (!app.isEmpty() && app.getLast().equals("*")) {
      return only(call, Call.Method.GET, () -> tasks.ofGroup(parent(app)));
    }
    return switch (call.method()) {
      case GET -> tasks.ofApp(app);
      case DELETE -> tasks.killOfApp(call, app);
      case POST, PUT, PATCH -> throw Rejected.method();
    };
  }

  private Answer groups(Call call, List<String> path) {
    List<String> head = parent(path);
    String last = path.isEmpty() ? "" : path.getLast();
    String before = head.isEmpty() ? "" : head.getLast();
    boolean get = call.method() == Call.Method.GET;
    // A group may bear one of these names itself, and is then meant.
    if (get && last.equals("apps") && !groups.exists(path)) {
      return groups.apps(call, head);
    }
    if ((last.equals("versions") || before.equals("versions")) && !groups.exists(path)) {
      return groups.versions();
    }
    return switch (call.method()) {
      case GET -> groups.get(call, path);
      case POST -> groups.change(call, path, Expectation.ABSENT);
      case PUT -> groups.change(call, path, Expectation.ANY);
      case DELETE -> groups.delete(call, path);
      case PATCH ->
          Answer.message(422, "'enforceRole' is not available yet; use PUT to change a group");
    };
  }

  private Answer tasks(Call call, List<String> path) {
    if (path.isEmpty()) {
      return only(call, Call.Method.GET, () -> tasks.all(call));
    }
    if (path.equals(List.of("delete"))) {
      return only(call, Call.Method.POST, () -> tasks.killListed(call));
    }
    throw unknown(call);
  }

  private Answer deployments(Call call, List<String> path) {
    if (path.isEmpty()) {
      return only(call, Call.Method.GET, deployments::list);
    }
    if (path.size() == 1) {
      return only(call, Call.Method.DELETE, () -> deployments.cancel(call, path.getFirst()));
    }
    throw unknown(call);
  }

  private Answer queue(Call call, List<String> path) {
    if (path.isEmpty()) {
      return only(call, Call.Method.GET, () -> queue.list(call));
    }
    if (path.size() > 1 && path.getLast().equals("delay")) {
      return only(call, Call.Method.DELETE, () -> queue.clearDelay(parent(path)));
    }
    throw unknown(call);
  }

  private static Answer alone(Call call, List<String> rest, Answer answer) {
    if (!rest.isEmpty()) {
      throw unknown(call);
    }
    return only(call, Call.Method.GET, () -> answer);
  }

  private static Answer only(
      Call call, Call.Method method, java.util.function.Supplier<Answer> answer) {
    if (call.method() != method) {
      throw Rejected.method();
    }
    return answer.get();
  }

  private static List<String> parent(List<String> path) {
    return path.isEmpty() ? path : path.subList(0, path.size() - 1);
  }

  /// Marathon answers 500 here; a path that does not exist is no fault of the server.
  private static Rejected unknown(Call call) {
    return Rejected.notFound("URI not found: " + call.uri());
  }
}
