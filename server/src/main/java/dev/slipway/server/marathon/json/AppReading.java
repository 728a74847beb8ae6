package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.app.UpgradeStrategy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/// Reads an app's JSON (`app.raml`), in the form of Marathon 1.5 and later and with the older
/// `uris` and `ports`. What is known but not available yet is refused by name ({@link
/// Unavailable}); what nobody knows is passed over, as Marathon does.
public final class AppReading {
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
    Unavailable.check(fields);
    return new AppReading(fields, group).update();
  }

  private AppUpdate update() {
    return new AppUpdate(
        id(),
        command(),
        amounts(),
        bounded(fields.integer("instances"), "instances", 0, Integer.MAX_VALUE),
        env(),
        labels(),
        FetchReading.read(fields),
        user(),
        PortReading.read(fields),
        fields.flag("requirePorts"),
        fields.list(
            "healthChecks",
            AppLimits.HEALTH_CHECKS,
            (node, path) ->
                Fields.of(node, path, fields.faults()).flatMap(HealthCheckReading::read)),
        upgradeStrategy(),
        backoff(),
        seconds("taskKillGracePeriodSeconds"),
        dependencies(),
        fields.list(
            "constraints",
            AppLimits.CONSTRAINTS,
            (node, path) -> ConstraintReading.read(node, path, fields.faults())),
        killSelection(),
        version());
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
      String where = fields.path().isEmpty() ? "/" : fields.path();
      fields
          .faults()
          .value(
              where,
              "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
      return Optional.empty();
    }
    if (line.isPresent()) {
      return line.filter(text -> isUsable(text, "cmd")).map(Command.Shell::new);
    }
    return words.filter(this::areUsable).map(Command.Arguments::new);
  }

  private boolean areUsable(List<String> words) {
    if (words.getFirst().isEmpty()) {
      fields.faults().value(fields.path("args(0)"), "must not be an empty string");
      return false;
    }
    for (int i = 0; i < words.size(); i++) {
      if (!isShort(words.get(i), AppLimits.COMMAND_LENGTH, "args(" + i + ")")) {
        return false;
      }
    }
    return true;
  }

  private boolean isUsable(String line, String name) {
    if (line.isBlank()) {
      fields.faults().value(fields.path(name), "must not be an empty string");
      return false;
    }
    return isShort(line, AppLimits.COMMAND_LENGTH, name);
  }

  private boolean isShort(String text, int most, String name) {
    if (text.length() > most) {
      fields.faults().value(fields.path(name), "must have at most " + most + " characters");
      return false;
    }
    if (!AppLimits.isPlain(text)) {
      fields.faults().value(fields.path(name), "must not contain the character NUL");
      return false;
    }
    return true;
  }

  private AppUpdate.Amounts amounts() {
    return new AppUpdate.Amounts(
        bounded(fields.number("cpus"), "cpus", AppLimits.LEAST_CPUS, AppLimits.MOST_CPUS),
        bounded(fields.number("mem"), "mem", 0.0, AppLimits.MOST_MEBIBYTES),
        bounded(fields.number("disk"), "disk", 0.0, AppLimits.MOST_MEBIBYTES),
        bounded(fields.integer("gpus"), "gpus", 0, AppLimits.MOST_GPUS));
  }

  private <N extends Number & Comparable<N>> Optional<N> bounded(
      Optional<N> value, String name, N least, N most) {
    return value.filter(number -> isWithin(fields, name, number, least, most));
  }

  static <N extends Number & Comparable<N>> boolean isWithin(
      Fields fields, String name, N number, N least, N most) {
    if (number.compareTo(least) < 0) {
      fields
          .faults()
          .value(fields.path(name), "got %s, expected %s or more".formatted(number, least));
      return false;
    }
    if (number.compareTo(most) > 0) {
      fields
          .faults()
          .value(fields.path(name), "got %s, expected %s or less".formatted(number, most));
      return false;
    }
    return true;
  }

  private Optional<SortedMap<String, String>> env() {
    var given = fields.object("env");
    if (given.isPresent() && Unavailable.checkSecrets(given.get())) {
      return Optional.empty();
    }
    return fields.texts("env", AppLimits.ENV_ENTRIES).filter(env -> areUsable("env", env));
  }

  private Optional<SortedMap<String, String>> labels() {
    return fields.texts("labels", AppLimits.LABELS).filter(labels -> areUsable("labels", labels));
  }

  private boolean areUsable(String name, SortedMap<String, String> entries) {
    int before = fields.faults().values().size();
    entries.forEach(
        (key, value) -> {
          if (key.isEmpty() || (name.equals("env") && key.contains("="))) {
            fields
                .faults()
                .value(fields.path(name), "a name must not be empty or contain '=': '" + key + "'");
          }
          isShort(key, AppLimits.NAME_LENGTH, name);
          isShort(value, AppLimits.VALUE_LENGTH, name + "/" + key);
        });
    return fields.faults().values().size() == before;
  }

  private Optional<String> user() {
    return fields
        .text("user")
        .filter(
            user -> {
              if (!AppLimits.USER.matcher(user).matches()) {
                fields.faults().value(fields.path("user"), "is not the name of an account");
                return false;
              }
              return true;
            });
  }

  private Optional<UpgradeStrategy> upgradeStrategy() {
    return fields
        .object("upgradeStrategy")
        .map(
            inner ->
                new UpgradeStrategy(
                    part(inner, "minimumHealthCapacity"), part(inner, "maximumOverCapacity")));
  }

  private static double part(Fields strategy, String name) {
    double value = strategy.number(name).orElse(1.0);
    if (value > 1) {
      strategy.faults().value(strategy.path(name), "is greater than 1");
      return 1;
    }
    if (value < 0) {
      strategy.faults().value(strategy.path(name), "is less than 0");
      return 0;
    }
    return value;
  }

  private AppUpdate.Backoff backoff() {
    return new AppUpdate.Backoff(
        seconds("backoffSeconds"),
        bounded(
            fields.number("backoffFactor"), "backoffFactor", 1.0, AppLimits.MOST_BACKOFF_FACTOR),
        seconds("maxLaunchDelaySeconds"));
  }

  private Optional<Duration> seconds(String name) {
    return seconds(fields, name, 0.0);
  }

  static Optional<Duration> seconds(Fields fields, String name, double least) {
    return fields
        .number(name)
        .filter(value -> isWithin(fields, name, value, least, AppLimits.MOST_SECONDS))
        .map(value -> Duration.ofMillis(Math.round(value * 1000)));
  }

  private Optional<SortedSet<PathId>> dependencies() {
    return dependencies(fields, group);
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

  private Optional<KillSelection> killSelection() {
    Optional<String> word = fields.text("killSelection");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    for (KillSelection selection : KillSelection.values()) {
      if (selection.name().equals(word.get())) {
        return Optional.of(selection);
      }
    }
    fields.faults().value(fields.path("killSelection"), "must be YOUNGEST_FIRST or OLDEST_FIRST");
    return Optional.empty();
  }

  private Optional<Instant> version() {
    Optional<String> text = fields.text("version");
    Optional<Instant> time = text.flatMap(Timestamps::parse);
    if (text.isPresent() && time.isEmpty()) {
      fields.faults().type(fields.path("version"), "error.expected.jodadate.format");
    }
    return time;
  }
}
