package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which instance failed, why, and what it said last.
final class FailureReport {
  private static final int LINES_OF_OUTPUT = 10;
  private static final int MOST_APPS = 5;

  private final Api api;
  private final Screen screen;

  FailureReport(Api api, Screen screen) {
    this.api = api;
    this.screen = screen;
  }

  /// Tells of the failures the server recorded of the deployment; if there are none, of those
  /// since; else of an instance that runs but is not ready.
  List<String> lines(Json deployment, List<Readiness> apps) {
    List<String> lines = new ArrayList<>();
    List<Json> failures = deployment.at("failures").items();
    for (Json failure : failures.subList(0, Math.min(MOST_APPS, failures.size()))) {
      lines.addAll(failed(failure));
    }
    if (failures.isEmpty()) {
      apps.stream()
          .filter(app -> !app.unready().isEmpty())
          .limit(MOST_APPS)
          .forEach(
              app ->
                  lines.addAll(lastFailure(app).map(this::failed).orElseGet(() -> unready(app))));
    }
    lines.addAll(Waits.lines(deployment).values());
    return lines;
  }

  /// How the version that is not ready failed, if it did after its deployment had ended: one
  /// without health checks has come about as soon as its programs run.
  private Optional<Json> lastFailure(Readiness app) {
    Api.Answer answer = api.ask("GET", Api.path("/api/v1/apps", app.app(), "explain"), null);
    Json failure = answer.found() ? answer.json().at("lastFailure") : Json.NOTHING;
    String version = app.unready().getFirst().at("version").text();
    if (!failure.present() || !failure.at("version").text().equals(version)) {
      return Optional.empty();
    }
    return Optional.of(
        failure.with("app", app.app()).with("count", failure.at("failures").whole()));
  }

  private List<String> failed(Json failure) {
    List<String> lines = new ArrayList<>();
    String task = failure.at("task").text();
    lines.add(
        failure.at("app").text()
            + " failed "
            + Words.count(failure.at("count").whole(), "time")
            + "; the last time "
            + task
            + " on "
            + failure.at("node").text("an unknown node")
            + ": "
            + why(failure));
    lines.addAll(output(task));
    return lines;
  }

  /// The reason as the server words it, with the exit code if the words leave it out.
  static String why(Json failure) {
    String message = failure.at("message").text(failure.at("reason").text("no reason told"));
    String code = failure.at("exitCode").text();
    boolean told = code.isEmpty() || message.contains(code);
    return Words.printable(told ? message : message + " (exit code " + code + ")");
  }

  private List<String> unready(Readiness app) {
    Json task = app.unready().getFirst();
    String id = task.at("id").text();
    String state = task.at("state").text();
    String what = state.equals("running") ? "runs, but is not healthy" : "is " + state;
    List<String> lines = new ArrayList<>();
    lines.add(app.app() + ": " + id + " on " + task.at("node").text("no node") + " " + what);
    if (!state.equals("scheduled")) {
      lines.addAll(output(id));
    }
    return lines;
  }

  /// The last lines of both outputs; of none when there was no sandbox (the task never started).
  List<String> output(String task) {
    List<String> lines = new ArrayList<>();
    for (String file : List.of("stdout", "stderr")) {
      List<String> tail = tail(task, file);
      if (!tail.isEmpty()) {
        lines.add("  last lines of " + file + ":");
        String bar = screen.unicode() ? "  │ " : "  | ";
        tail.forEach(line -> lines.add(bar + Words.printable(line)));
      }
    }
    return lines;
  }

  private List<String> tail(String task, String file) {
    if (task.isEmpty()) {
      return List.of();
    }
    try {
      return TaskOutput.fromEnd(api, task, file).tail(LINES_OF_OUTPUT);
    } catch (Complaint complaint) {
      // The report must not fail for want of an ornament: the failure itself is told above.
      return List.of("(cannot be read: " + complaint.what() + ")");
    }
  }
}
