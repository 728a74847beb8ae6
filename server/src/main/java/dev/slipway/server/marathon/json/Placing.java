package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.KillSelection;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Preference;
import dev.slipway.core.app.Scheduling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a client says of where an app's instances stand, and which of them go first. `preferences`
/// are Slipway's own: constraints with a weight, kept where they can be. So is `scheduling`.
record Placing(
    Optional<List<Constraint>> constraints,
    Optional<List<Preference>> preferences,
    Optional<Scheduling> scheduling,
    Optional<KillSelection> killSelection) {

  private static final Map<String, KillSelection> KILL = new LinkedHashMap<>();

  static {
    for (KillSelection selection : KillSelection.values()) {
      KILL.put(selection.name(), selection);
    }
  }

  /// @param group the group that relative paths start from
  static Placing read(Fields app, PathId group) {
    return new Placing(
        app.list(
            "constraints",
            AppLimits.CONSTRAINTS,
            (node, path) -> ConstraintReading.read(node, path, app.faults())),
        app.list(
            "preferences",
            AppLimits.PREFERENCES,
            (node, path) -> Fields.of(node, path, app.faults()).flatMap(Placing::preference)),
        app.object("scheduling").map(fields -> SchedulingReading.read(fields, group)),
        app.word("killSelection", KILL));
  }

  private static Optional<Preference> preference(Fields fields) {
    Optional<Integer> weight =
        Numbers.bounded(fields, "weight", fields.integer("weight"), 1, Preference.MOST_WEIGHT);
    if (!fields.has("constraint")) {
      fields.missing("constraint");
    }
    return fields
        .node("constraint")
        .flatMap(node -> ConstraintReading.read(node, fields.path("constraint"), fields.faults()))
        .map(constraint -> new Preference(constraint, weight.orElse(1)));
  }
}
