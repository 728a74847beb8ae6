package dev.slipway.server.marathon.json;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.Scheduling.Affinity;
import dev.slipway.core.app.Scheduling.Spread;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/// Reads Slipway's own field `scheduling`. Since no old client writes it, what nobody knows is
/// refused within it: a rule with a slip of the pen must not be passed over.
final class SchedulingReading {
  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of(
              "spread",
              "affinity",
              "antiAffinity",
              "priority",
              "daemon",
              "gang",
              "tolerateDisruption"));
  private static final Set<String> SPREAD = new TreeSet<>(Set.of("attribute", "maxSkew", "weight"));
  private static final Set<String> AFFINITY = new TreeSet<>(Set.of("app", "attribute", "weight"));

  private final PathId group;

  private SchedulingReading(PathId group) {
    this.group = group;
  }

  /// Reads what `fields` say; faults are noted there.
  ///
  /// @param group the group that relative paths start from
  static Scheduling read(Fields fields, PathId group) {
    checkKnown(fields, FIELDS);
    var reading = new SchedulingReading(group);
    boolean daemon = fields.flag("daemon").orElse(false);
    boolean gang = fields.flag("gang").orElse(false);
    if (daemon && gang) {
      fields.wrong("gang", "a daemon runs once on each node that can take it, and waits for none");
    }
    return new Scheduling(
        fields
            .list(
                "spread",
                Scheduling.MOST_RULES,
                (node, path) ->
                    Fields.of(node, path, fields.faults()).flatMap(SchedulingReading::spread))
            .orElse(List.of()),
        reading.affinities(fields, "affinity"),
        reading.affinities(fields, "antiAffinity"),
        Numbers.bounded(
                fields,
                "priority",
                fields.integer("priority"),
                Scheduling.LEAST_PRIORITY,
                Scheduling.MOST_PRIORITY)
            .orElse(0),
        daemon,
        gang && !daemon,
        fields.flag("tolerateDisruption").orElse(false));
  }

  private static Optional<Spread> spread(Fields fields) {
    checkKnown(fields, SPREAD);
    int maxSkew =
        Numbers.bounded(fields, "maxSkew", fields.integer("maxSkew"), 1, Spread.MOST_SKEW)
            .orElse(1);
    OptionalInt weight = weight(fields);
    return fields
        .requiredText("attribute", AppLimits.CONSTRAINT_LENGTH)
        .map(attribute -> new Spread(attribute, maxSkew, weight));
  }

  private List<Affinity> affinities(Fields fields, String name) {
    return fields
        .list(
            name,
            Scheduling.MOST_RULES,
            (node, path) -> Fields.of(node, path, fields.faults()).flatMap(this::affinity))
        .orElse(List.of());
  }

  private Optional<Affinity> affinity(Fields fields) {
    checkKnown(fields, AFFINITY);
    OptionalInt weight = weight(fields);
    Optional<String> attribute =
        fields.has("attribute")
            ? fields.shortText("attribute", AppLimits.CONSTRAINT_LENGTH)
            : Optional.of(Affinity.SAME_NODE);
    if (!fields.has("app")) {
      fields.missing("app");
    }
    return fields
        .text("app")
        .flatMap(text -> AppReading.appId(text, group, fields.path("app"), fields.faults()))
        .flatMap(app -> attribute.map(known -> new Affinity(app, known, weight)));
  }

  /// None where the rule is required.
  private static OptionalInt weight(Fields fields) {
    return Numbers.bounded(fields, "weight", fields.integer("weight"), 1, Preference.MOST_WEIGHT)
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  private static void checkKnown(Fields fields, Set<String> known) {
    for (String name : fields.object().propertyNames()) {
      if (!known.contains(name)) {
        fields.wrong(name, "is not known; there are " + String.join(", ", known));
      }
    }
  }
}
