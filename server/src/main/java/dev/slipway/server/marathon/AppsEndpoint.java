package dev.slipway.server.marathon;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Input.Expectation;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.State;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.json.AppInfoJson;
import dev.slipway.server.marathon.json.AppJson;
import dev.slipway.server.marathon.json.AppReading;
import dev.slipway.server.marathon.json.AppUpdate;
import dev.slipway.server.marathon.json.Faults;
import dev.slipway.server.marathon.json.Fields;
import dev.slipway.server.marathon.json.ShownInstances;
import dev.slipway.server.probe.HealthView;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// `/v2/apps`, one app, and its versions (`AppsResource.scala`, `AppVersionsResource.scala`).
record AppsEndpoint(Control control, HealthView health, EventStreams events) {
  private static final int MAX_APPS = 10_000;
  private static final Set<Embed> ALWAYS_IN_LISTS = EnumSet.of(Embed.COUNTS, Embed.DEPLOYMENTS);
  private static final Set<Embed> ALWAYS_ALONE =
      EnumSet.of(Embed.COUNTS, Embed.DEPLOYMENTS, Embed.TASKS, Embed.LAST_TASK_FAILURE);

  private AppView view() {
    return new AppView(control.state(), health, control.now());
  }

  /// Apps whose `cmd` and `id` hold the words asked for, in any case, and whose labels fit.
  Answer list(Call call) {
    return list(call, PathId.ROOT, "apps");
  }

  /// All apps in and below a group: `/v2/apps/group/*`.
  Answer listGroup(Call call, List<String> path) {
    PathId group = Call.pathId(path, "Group");
    if (!control.state().root().groups().containsKey(group)) {
      throw Rejected.notFound("Group '" + group + "' does not exist");
    }
    return list(call, group, "*");
  }

  private Answer list(Call call, PathId group, String key) {
    Page page = Page.of(call.query());
    AppView view = view();
    Set<Embed> embed = Embed.ofApps(call.query().all("embed"), ALWAYS_IN_LISTS);
    List<App> apps =
        view.state().root().appsWithin(group).stream().filter(filter(call.query())).toList();
    List<AppInfoJson> part = page.of(apps).stream().map(app -> view.info(app, embed)).toList();
    return page.describe(Answer.ok(Map.of(key, part)), call, apps.size());
  }

  private static Predicate<App> filter(Query query) {
    Predicate<App> filter = app -> true;
    var line = query.text("cmd").map(word -> word.toLowerCase(Locale.ROOT));
    if (line.isPresent()) {
      filter = filter.and(app -> commandLine(app).toLowerCase(Locale.ROOT).contains(line.get()));
    }
    var id = query.text("id").map(word -> word.toLowerCase(Locale.ROOT));
    if (id.isPresent()) {
      filter = filter.and(app -> app.id().toString().contains(id.get()));
    }
    var labels = query.text("label").map(LabelSelector::parse);
    if (labels.isPresent()) {
      filter = filter.and(app -> labels.get().matches(app.spec().labels()));
    }
    return filter;
  }

  private static String commandLine(App app) {
    return switch (app.spec().command()) {
      case dev.slipway.core.app.Command.Shell shell -> shell.line();
      case dev.slipway.core.app.Command.Arguments _, dev.slipway.core.app.Command.ImageDefault _ ->
          "";
    };
  }

  Answer create(Call call) {
    Fields fields = call.object();
    AppUpdate update = read(fields);
    PathId id = requireId(fields, update);
    Rejected.ifAny(fields.faults());
    var wish =
        new Input.ChangeApps(
            List.of(update.whole(id, ShownInstances.NONE)), Expectation.ABSENT, call.terms());
    return switch (post(call, id, wish)) {
      case Reply.Refused refused -> Answer.refused(refused, control.state());
      // One that waits for its turn is not there yet.
      case Reply.Deploying deploying ->
          control
              .state()
              .app(id)
              .map(app -> Answer.of(201, view().created(app, deploying.deployment())))
              .orElseGet(() -> Answer.deploying(201, deploying))
              .startedBy(deploying)
              .with("Location", id.toString());
      case Reply.Done _, Reply.Rebalancing _ ->
          throw new IllegalStateException("an app was created without a plan");
    };
  }

  Answer get(Call call, List<String> path) {
    App app = existing(Call.pathId(path, "App"));
    Set<Embed> embed = Embed.ofApps(call.query().all("embed"), ALWAYS_ALONE);
    return Answer.ok(Map.of("app", view().info(app, embed)));
  }

  /// Changes an app, or with PUT makes it. A body with nothing but a version goes back to that
  /// version.
  Answer change(Call call, List<String> path, Expectation expectation) {
    Fields fields = call.object();
    Faults faults = fields.faults();
    AppUpdate update = read(fields);
    Optional<PathId> id =
        AppReading.appId("/" + String.join("/", path), PathId.ROOT, "/id", faults);
    checkVersionAlone(fields);
    Rejected.ifAny(faults);
    PathId app = id.orElseThrow();
    boolean partial = call.query().flag("partialUpdate", true);
    boolean existed = control.state().app(app).isPresent();
    Input.Command wish =
        update
            .version()
            .<Input.Command>map(version -> new Input.RestoreVersion(app, version, call.terms()))
            .orElseGet(
                () ->
                    new Input.ChangeApps(
                        List.of(asked(update, app, partial)), expectation, call.terms()));
    Reply reply = post(call, app, wish);
    if (existed || reply.refusal().isPresent()) {
      return answer(reply);
    }
    return created(reply, app);
  }

