package dev.slipway.server.marathon;

import dev.slipway.core.control.Input.Expectation;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Which endpoint a path under `/v2` leads to. Ids hold slashes, so that paths are looked at from
/// both ends.
record Dispatch(
    AppsEndpoint apps,
    TasksEndpoint tasks,
    GroupsEndpoint groups,
    DeploymentsEndpoint deployments,
    QueueEndpoint queue,
    ServerEndpoints server) {

  /// The endpoints that are about the server itself.
  record ServerEndpoints(
      SystemEndpoint system, LeaderEndpoint leader, SubscriptionsEndpoint subscriptions) {}

  /// Answers a request that is not about the event stream.
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
      case "pods" -> PodsEndpoint.answer(call);
      case "info" ->
          alone(call, rest, () -> only(call, Call.Method.GET, () -> server.system().info()));
      case "leader" -> alone(call, rest, () -> server.leader().answer(call));
      case "eventSubscriptions" -> alone(call, rest, () -> server.subscriptions().answer(call));
      case "plugins" ->
          alone(
              call,
              rest,
              () -> only(call, Call.Method.GET, () -> Answer.ok(Map.of("plugins", List.of()))));
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
    if (last.equals("versions") && !groups.exists(path)) {
      return only(call, Call.Method.GET, () -> groups.versions(head));
    }
    if (before.equals("versions") && !groups.exists(path)) {
      return groups.version(call, parent(head), last);
    }
    return switch (call.method()) {
      case GET -> groups.get(call, path);
      case POST -> groups.change(call, path, Expectation.ABSENT);
      case PUT -> groups.change(call, path, Expectation.ANY);
      case DELETE -> groups.delete(call, path);
      case PATCH -> groups.enforceRole(call, path);
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
      return only(call, Call.Method.GET, () -> deployments.list(call));
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

  /// A path with nothing below it.
  private static Answer alone(Call call, List<String> rest, Supplier<Answer> answer) {
    if (!rest.isEmpty()) {
      throw unknown(call);
    }
    return answer.get();
  }

  private static Answer only(Call call, Call.Method method, Supplier<Answer> answer) {
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
