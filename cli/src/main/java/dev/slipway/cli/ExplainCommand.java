package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    description = "Tells why an app waits, node by node.",
    footer = {"", "Examples:", "  slipway explain web", "  slipway explain /shop/cart --json"})
final class ExplainCommand implements ClientCommand {
  private final Session session;

  @Parameters(paramLabel = "ID", description = "The app.")
  String id = "";

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Shows so many nodes at most, instead of ${DEFAULT-VALUE}; up to 10000.")
  int nodes = 20;

  ExplainCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api api = session.api();
    String app = AppIds.absolute(id);
    String path = Api.path("/api/v1/apps", app, "explain") + "?limit=" + nodes;
    Api.Answer answer = AppIds.required(api, api.ask("GET", path, null), app);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Json explained = answer.json();
    session.print(summary(explained));
    if (explained.at("priority").whole() != 0) {
      say("its priority is " + explained.at("priority").whole());
    }
    for (Json wait : explained.at("waits").items()) {
      String instance = wait.at("instance").text();
      say(
          "for "
              + age(wait.at("since"))
              + ": "
              + wait.at("reason").text()
              + (instance.isEmpty() ? "" : " (" + instance + ")"));
    }
    if (explained.has("backoff")) {
      say(
          "delayed by "
              + explained.at("backoff").at("delaySeconds").text()
              + " s after failures, until "
              + explained.at("backoff").at("until").text());
    }
    if (explained.has("lastFailure")) {
      sayLastFailure(explained.at("lastFailure"));
    }
    sayNodes(explained);
    return Exit.OK;
  }

  private static String summary(Json explained) {
    return explained.at("app").text()
        + " wants "
        + Words.count(explained.at("instances").whole(), "instance")
        + ": "
        + explained.at("running").whole()
        + " running, "
        + explained.at("healthy").whole()
        + " healthy, "
        + explained.at("waiting").whole()
        + " waiting";
  }

  private void sayLastFailure(Json failure) {
    say(
        "failed "
            + Words.count(failure.at("failures").whole(), "time")
            + "; the last time "
            + age(failure.at("at"))
            + " ago on "
            + failure.at("node").text("?")
            + ": "
            + FailureReport.why(failure));
    say("its output: slipway logs " + id + " --task " + failure.at("task").text());
  }

  private void sayNodes(Json explained) {
    Table table =
        new Table(
            Column.text("NODE"),
            Column.state("FITS"),
            Column.text("REASON"),
            Column.text("DETAIL"));
    for (Json node : explained.at("nodes").items()) {
      table.row(
          node.at("node").text(),
          node.at("fits").flag() ? "yes" : "no",
          node.at("fits").flag() ? "-" : node.at("reason").text(),
          node.at("detail").text());
    }
    if (!table.isEmpty()) {
      session.print("");
      session.print(table, "");
    }
    long hidden = explained.at("nodesInAll").whole() - explained.at("nodes").items().size();
    if (hidden > 0) {
      session.print("");
      say(
          "of "
              + Words.count(explained.at("nodesInAll").whole(), "node")
              + ": "
              + reasons(explained));
    }
    String nearest = explained.at("nearestFit").text();
    if (!nearest.isEmpty()) {
      session.print("");
      say("nearest fit: " + nearest);
    }
    sayRemedies(explained);
  }

  private static String reasons(Json explained) {
    return explained.at("reasons").fields().entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue().whole())
        .collect(Collectors.joining(", "));
  }

  private void sayRemedies(Json explained) {
    List<Json> remedies = explained.at("remedies").items();
    if (remedies.isEmpty()) {
      return;
    }
    session.print("");
    say("what would help:");
    for (Json remedy : remedies) {
      long fits = remedy.at("nodes").whole();
      say(
          "  "
              + remedy.at("text").text()
              + (fits == 0 ? "" : ": up to " + Words.count(fits, "node") + " would take it"));
    }
  }

  private String age(Json moment) {
    return Words.age(moment.text(), session.now());
  }

  private void say(String line) {
    session.print(Words.cut(Words.printable(line), session.screen().width(), session.screen()));
  }
}