  private Answer created(Reply reply, PathId app) {
    return reply instanceof Reply.Deploying deploying
        ? Answer.deploying(201, deploying).with("Location", app.toString())
        : answer(reply);
  }

  private AppChange asked(AppUpdate update, PathId app, boolean partial) {
    var shown = ShownInstances.in(control.state());
    return partial ? update.partial(app, shown) : update.whole(app, shown);
  }

  /// Changes several apps in one deployment.
  Answer changeAll(Call call, Expectation expectation) {
    boolean partial = call.query().flag("partialUpdate", true);
    JsonNode body = call.json();
    var faults = new Faults();
    List<AppChange> changes = new ArrayList<>();
    if (!body.isArray()) {
      throw new Rejected(Answer.message(422, "the body must be an array of apps"));
    }
    if (body.size() > MAX_APPS) {
      throw new Rejected(Answer.message(422, "at most " + MAX_APPS + " apps can be given at once"));
    }
    for (int i = 0; i < body.size(); i++) {
      changeOf(body.get(i), i, partial, faults).ifPresent(changes::add);
    }
    Rejected.ifAny(faults);
    return answer(submit(PathId.ROOT, new Input.ChangeApps(changes, expectation, call.terms())));
  }

  private Optional<AppChange> changeOf(JsonNode node, int index, boolean partial, Faults faults) {
    Optional<Fields> fields = Fields.of(node, "(" + index + ")", faults);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    AppUpdate update = AppReading.read(fields.get(), PathId.ROOT);
    if (!fields.get().has("id")) {
      fields.get().wrong("id", "App Update must have app id set");
    }
    return update.id().map(id -> asked(update, id, partial));
  }

  Answer delete(Call call, List<String> path) {
    PathId app = Call.pathId(path, "App");
    // Forced unless told otherwise: what Marathon's code does, unlike what its documentation says.
    boolean force = call.query().flag("force", !call.terms().queue());
    return answer(submit(app.parent(), new Input.RemoveApp(app, call.terms(force))));
  }

  Answer restart(Call call, List<String> path) {
    PathId app = Call.pathId(path, "App");
    return answer(submit(app.parent(), new Input.RestartApp(app, call.terms())));
  }

  /// Newest first.
  Answer versions(List<String> path) {
    App app = existing(Call.pathId(path, "App"));
    List<String> versions = new ArrayList<>();
    var kept = control.state().versions().get(app.id());
    if (kept != null) {
      kept.keys().forEach(version -> versions.addFirst(Timestamps.format(version)));
    }
    return Answer.ok(Map.of("versions", versions));
  }

  Answer version(List<String> path, String version) {
    App app = existing(Call.pathId(path, "App"));
    return Timestamps.parse(version)
        .flatMap(time -> control.state().app(app.id(), time))
        .map(found -> Answer.ok(AppJson.fromCore(found)))
        .orElseThrow(
            () ->
                Rejected.notFound(
                    "App '%s' does not exist in version %s".formatted(app.id(), version)));
  }

  private Answer answer(Reply reply) {
    return answer(reply, control.state());
  }

  /// @param state to see whom the apps wait for
  static Answer answer(Reply reply, State state) {
    return switch (reply) {
      case Reply.Deploying deploying -> Answer.deploying(200, deploying);
      case Reply.Done _, Reply.Rebalancing _ -> Answer.empty(200);
      case Reply.Refused refused -> Answer.refused(refused, state);
    };
  }

  private App existing(PathId id) {
    return control
        .state()
        .app(id)
        .orElseThrow(() -> Rejected.notFound("App '" + id + "' does not exist"));
  }

  private static AppUpdate read(Fields fields) {
    return AppReading.read(fields, PathId.ROOT);
  }

  private static PathId requireId(Fields fields, AppUpdate update) {
    if (!fields.has("id")) {
      fields.missing("id");
    }
    return update.id().orElseThrow(() -> Rejected.faulty(fields.faults()));
  }

  private static void checkVersionAlone(Fields fields) {
    Set<String> allowed = Set.of("id", "version");
    boolean alone = fields.object().propertyNames().stream().allMatch(allowed::contains);
    if (fields.has("version") && !alone) {
      fields.wrong("version", "The 'version' field may only be combined with the 'id' field.");
    }
  }

  /// Submits a wish about one app and has the event stream tell of it, before what follows from it.
  private Reply post(Call call, PathId app, Input.Command wish) {
    try (var announcement = events.announce()) {
      Reply reply = submit(app.parent(), wish);
      if (reply instanceof Reply.Deploying deploying) {
        var posted = new EventStreams.Post(call.clientIp(), call.uri(), app);
        announcement.leadsTo(deploying.deployment(), posted);
      }
      return reply;
    }
  }

  private Reply submit(PathId group, Input.Command wish) {
    return events.tellIfRefused(group, control.submit(wish));
  }
}
