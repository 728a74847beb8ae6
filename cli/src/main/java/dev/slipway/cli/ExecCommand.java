package dev.slipway.cli;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "exec",
    description = "Runs a command beside a task, with your keyboard and screen, or piped.",
    footer = {
      "",
      "The exit code is the command's.",
      "",
      "Examples:",
      "  slipway exec web",
      "  slipway exec web -- ls -l",
      "  slipway exec 3f2a91c0 --no-tty -- cat < file"
    })
final class ExecCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(index = "0", paramLabel = "APP|TASK", description = "An app, or one of its tasks.")
  String target = "";

  @Parameters(
      index = "1..*",
      paramLabel = "COMMAND",
      description = "After --: the program and its arguments; default /bin/sh.")
  List<String> command = List.of("/bin/sh");

  @Option(
      names = {"-t", "--tty"},
      negatable = true,
      description = "Give it a terminal; the default when you sit at one.")
  @Nullable Boolean tty;

  ExecCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Api api = session.api();
    String task = task(api);
    boolean atTerminal =
        session.screen().terminal() && new HiddenInput(session.surroundings()).isTerminal();
    boolean terminal = tty == null ? atTerminal : tty;
    var query = new StringBuilder();
    command.forEach(word -> query.append("&command=").append(Api.encoded(word)));
    if (!terminal) {
      return connect(api, task, "?tty=false" + query, null);
    }
    try (Keyboard keyboard = Keyboard.open(atTerminal)) {
      query.append("&columns=").append(keyboard.columns());
      query.append("&rows=").append(keyboard.rows());
      return connect(api, task, "?tty=true" + query, keyboard);
    }
  }

  private int connect(Api api, String task, String query, @Nullable Keyboard keyboard) {
    String path = Api.path("/api/v1/tasks", task, "exec") + query;
    return new ExecClient(api, session.surroundings()).run(path, keyboard);
  }

  /// An app's name means its task that runs longest; anything else is a task's.
  private String task(Api api) {
    List<Json> tasks = api.get("/api/v1/tasks").json().at("tasks").items();
    String app = AppIds.absolute(target);
    List<Json> ofApp = tasks.stream().filter(task -> task.at("app").text().equals(app)).toList();
    if (ofApp.isEmpty()) {
      return PsCommand.chosen(tasks, target).at("id").text();
    }
    return ofApp.stream()
        .filter(task -> task.at("state").text().equals("running"))
        .min(Comparator.comparing(task -> task.at("since").text()))
        .orElseThrow(
            () ->
                Complaint.of(Exit.NOT_FOUND, "No instance of " + app + " runs")
                    .mend("`slipway explain " + app + "` says why."))
        .at("id")
        .text();
  }
}
