package dev.slipway.server.marathon.json;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.HealthCheck;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.MesosFields;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.StatusCheck;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a client says of an app: each part that it gave, already in the core's words and within its
/// bounds. What is absent stays as it is, or takes Marathon's default.
///
/// @param version instead of all else: go back to that version
public record AppUpdate(
    Optional<PathId> id,
    Optional<Command> command,
    Amounts amounts,
    Optional<Integer> instances,
    SecretPart secrets,
    Optional<SortedMap<String, String>> labels,
    Optional<List<Fetch>> fetch,
    Optional<String> user,
    Optional<Boolean> tty,
    Attachment attachment,
    Optional<List<HealthCheck>> healthChecks,
    Optional<StatusCheck> check,
    Conduct conduct,
    Optional<SortedSet<PathId>> dependencies,
    Placing placing,
    MesosPart mesos,
    Optional<Instant> version) {
  private static final String DAEMON_INSTANCES =
      "a daemon runs once on each node that can take it; leave 'instances' out, or say 0 for none"
          + " anywhere and 1, or the number that is shown, for one on each";

  /// The wish of a client that changes what it names and keeps the rest; a new app takes defaults.
  public AppChange partial(PathId app, ShownInstances shown) {
    List<String> contradictions = attachment.contradictions();
    if (!contradictions.isEmpty()) {
      var invalid =
          new AppChange.Result.Invalid(
              contradictions.stream().map(message -> new Problem("/", message)).toList());
      return new AppChange(app, current -> invalid);
    }
    int count = shown.ofDaemon(app);
    return new AppChange(app, current -> revise(app, current, current, count));
  }

  /// The wish of a client that describes the app as a whole.
  public AppChange whole(PathId app, ShownInstances shown) {
    int count = shown.ofDaemon(app);
    return new AppChange(app, current -> revise(app, Optional.empty(), current, count));
  }

  /// Pure; runs within the core when the wish's turn comes.
  ///
  /// @param kept what stays where nothing is said
  /// @param current the app as it is
  /// @param shown the `instances` that were shown of it as a daemon, which means one on each node
  private AppChange.Result revise(
      PathId app, Optional<AppSpec> kept, Optional<AppSpec> current, int shown) {
    Attachment.Attached attached = attachment.over(kept);
    boolean hasImage = attached.container().flatMap(Container::image).isPresent();
    Optional<Command> wanted =
        command
            .or(() -> kept.map(AppSpec::command).filter(before -> !isImagesOwn(before)))
            .or(() -> hasImage ? Optional.of(new Command.ImageDefault()) : Optional.empty());
    if (wanted.isEmpty()) {
      return new AppChange.Result.Invalid(List.of(new Problem("/", AppReading.NOTHING_TO_RUN)));
    }
    if (scheduling(kept).daemon() && isTooMany(shown)) {
      return new AppChange.Result.Invalid(List.of(new Problem("/instances", DAEMON_INSTANCES)));
    }
    AppSpec spec = merged(app, wanted.get(), attached, kept);
    List<Problem> problems = AppRules.problems(spec, current);
    return problems.isEmpty()
        ? new AppChange.Result.Revised(spec)
        : new AppChange.Result.Invalid(problems);
  }

  private boolean isTooMany(int shown) {
    return instances.filter(count -> count > 1 && count != shown).isPresent();
  }

  private static boolean isImagesOwn(Command command) {
    return command instanceof Command.ImageDefault;
  }

  private Scheduling scheduling(Optional<AppSpec> before) {
    return choose(placing.scheduling(), before.map(AppSpec::scheduling), Scheduling.NONE);
  }

  /// A daemon's one instance is one on each node, and 0 is none anywhere.
  private int instances(Optional<AppSpec> before) {
    int chosen = choose(instances, before.map(AppSpec::instances), 1);
    return scheduling(before).daemon() ? Math.min(chosen, 1) : chosen;
  }

  private AppSpec merged(
      PathId app, Command wanted, Attachment.Attached attached, Optional<AppSpec> before) {
    var builder =
        AppSpec.builder(app, wanted)
            .resources(amounts.over(before.map(AppSpec::resources).orElse(Amounts.DEFAULT)))
            .resourceLimits(
                choose(amounts.limits(), before.map(AppSpec::resourceLimits), ResourceLimits.NONE))
            .instances(instances(before))
            .env(secrets.plainOver(before))
            .secrets(secrets.over(before.map(AppSpec::secrets).orElse(Secrets.NONE)))
            .labels(choose(labels, before.map(AppSpec::labels), new TreeMap<>()))
            .fetch(choose(fetch, before.map(AppSpec::fetch), List.of()))
            .user(user.or(() -> before.flatMap(AppSpec::user)))
            .tty(choose(tty, before.map(AppSpec::tty), false))
            .container(attached.container())
            .networks(attached.networks())
            .ports(attached.ports())
            .requirePorts(attached.requirePorts())
            .healthChecks(choose(healthChecks, before.map(AppSpec::healthChecks), List.of()))
            .check(check.or(() -> before.flatMap(AppSpec::check)))
            .dependencies(choose(dependencies, before.map(AppSpec::dependencies), new TreeSet<>()))
            .constraints(choose(placing.constraints(), before.map(AppSpec::constraints), List.of()))
            .preferences(choose(placing.preferences(), before.map(AppSpec::preferences), List.of()))
            .scheduling(scheduling(before))
            .killSelection(
                choose(
                    placing.killSelection(),
                    before.map(AppSpec::killSelection),
                    KillSelection.YOUNGEST_FIRST))
            .mesos(mesos.over(before.map(AppSpec::mesos).orElse(MesosFields.NONE)));
    conduct.over(before, builder.build(), builder);
    return builder.build();
  }

  private static <T> T choose(Optional<T> given, Optional<T> before, T otherwise) {
    return given.or(() -> before).orElse(otherwise);
  }
}
