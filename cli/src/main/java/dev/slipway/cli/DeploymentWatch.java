package dev.slipway.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Follows one deployment until it ends, and says truthfully what came of it.
///
/// It looks at the server every [#LOOK_INTERVAL]. The watch ends when the deployment ended *and*
/// every instance of the wanted versions is ready, when it ended otherwise, when the time is up, or
/// when one app's new instances failed [#HOPELESS_FAILURES] times. In the last two cases the
/// deployment goes on at the server. A server that is silent for a while (a restart) is asked again
/// until [#LONGEST_SILENCE].
public final class DeploymentWatch {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

  /// A deployment may end a moment before the last health is seen; longer than this is a failure.
  private static final Duration SETTLING = Duration.ofSeconds(5);

  /// What has no health checks has to run for so long to count as ready.
  private static final Duration STEADY = Duration.ofMillis(500);

  private static final int HOPELESS_FAILURES = 3;

  private enum Verdict {
    GOING_ON,
    SUCCEEDED,
    ENDED_OTHERWISE,
    ENDED_UNREADY,
    HOPELESS,
    TIMED_OUT
  }

  /// What one look at the server saw. A deployment unknown to the server is over: nothing had to
  /// change.
  private record Look(Json deployment, List<Readiness> apps) {
    boolean known() {
      return deployment.present();
    }

    String state() {
      return deployment.at("state").text("succeeded");
    }

    boolean unchanged() {
      return !known() || (state().equals("succeeded") && deployment.at("steps").whole() == 0);
    }
  }

  private final Session session;
  private final Api api;
  private final String id;
  private final Goal goal;
  private final List<String> expected;
  private final Progress progress;
  private final long began = System.nanoTime();
  private final Set<String> restarted = new HashSet<>();
  private @Nullable Duration endedAfter;
  private @Nullable Duration completeAfter;
  private @Nullable Duration silentSince;
  private String lastLine = "";

  /// @param expected the apps that the person named; the deployment may affect more
  public DeploymentWatch(Session session, String id, Goal goal, List<String> expected) {
    this.session = session;
    this.api = session.api();
    this.id = id;
    this.goal = goal;
    this.expected = List.copyOf(expected);
    this.progress = new Progress(session);
    if (goal == Goal.RESTARTED) {
      restarted.addAll(expected);
    }
  }

