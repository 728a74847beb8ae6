package dev.slipway.server.marathon;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.state.State;
import dev.slipway.server.marathon.json.Fields;
import dev.slipway.server.marathon.json.TaskJson;
import dev.slipway.server.marathon.json.TaskState;
import dev.slipway.server.probe.HealthView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// `/v2/tasks`, and the tasks of an app (`TasksResource.scala`, `AppTasksResource.scala`).
record TasksEndpoint(Control control, HealthView health) {
  private static final int MAX_IDS = 100_000;

  /// Marathon's ids of tasks before 1.5, and those of pods: well-formed, and of no task of ours.
  private static final Pattern FOREIGN_ID =
      Pattern.compile(
          "^[a-z0-9._-]{1,255}[.][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}([.].{1,64})?$");

  private AppView view() {
    return new AppView(control.state(), health, control.now());
  }

  /// All tasks, of apps that are being removed as well.
  Answer all(Call call) {
    Page page = Page.of(call.query());
    AppView view = view();
    List<String> status = new ArrayList<>(call.query().all("status"));
    status.addAll(call.query().all("status[]"));
    List<Instance> asked = new ArrayList<>();
    for (var entry : view.state().instances()) {
      for (Instance instance : entry.getValue().values()) {
        if (AppView.isTask(instance) && isAskedFor(instance, status)) {
          asked.add(instance);
        }
      }
    }
    return page.describe(
        Answer.ok(Map.of("tasks", withPorts(view, page.of(asked)))), call, asked.size());
  }

  private static boolean isAskedFor(Instance instance, List<String> status) {
    if (status.isEmpty()) {
      return true;
    }
    String state = TaskState.of(instance.condition());
    return (status.contains("running") && state.equals("TASK_RUNNING"))
        || (status.contains("staging") && state.equals("TASK_STAGING"));
  }

  private static List<TaskJson> withPorts(AppView view, List<Instance> instances) {
    Map<PathId, Optional<List<Integer>>> ports = new HashMap<>();
    return instances.stream()
        .flatMap(
            instance ->
                view
                    .task(
                        instance,
                        ports.computeIfAbsent(
                            instance.app(), app -> Optional.of(servicePorts(view.state(), app))))
                    .stream())
        .toList();
  }

  private static List<Integer> servicePorts(State state, PathId app) {
    Optional<App> known =
        state.app(app).or(() -> state.formation(app).map(formation -> formation.app()));
    return known.map(found -> found.spec().servicePorts()).orElse(List.of());
  }

  Answer ofApp(List<String> path) {
    PathId app = existing(path);
    AppView view = view();
    return Answer.ok(Map.of("tasks", view.tasks(view.placed(app))));
  }

  /// The tasks of all apps in and below a group.
  Answer ofGroup(List<String> path) {
    PathId group = Call.pathId(path, "Group");
    AppView view = view();
    if (!view.state().root().groups().containsKey(group)) {
      throw Rejected.notFound("Group '" + group + "' does not exist");
    }
    List<TaskJson> tasks = new ArrayList<>();
    view.state()
        .root()
        .appsWithin(group)
        .forEach(app -> tasks.addAll(view.tasks(view.placed(app.id()))));
    return Answer.ok(Map.of("tasks", tasks));
  }

  /// Ends the tasks of an app, all of them or those on one host.
  Answer killOfApp(Call call, List<String> path) {
    Optional<String> host = call.query().text("host").filter(name -> !name.equals("*"));
    checkWipe(call);
    PathId app = existing(path);
    AppView view = view();
    List<InstanceId> instances = new ArrayList<>();
    for (Instance instance : view.placed(app)) {
      if (host.isEmpty() || isOn(view, instance, host.get())) {
        instances.add(instance.id());
      }
    }
    return killed(call, view, instances);
  }

  private static boolean isOn(AppView view, Instance instance, String host) {
    return view.task(instance).filter(task -> task.host().equals(host)).isPresent();
  }

  Answer killOne(Call call, List<String> path, String taskId) {
    checkWipe(call);
    PathId app = existing(path);
    AppView view = view();
    // An instance that stands nowhere, or was given up with its node, has no task.
    TaskJson shown =
        instance(taskId)
            .filter(id -> id.app().equals(app))
            .flatMap(id -> view.state().instance(id))
            .flatMap(view::task)
            .orElseThrow(() -> Rejected.notFound("Task '" + taskId + "' does not exist"));
    List<InstanceId> instance = instance(taskId).stream().toList();
    return killed(call, instance, () -> Map.of("task", shown));
  }

  /// Ends tasks of any apps. Ids that no task has are passed over.
  Answer killListed(Call call) {
    checkWipe(call);
    Fields body = call.object();
    Optional<List<String>> ids = body.textList("ids", MAX_IDS);
    if (!body.has("ids")) {
      body.missing("ids");
    }
    Rejected.ifAny(body.faults());
    List<InstanceId> instances =
        ids.orElse(List.of()).stream().flatMap(id -> instance(id).stream()).distinct().toList();
    return killed(call, view(), instances);
  }

  private Answer killed(Call call, AppView before, List<InstanceId> instances) {
    List<TaskJson> shown =
        before.tasks(
            instances.stream().flatMap(id -> before.state().instance(id).stream()).toList());
    return killed(call, instances, () -> Map.of("tasks", shown));
  }

  /// @param shown what was there before
  private Answer killed(Call call, List<InstanceId> instances, Supplier<Object> shown) {
    boolean scale = call.query().flag("scale");
    boolean wipe = call.query().flag("wipe");
    Reply reply = control.submit(new Input.KillInstances(instances, scale, call.force(), wipe));
    return switch (reply) {
      case Reply.Deploying deploying -> Answer.deploying(200, deploying);
      case Reply.Done _, Reply.Rebalancing _ -> Answer.ok(shown.get());
      case Reply.Refused refused -> Answer.refused(refused, control.state());
    };
  }

  private static void checkWipe(Call call) {
    if (call.query().flag("scale") && call.query().flag("wipe")) {
      throw Rejected.bad("You cannot use scale and wipe at the same time.");
    }
  }

  private PathId existing(List<String> path) {
    PathId app = Call.pathId(path, "App");
    if (control.state().app(app).isEmpty()) {
      throw Rejected.notFound("App '" + app + "' does not exist");
    }
    return app;
  }

  /// The instance that a task id speaks of; nothing for an id of a form that we do not give.
  ///
  /// @throws Rejected with 400 when it cannot be a task's id at all
  private static Optional<InstanceId> instance(String taskId) {
    try {
      return Optional.of(new TaskId(taskId).instance());
    } catch (IllegalArgumentException e) {
      if (FOREIGN_ID.matcher(taskId).matches()) {
        return Optional.empty();
      }
      throw Rejected.bad(
          "Invalid task id '%s'. [Expected something like my_app.instance-<uuid>._app.1]"
              .formatted(taskId));
    }
  }
}
