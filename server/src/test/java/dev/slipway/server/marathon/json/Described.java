package dev.slipway.server.marathon.json;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Problem;
import dev.slipway.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Apps read from JSON and written again, without a platform.
final class Described {
  static final Instant VERSION = Instant.parse("2026-01-05T10:00:00Z");

  private Described() {}

  /// A whole app; what is wrong with it fails the test.
  static AppSpec app(String json) {
    AppUpdate update = update(json);
    return revised(
        update.whole(update.id().orElse(PathId.of("/team/a")), ShownInstances.NONE),
        Optional.empty());
  }

  /// An app of which some parts are changed.
  static AppSpec changed(AppSpec current, String json) {
    return revised(update(json).partial(current.id(), ShownInstances.NONE), Optional.of(current));
  }

  static AppUpdate update(String json) {
    var faults = new Faults();
    var fields = Fields.of(tree(json), faults).orElseThrow();
    AppUpdate update = AppReading.read(fields, PathId.of("/team"));
    if (!faults.isEmpty()) {
      throw new AssertionError(json + ": " + faults.types() + faults.values());
    }
    return update;
  }

  private static AppSpec revised(AppChange change, Optional<AppSpec> current) {
    return switch (change.revision().apply(current)) {
      case AppChange.Result.Revised revised -> revised.spec();
      case AppChange.Result.Invalid invalid ->
          throw new AssertionError(invalid.problems().toString());
    };
  }

  /// What is wrong with a whole app.
  static List<Problem> problems(String json) {
    return problems(json, Optional.empty());
  }

  /// What is wrong with a change of an app, or with a whole one where there is none.
  static List<Problem> problems(String json, Optional<AppSpec> current) {
    var faults = new Faults();
    var fields = Fields.of(tree(json), faults).orElseThrow();
    AppUpdate update = AppReading.read(fields, PathId.of("/team"));
    List<Problem> all = new ArrayList<>(faults.types());
    all.addAll(faults.values());
    if (!all.isEmpty()) {
      return all;
    }
    PathId id = current.map(AppSpec::id).orElse(PathId.of("/team/a"));
    var shown = ShownInstances.NONE;
    AppChange change = current.isPresent() ? update.partial(id, shown) : update.whole(id, shown);
    return switch (change.revision().apply(current)) {
      case AppChange.Result.Revised _ -> List.of();
      case AppChange.Result.Invalid invalid -> invalid.problems();
    };
  }

  static JsonNode written(AppSpec app) {
    return tree(text(app));
  }

  static String text(AppSpec app) {
    return Json.text(AppJson.fromCore(new App(app, VersionInfo.first(VERSION))));
  }

  static JsonNode tree(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
