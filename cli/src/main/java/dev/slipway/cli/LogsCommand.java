package dev.slipway.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = "Shows what an app's instances write, several of them with a prefix each.",
    footer = {
      "",
      "Examples:",
      "  slipway logs web",
      "  slipway logs web -f -n 0",
      "  slipway logs /shop/cart --stderr --task 3f2a91c0"
    })
final class LogsCommand implements ClientCommand {
  private static final int MOST_LINES = 10_000;

  private final Session session;

  @Parameters(paramLabel = "ID", description = "The app.")
  String id = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what is written, by new instances too, until Ctrl-C.")
  boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "LINES",
      description = "Begin with the last LINES lines of each instance; default 50.")
  int lines = 50;

  @Option(names = "--stderr", description = "Show stderr instead of stdout.")
  boolean stderr;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "Only this task; its whole id if it ended.")
  @Nullable String task;

  LogsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    if (lines < 0 || lines > MOST_LINES) {
      throw Complaint.of(Exit.USAGE, "-n takes 0 to " + MOST_LINES + " lines");
    }
    Api api = session.api();
    String app = AppIds.absolute(id);
    Json shown =
        AppIds.required(api, api.ask("GET", Api.path("/v2/apps", app), null), app).json().at("app");
    String file = stderr ? "stderr" : "stdout";
    var follower = new LogFollower(session, app, file, task == null ? null : taskId(api, app));
    if (follower.begin(lines)) {
      return follow ? follower.follow() : Exit.OK;
    }
    if (follow) {
      session.note("No instance of " + app + " runs yet; waiting");
      return follower.follow();
    }
    return ofLastFailure(api, app, file, shown.at("lastTaskFailure"));
  }

  /// Nothing runs: what the last failed task left behind is what the person looks for.
  private Exit ofLastFailure(Api api, String app, String file, Json failure) {
    String failed = failure.at("taskId").text();
    if (failed.isEmpty()) {
      session.note("No instance of " + app + " runs; see `slipway explain " + app + "`");
      return Exit.OK;
    }
    session.note(
        "No instance of "
            + app
            + " runs; this is what the last that failed wrote ("
            + failed
            + ")");
    TaskOutput.fromEnd(api, failed, file).tail(lines).forEach(session::print);
    return Exit.OK;
  }

  /// A task that runs may be named by a part of its id; one that ended only by its whole id.
  private String taskId(Api api, String app) {
    String typed = String.valueOf(task);
    List<Json> tasks = api.get("/api/v1/tasks?app=" + Api.encoded(app)).json().at("tasks").items();
    if (typed.contains(".instance-") && typed.contains("._app.")) {
      return typed;
    }
    return PsCommand.chosen(tasks, typed).at("id").text();
  }
}
