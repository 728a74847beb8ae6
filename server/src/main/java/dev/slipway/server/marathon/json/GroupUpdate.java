package dev.slipway.server.marathon.json;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.GroupChange;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a client says of a group (`groupUpdate` in `group.raml`).
///
/// @param change the wish, with all paths absolute
/// @param version instead of all else: go back to that version
public record GroupUpdate(GroupChange change, Optional<Instant> version) {
  /// Groups in groups that are followed.
  private static final int MAX_DEPTH = 32;

  /// More would be more than the platform takes in all.
  private static final int MAX_MEMBERS = 100_000;

  /// Reads what `fields` say; faults are noted there.
  ///
  /// @param path the group that the path of the request names
  public static GroupUpdate read(Fields fields, String path, ShownInstances shown) {
    PathId base = AppReading.path(path, PathId.ROOT, "/id", fields.faults()).orElse(PathId.ROOT);
    PathId id = fields.text("id").flatMap(text -> groupId(text, base, fields)).orElse(base);
    Optional<String> version = fields.text("version");
    Optional<Instant> time = version.flatMap(Timestamps::parse);
    if (version.isPresent() && time.isEmpty()) {
      fields.faults().type(fields.path("version"), "error.expected.jodadate.format");
    }
    return new GroupUpdate(change(fields, id, 0, shown), time);
  }

  private static Optional<PathId> groupId(String text, PathId base, Fields fields) {
    return AppReading.path(text, base, fields.path("id"), fields.faults());
  }

  private static GroupChange change(Fields fields, PathId id, int depth, ShownInstances shown) {
    Optional<Double> scaleBy = fields.number("scaleBy");
    boolean withOthers = fields.has("apps") || fields.has("groups") || fields.has("dependencies");
    if (scaleBy.isPresent()) {
      Numbers.isWithin(fields, "scaleBy", scaleBy.get(), 0.0, 1_000_000.0);
      if (withOthers) {
        fields
            .faults()
            .value(fields.path("scaleBy"), "may not be used together with other parts of a group");
      }
    }
    if (depth > MAX_DEPTH) {
      fields.faults().value(fields.path("groups"), "are nested too deep");
      return new GroupChange(
          id, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
    Optional<List<AppChange>> apps =
        fields.list(
            "apps",
            MAX_MEMBERS,
            (node, where) ->
                Fields.of(node, where, fields.faults()).flatMap(app -> app(app, id, shown)));
    Optional<List<GroupChange>> groups =
        fields.list(
            "groups",
            MAX_MEMBERS,
            (node, where) ->
                Fields.of(node, where, fields.faults())
                    .flatMap(inner -> inner(inner, id, depth, shown)));
    checkUnique(fields, apps.orElse(List.of()), groups.orElse(List.of()));
    return new GroupChange(
        id, apps, groups, AppReading.dependencies(fields, id), fields.flag("enforceRole"), scaleBy);
  }

  private static Optional<AppChange> app(Fields fields, PathId group, ShownInstances shown) {
    AppUpdate update = AppReading.read(fields, group);
    if (update.id().isEmpty()) {
      requireId(fields);
      return Optional.empty();
    }
    PathId id = update.id().get();
    return isChild(fields, id, group) ? Optional.of(update.whole(id, shown)) : Optional.empty();
  }

  private static Optional<GroupChange> inner(
      Fields fields, PathId group, int depth, ShownInstances shown) {
    Optional<PathId> id = fields.text("id").flatMap(text -> groupId(text, group, fields));
    if (id.isEmpty()) {
      requireId(fields);
      return Optional.empty();
    }
    return isChild(fields, id.get(), group)
        ? Optional.of(change(fields, id.get(), depth + 1, shown))
        : Optional.empty();
  }

  private static void requireId(Fields fields) {
    if (!fields.has("id")) {
      fields.faults().type(fields.path("id"), "error.path.missing");
    }
  }

  private static boolean isChild(Fields fields, PathId id, PathId group) {
    if (!id.isRoot() && id.parent().equals(group)) {
      return true;
    }
    fields
        .faults()
        .value(
            fields.path("id"),
            "Identifier %s is not child of %s. Hint: use relative paths.".formatted(id, group));
    return false;
  }

  private static void checkUnique(Fields fields, List<AppChange> apps, List<GroupChange> groups) {
    Set<PathId> known = new HashSet<>();
    for (AppChange app : apps) {
      if (!known.add(app.id())) {
        fields.faults().value(fields.path("apps"), app.id() + " is named twice");
      }
    }
    for (GroupChange group : groups) {
      if (!known.add(group.id())) {
        fields
            .faults()
            .value(
                fields.path("groups"), "Groups and Applications may not have the same identifier.");
      }
    }
  }
}
