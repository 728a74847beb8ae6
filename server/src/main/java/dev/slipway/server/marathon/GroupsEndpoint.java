package dev.slipway.server.marathon;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.GroupChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Input.Expectation;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.RootHistory;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.json.AppInfoJson;
import dev.slipway.server.marathon.json.DeploymentJson.StepJson;
import dev.slipway.server.marathon.json.Fields;
import dev.slipway.server.marathon.json.GroupJson;
import dev.slipway.server.marathon.json.GroupUpdate;
import dev.slipway.server.marathon.json.ShownInstances;
import dev.slipway.server.probe.HealthView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// `/v2/groups` (`GroupsResource.scala`).
record GroupsEndpoint(Control control, HealthView health, EventStreams events) {
  private static final Set<Embed> ALWAYS_IN_LISTS = EnumSet.of(Embed.COUNTS, Embed.DEPLOYMENTS);

  private AppView view() {
    return new AppView(control.state(), health, control.now());
  }

  Answer get(Call call, List<String> path) {
    PathId group = existing(path);
    AppView view = view();
    return Answer.ok(tree(call, view, view.state().root()).of(group));
  }

  Answer apps(Call call, List<String> path) {
    PathId group = existing(path);
    AppView view = view();
    Set<Embed> embed = Embed.ofApps(call.query().all("embed"), ALWAYS_IN_LISTS);
    return Answer.ok(
        view.state().root().appsWithin(group).stream().map(app -> view.info(app, embed)).toList());
  }