  /// Blocks until the end, prints the report and the last line.
  public Exit follow(Duration timeout) {
    try (Interrupt _ = Interrupt.says(this::sayDetached)) {
      while (true) {
        Look look = lookAgain(timeout);
        Verdict verdict = verdict(look, timeout);
        if (verdict != Verdict.GOING_ON) {
          return conclude(verdict, look, timeout);
        }
        show(look);
        Pause.of(LOOK_INTERVAL);
      }
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /// Looks until the server answers, or was silent for too long.
  private Look lookAgain(Duration timeout) {
    while (true) {
      try {
        Look look = look();
        silentSince = null;
        return look;
      } catch (Complaint complaint) {
        Duration silent = silentSince == null ? elapsed() : silentSince;
        silentSince = silent;
        boolean tooLong = elapsed().minus(silent).compareTo(LONGEST_SILENCE) > 0;
        if (complaint.exit() != Exit.UNAVAILABLE || tooLong || timeIsUp(timeout)) {
          progress.clear();
          throw complaint;
        }
        progress.show(Map.of("silence", complaint.what() + "; asking again"));
        Pause.of(LOOK_INTERVAL);
      }
    }
  }

  private boolean timeIsUp(Duration timeout) {
    return elapsed().compareTo(timeout) > 0;
  }

  private Look look() {
    Api.Answer answer = api.ask("GET", Api.path("/api/v1/deployments", id), null);
    Json deployment = answer.found() ? answer.json() : Json.NOTHING;
    for (Json action : deployment.at("actions").items()) {
      if (action.at("action").text().equals("RestartApplication")) {
        restarted.add(action.at("app").text());
      }
    }
    Set<String> apps = new java.util.TreeSet<>(expected);
    apps.addAll(deployment.at("apps").texts());
    return new Look(deployment, AppsReadiness.of(api, List.copyOf(apps), restarted));
  }

  private Verdict verdict(Look look, Duration timeout) {
    if (look.state().equals("running") || look.state().equals("queued")) {
      boolean hopeless =
          look.deployment().at("failures").items().stream()
              .anyMatch(failure -> failure.at("count").whole() >= HOPELESS_FAILURES);
      if (hopeless) {
        return Verdict.HOPELESS;
      }
      return timeIsUp(timeout) ? Verdict.TIMED_OUT : Verdict.GOING_ON;
    }
    if (!look.state().equals("succeeded")) {
      return Verdict.ENDED_OTHERWISE;
    }
    if (look.apps().stream().allMatch(Readiness::complete)) {
      return isSteady(look) || timeIsUp(timeout) ? Verdict.SUCCEEDED : Verdict.GOING_ON;
    }
    completeAfter = null;
    Duration ended = endedAfter == null ? elapsed() : endedAfter;
    endedAfter = ended;
    boolean settled = elapsed().minus(ended).compareTo(SETTLING) > 0;
    return settled || timeIsUp(timeout) ? Verdict.ENDED_UNREADY : Verdict.GOING_ON;
  }

  /// A program without health checks counts as ready while it is still about to fail at its start.
  private boolean isSteady(Look look) {
    boolean proven = look.apps().stream().allMatch(app -> app.checked() || app.wanted() == 0);
    Duration complete = completeAfter == null ? elapsed() : completeAfter;
    completeAfter = complete;
    return proven || look.unchanged() || elapsed().minus(complete).compareTo(STEADY) > 0;
  }

  private void show(Look look) {
    if (session.json()) {
      Json line = progressJson(look);
      String text = line.write();
      if (!text.equals(lastLine)) {
        lastLine = text;
        session.print(line);
      }
      return;
    }
    Map<String, String> lines = new LinkedHashMap<>();
    Json deployment = look.deployment();
    if (deployment.at("steps").whole() > 0) {
      lines.put("step", stepWords(deployment));
    }
    look.apps().stream()
        .sorted(java.util.Comparator.comparing(Readiness::complete))
        .forEach(app -> lines.put("app " + app.app(), app.app() + "  " + app.words()));
    lines.putAll(Waits.lines(deployment));
    for (Json failure : deployment.at("failures").items()) {
      String app = failure.at("app").text();
      lines.put(
          "failure " + app,
          app
              + "  failed "
              + Words.count(failure.at("count").whole(), "time")
              + ": "
              + FailureReport.why(failure));
    }
    progress.show(lines);
  }

  private static String stepWords(Json deployment) {
    String actions =
        deployment.at("actions").items().stream()
            .filter(action -> !action.at("done").flag())
            .map(action -> actionWord(action.at("action").text()) + " " + action.at("app").text())
            .collect(Collectors.joining(", "));
    String step = "step " + deployment.at("step").whole() + "/" + deployment.at("steps").whole();
    return actions.isEmpty() ? step : step + ": " + actions;
  }

  /// Marathon's name of an action as a verb.
  static String actionWord(String action) {
    return switch (action) {
      case "StartApplication" -> "start";
      case "StopApplication" -> "stop";
      case "ScaleApplication" -> "scale";
      case "RestartApplication" -> "update";
      case "ResolveArtifacts" -> "fetch artifacts of";
      default -> action;
    };
  }

  private Exit conclude(Verdict verdict, Look look, Duration timeout) {
    progress.clear();
    Exit exit = verdict == Verdict.SUCCEEDED ? Exit.OK : Exit.FAILED;
    if (session.json()) {
      session.print(endJson(verdict, look, exit));
      return exit;
    }
    if (exit != Exit.OK) {
      new FailureReport(api, session.screen())
          .lines(look.deployment(), look.apps())
          .forEach(session::print);
    }
    session.print(
        session.paint(exit == Exit.OK ? Tone.GOOD : Tone.BAD, lastWord(verdict, look, timeout)));
    return exit;
  }

  private String lastWord(Verdict verdict, Look look, Duration timeout) {
    String after = " after " + Words.duration(elapsed());
    String reason = look.deployment().at("reason").text();
    String because = reason.isEmpty() ? "" : " (" + Words.printable(reason) + ")";
    return switch (verdict) {
      case SUCCEEDED -> success(look) + (look.unchanged() ? "" : after);
      case ENDED_OTHERWISE ->
          "FAILED: the deployment was "
              + ending(look.state())
              + because
              + after
              + ": "
              + counts(look);
      case ENDED_UNREADY -> "FAILED: the deployment ended, but " + counts(look) + after;
      case HOPELESS ->
          "FAILED: the new version keeps failing: " + counts(look) + after + ". " + goesOn(look);
      case TIMED_OUT ->
          "FAILED: not done within "
              + Words.duration(timeout)
              + ": "
              + counts(look)
              + ". "
              + goesOn(look);
      case GOING_ON -> "The deployment goes on";
    };
  }

  private static String ending(String state) {
    return switch (state) {
      case "rolledBack" -> "rolled back";
      case "superseded" -> "replaced by a newer one";
      default -> state;
    };
  }

  private String success(Look look) {
    String done = look.unchanged() ? "unchanged" : goal.done();
    if (look.apps().size() == 1) {
      return successOf(look.apps().getFirst(), done);
    }
    long instances = look.apps().stream().mapToLong(Readiness::ready).sum();
    boolean checked = look.apps().stream().allMatch(app -> app.checked() || app.wanted() == 0);
    return Words.count(look.apps().size(), "app")
        + " "
        + done
        + ": all "
        + Words.count(instances, "instance")
        + (checked ? " healthy" : " running, those with health checks healthy");
  }

  private static String successOf(Readiness app, String done) {
    if (!app.known()) {
      return app.app() + " " + done + ": nothing of it runs any more";
    }
    if (app.wanted() == 0) {
      return app.app() + " " + done + ": no instance is wanted, none runs";
    }
    return app.app()
        + " "
        + done
        + ": "
        + app.ready()
        + "/"
        + Words.count(app.wanted(), "instance")
        + (app.checked() ? " healthy" : " running (it has no health check)");
  }

  private static String counts(Look look) {
    return look.apps().stream()
        .filter(app -> !app.complete() || look.apps().size() == 1)
        .map(app -> app.app() + " has " + app.words())
        .collect(Collectors.joining("; "));
  }

  private String goesOn(Look look) {
    return "The deployment goes on at the server; go back with `slipway rollback "
        + appToRollBack(look)
        + "`";
  }

  private static String appToRollBack(Look look) {
    List<Json> failures = look.deployment().at("failures").items();
    if (!failures.isEmpty()) {
      return failures.getFirst().at("app").text();
    }
    return look.apps().stream()
        .filter(app -> !app.complete())
        .findFirst()
        .map(Readiness::app)
        .orElse("ID");
  }

  private void sayDetached() {
    progress.abandon();
    String example = expected.isEmpty() ? "ID" : expected.getFirst();
    session.note(
        "Detached; the deployment goes on at the server. See `slipway deployments`;"
            + " go back with `slipway rollback "
            + example
            + "`");
  }

  private Json progressJson(Look look) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", "progress");
    fields.put("deployment", id);
    fields.put("state", look.state());
    fields.put("step", look.deployment().at("step").whole());
    fields.put("steps", look.deployment().at("steps").whole());
    fields.put("apps", look.apps().stream().map(Readiness::json).toList());
    fields.put("waits", look.deployment().at("waits").items());
    return Json.object(fields);
  }

  private Json endJson(Verdict verdict, Look look, Exit exit) {
    Map<String, Object> fields = new LinkedHashMap<>(progressJson(look).fields());
    fields.put("event", "end");
    fields.put(
        "outcome",
        switch (verdict) {
          case SUCCEEDED -> "succeeded";
          case TIMED_OUT -> "timeout";
          case HOPELESS -> "failing";
          case ENDED_OTHERWISE, ENDED_UNREADY, GOING_ON -> "failed";
        });
    fields.put("seconds", elapsed().toMillis() / 1000.0);
    fields.put("failures", new ArrayList<>(look.deployment().at("failures").items()));
    fields.put("exitCode", exit.code());
    return Json.object(fields);
  }
}
