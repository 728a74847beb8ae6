package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;

/// How far one app is with the version that is wanted.
///
/// An instance is *ready* when it runs the wanted version and its health checks say so; without
/// health checks, when it runs. What counts as the wanted version: after a restart the app's
/// version; otherwise what is not older than its last change of configuration, since scaling keeps
/// the instances there are.
///
/// @param wanted instances wanted
/// @param ready instances of the wanted version that are ready
/// @param fresh instances of the wanted version, ready or not
/// @param old instances of an older version, still there
/// @param checked whether the app has health checks
/// @param unready tasks of the wanted version that are not ready
public record Readiness(
    String app,
    boolean known,
    long wanted,
    long ready,
    long fresh,
    long old,
    boolean checked,
    String version,
    List<Json> unready) {
  public Readiness {
    unready = List.copyOf(unready);
  }

  /// An app that is not, or not any more; `old` counts the tasks it left behind.
  static Readiness ofUnknown(String app, long old) {
    return new Readiness(app, false, 0, 0, 0, old, false, "", List.of());
  }

  /// @param app as `GET /v2/apps/{id}` shows it
  /// @param tasks the app's, as `GET /api/v1/tasks` shows them
  static Readiness of(Json app, List<Json> tasks, boolean restarted) {
    boolean checked = !app.at("healthChecks").items().isEmpty();
    String version = app.at("version").text();
    String changed = app.at("versionInfo").at("lastConfigChangeAt").text(version);
    String generation = restarted ? version : changed;
    long ready = 0;
    long old = 0;
    List<Json> unready = new ArrayList<>();
    for (Json task : tasks) {
      if (isOld(task, generation)) {
        old++;
      } else if (isReady(task, checked)) {
        ready++;
      } else {
        unready.add(task);
      }
    }
    long fresh = ready + unready.size();
    // Run-once work that is done is not shown among the tasks, and nothing takes its place.
    boolean once = app.at("restartPolicy").present();
    long instances = app.at("instances").whole();
    long wanted = once ? Math.min(instances, fresh) : instances;
    return new Readiness(
        app.at("id").text(), true, wanted, ready, fresh, old, checked, version, unready);
  }

  /// The server knows it; one that does not say so is of an older release.
  private static boolean isOld(Json task, String generation) {
    Json outdated = task.at("outdated");
    return outdated.present()
        ? outdated.flag()
        : task.at("version").text().compareTo(generation) < 0;
  }

  private static boolean isReady(Json task, boolean checked) {
    Json healthy = task.at("healthy");
    boolean well = checked ? healthy.flag() : !healthy.present() || healthy.flag();
    return task.at("state").text().equals("running") && well;
  }

  /// Whether nothing is missing and nothing is too much.
  public boolean complete() {
    return ready == wanted && old == 0 && unready.isEmpty();
  }

  /// "2/3 ready, 1 starting, 2 of the old version".
  public String words() {
    if (!known) {
      return old == 0 ? "stopped" : Words.count(old, "instance") + " to stop";
    }
    var words = new StringBuilder().append(ready).append('/').append(wanted).append(" ready");
    if (!unready.isEmpty()) {
      words.append(", ").append(unready.size()).append(" not ready yet");
    }
    if (old > 0) {
      words.append(", ").append(old).append(" of the old version");
    }
    return words.toString();
  }

  Json json() {
    return Json.object(
        new java.util.TreeMap<>(
            java.util.Map.of(
                "app", app, "wanted", wanted, "ready", ready, "old", old, "version", version)));
  }
}