  boolean exists(List<String> path) {
    try {
      return control.state().root().groups().containsKey(new PathId(path));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Tree tree(Call call, AppView view, Root root) {
    return new Tree(view, Embed.ofGroups(call.query().all("embed")), root);
  }

  /// The versions of the root that are kept and have the group, newest first.
  Answer versions(List<String> path) {
    PathId group = existing(path);
    var state = control.state();
    return Answer.ok(
        state.plans().history().versions().reversed().stream()
            .map(RootHistory.Version::version)
            .filter(version -> holds(state.rootAt(version), group))
            .map(Timestamps::format)
            .toList());
  }

  private static boolean holds(Optional<Root> root, PathId group) {
    return root.filter(known -> known.groups().containsKey(group)).isPresent();
  }

  /// The group as it was at a version; a `PUT` makes it so again, as marathon-python asks for.
  Answer version(Call call, List<String> path, String text) {
    PathId group = Call.pathId(path, "Group");
    Instant version =
        Timestamps.parse(text)
            .orElseThrow(() -> Rejected.notFound("'%s' is no version of a group".formatted(text)));
    return switch (call.method()) {
      case GET -> {
        AppView view = view();
        Root root =
            view.state()
                .rootAt(version)
                .filter(known -> known.groups().containsKey(group))
                .orElseThrow(
                    () ->
                        Rejected.notFound(
                            "Group '%s' does not exist in version %s".formatted(group, text)));
        yield Answer.ok(tree(call, view, root).of(group));
      }
      case PUT -> restore(call, group, version);
      case POST, PATCH, DELETE -> throw Rejected.method();
    };
  }

  private Answer restore(Call call, PathId group, Instant version) {
    Reply reply = control.submit(new Input.RestoreGroup(group, version, call.terms()));
    return AppsEndpoint.answer(events.tellIfRefused(group, reply), control.state());
  }

  /// Creates or changes a group with all that the body says is in it.
  Answer change(Call call, List<String> path, Expectation expectation) {
    Fields fields = call.object();
    GroupUpdate update =
        GroupUpdate.read(fields, "/" + String.join("/", path), ShownInstances.in(control.state()));
    Rejected.ifAny(fields.faults());
    if (update.version().isPresent()) {
      return restore(call, update.change().id(), update.version().get());
    }
    var wish = new Input.ChangeGroup(update.change(), expectation, call.terms());
    if (call.query().flag("dryRun")) {
      return plan(wish);
    }
    Reply reply = events.tellIfRefused(update.change().id(), control.submit(wish));
    if (expectation == Expectation.ABSENT && reply instanceof Reply.Deploying deploying) {
      return Answer.deploying(201, deploying).with("Location", update.change().id().toString());
    }
    return AppsEndpoint.answer(reply, control.state());
  }

  /// Says whether a top-level group's apps take its name as their role: the one part of a group
  /// that changes without a deployment in Marathon.
  Answer enforceRole(Call call, List<String> path) {
    Fields fields = call.object();
    Optional<Boolean> enforced = fields.flag("enforceRole");
    if (!fields.has("enforceRole")) {
      fields.missing("enforceRole");
    }
    if (fields.object().size() > 1) {
      fields.wrong("", "only 'enforceRole' can be changed with PATCH; use PUT for all else");
    }
    Rejected.ifAny(fields.faults());
    PathId group = existing(path);
    if (path.size() != 1) {
      return Answer.message(422, "'enforceRole' can be set on top-level groups only");
    }
    var change =
        new GroupChange(
            group,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            enforced,
            Optional.empty());
    return switch (control.submit(new Input.ChangeGroup(change, Expectation.PRESENT, false))) {
      case Reply.Refused refused -> Answer.refused(refused, control.state());
      case Reply.Deploying deploying -> Answer.empty(200).startedBy(deploying);
      case Reply.Done _, Reply.Rebalancing _ -> Answer.empty(200);
    };
  }

  /// What the change would lead to. Deciding is pure, so that it is done on the snapshot and thrown
  /// away.
  private Answer plan(Input.ChangeGroup wish) {
    var refusal = control.refusal(wish);
    if (refusal.isPresent()) {
      return Answer.refused(refusal.get(), control.state());
    }
    var decision = Decider.decide(control.state(), wish, control.now());
    if (decision.reply() instanceof Reply.Refused refused) {
      return Answer.refused(refused, control.state());
    }
    List<StepJson> steps =
        decision.events().stream()
            .flatMap(
                event ->
                    event instanceof Event.DeploymentStarted started
                        ? started.deployment().steps().stream()
                        : java.util.stream.Stream.empty())
            .map(StepJson::fromCore)
            .toList();
    return Answer.ok(Map.of("steps", steps));
  }

  Answer delete(Call call, List<String> path) {
    PathId group = Call.pathId(path, "Group");
    Reply reply = control.submit(new Input.RemoveGroup(group, call.terms()));
    return AppsEndpoint.answer(events.tellIfRefused(group, reply), control.state());
  }

  private PathId existing(List<String> path) {
    PathId group = Call.pathId(path, "Group");
    if (!control.state().root().groups().containsKey(group)) {
      throw Rejected.notFound("Group '" + group + "' does not exist");
    }
    return group;
  }

  /// The groups and apps of a root, sorted into their parents once.
  private static final class Tree {
    private final AppView view;
    private final Set<Embed> embed;
    private final Root root;
    private final Map<PathId, List<App>> apps = new TreeMap<>();
    private final Map<PathId, List<PathId>> groups = new TreeMap<>();
    private final Map<PathId, GroupSpec> specs = new TreeMap<>();

    Tree(AppView view, Set<Embed> embed, Root root) {
      this.view = view;
      this.embed = embed;
      this.root = root;
    }

    /// The group with all that is below it.
    GroupJson of(PathId top) {
      for (App app : root.appsWithin(top)) {
        apps.computeIfAbsent(app.id().parent(), id -> new ArrayList<>()).add(app);
      }
      for (GroupSpec spec : root.groupsWithin(top)) {
        specs.put(spec.id(), spec);
        if (!spec.id().isRoot()) {
          groups.computeIfAbsent(spec.id().parent(), id -> new ArrayList<>()).add(spec.id());
        }
      }
      return group(top);
    }

    private GroupJson group(PathId id) {
      List<AppInfoJson> members =
          apps.getOrDefault(id, List.of()).stream().map(app -> view.info(app, embed)).toList();
      GroupSpec spec = specs.get(id);
      return new GroupJson(
          id.toString(),
          part(Embed.GROUP_APPS, members),
          embed.contains(Embed.GROUP_GROUPS)
              ? Optional.of(groups.getOrDefault(id, List.of()).stream().map(this::group).toList())
              : Optional.empty(),
          part(Embed.GROUP_PODS, List.of()),
          spec == null ? List.of() : spec.dependencies().stream().map(PathId::toString).toList(),
          Optional.ofNullable(spec).flatMap(GroupSpec::enforceRole),
          Timestamps.format(root.version()));
    }

    private <T> Optional<List<T>> part(Embed part, List<T> value) {
      return embed.contains(part) ? Optional.of(value) : Optional.empty();
    }
  }
}
