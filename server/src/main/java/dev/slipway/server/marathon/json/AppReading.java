package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/// Reads an app's JSON (`app.raml`), in the form of Marathon 1.5 and later and in the older one
/// (`uris`, `ports`, `ipAddress`, `container.docker.network` and `portMappings`), which is
/// translated. What no engine will ever do is refused by name ({@link Unavailable}); what nobody
/// knows is passed over, as Marathon does.
public final class AppReading {
  static final String NOTHING_TO_RUN =
      "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.";

  private final Fields fields;
  private final PathId group;

  private AppReading(Fields fields, PathId group) {
    this.fields = fields;
    this.group = group;
  }

  /// Reads what `fields` say; faults are noted there.
  ///
  /// @param group the group that relative paths start from
  public static AppUpdate read(Fields fields, PathId group) {
    Unavailable.checkStoreUrls(fields);
    return new AppReading(fields, group).update();
  }

  private AppUpdate update() {
    // Kept for old clients; which apps are resident follows from their volumes.
    fields.object("residency");
    return new AppUpdate(
        id(),
        command(),
        Amounts.read(fields),
        Numbers.bounded(fields, "instances", fields.integer("instances"), 0, Integer.MAX_VALUE),
        SecretPart.read(fields),
        labels(),
        FetchReading.read(fields),
        user(),
        fields.flag("tty"),
        NetworkReading.read(fields),
        fields.list(
            "healthChecks",
            AppLimits.HEALTH_CHECKS,
            (node, path) ->
                Fields.of(node, path, fields.faults()).flatMap(HealthCheckReading::read)),
        CheckReading.status(fields),
        Conduct.read(fields),
        dependencies(fields, group),
        Placing.read(fields, group),
        MesosPart.read(fields),
        version(fields));
  }

  private Optional<PathId> id() {
    return fields
        .text("id")
        .flatMap(text -> appId(text, group, fields.path("id"), fields.faults()));
  }

  /// An app's path as a client wrote it, or nothing and a fault.
  public static Optional<PathId> appId(String text, PathId group, String where, Faults faults) {
    Optional<PathId> id = path(text, group, where, faults);
    if (id.isPresent() && id.get().isRoot()) {
      faults.value(where, "an app needs a path below the root group");
      return Optional.empty();
    }
    if (id.isPresent() && AppLimits.RESERVED.contains(id.get().name().orElseThrow())) {
      faults.value(
          where,
          "must not end with any of the following reserved keywords: "
              + String.join(", ", AppLimits.RESERVED));
      return Optional.empty();
    }
    return id;
  }

  static Optional<PathId> path(String text, PathId group, String where, Faults faults) {
    try {
      return Optional.of(group.resolve(text));
    } catch (IllegalArgumentException e) {
      faults.value(where, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Command> command() {
    Optional<String> line = fields.text("cmd");
    Optional<List<String>> words =
        fields.textList("args", AppLimits.ARGUMENTS).filter(list -> !list.isEmpty());
    if (line.isPresent() && words.isPresent()) {
      fields.wrong(NOTHING_TO_RUN);
      return Optional.empty();
    }
    if (line.isPresent()) {
      return line.filter(this::isUsable).map(Command.Shell::new);
    }
    return words.filter(this::areUsable).map(Command.Arguments::new);
  }

  private boolean areUsable(List<String> words) {
    if (words.getFirst().isEmpty()) {
      fields.wrong("args(0)", "must not be an empty string");
      return false;
    }
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean fits =
          word.isEmpty()
              || fields.isShort(word, fields.path("args(" + i + ")"), AppLimits.COMMAND_LENGTH);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private boolean isUsable(String line) {
    if (line.isBlank()) {
      fields.wrong("cmd", "must not be an empty string");
      return false;
    }
    return fields.isShort(line, fields.path("cmd"), AppLimits.COMMAND_LENGTH);
  }

  private Optional<SortedMap<String, String>> labels() {
    return fields.texts("labels", AppLimits.LABELS).filter(this::areLabels);
  }

  private boolean areLabels(SortedMap<String, String> labels) {
    boolean fit = true;
    for (var entry : labels.entrySet()) {
      fit &= fields.isShort(entry.getKey(), fields.path("labels"), AppLimits.NAME_LENGTH);
      fit &=
          entry.getValue().isEmpty()
              || fields.isShort(
                  entry.getValue(),
                  fields.path("labels/" + entry.getKey()),
                  AppLimits.VALUE_LENGTH);
    }
    return fit;
  }

  private Optional<String> user() {
    return fields
        .text("user")
        .filter(
            user -> {
              boolean fits = AppLimits.USER.matcher(user).matches();
              if (!fits) {
                fields.wrong("user", "is not the name of an account");
              }
              return fits;
            });
  }

  static Optional<SortedSet<PathId>> dependencies(Fields fields, PathId group) {
    return fields
        .list(
            "dependencies",
            AppLimits.DEPENDENCIES,
            (node, where) ->
                fields.text(node, where).flatMap(text -> path(text, group, where, fields.faults())))
        .map(TreeSet::new);
  }

  static Optional<Instant> version(Fields fields) {
    Optional<String> text = fields.text("version");
    Optional<Instant> time = text.flatMap(Timestamps::parse);
    if (text.isPresent() && time.isEmpty()) {
      fields.faults().type(fields.path("version"), "error.expected.jodadate.format");
    }
    return time;
  }
}
