package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "apps",
    description = "Lists the apps.",
    footer = {"", "Examples:", "  slipway apps", "  slipway apps /shop", "  slipway apps --json"})
final class AppsCommand implements ClientCommand {
  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "GROUP", description = "Only the apps below it.")
  @Nullable String group;

  AppsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    String filter = group == null ? "" : "?id=" + Api.encoded(AppIds.absolute(group));
    Api.Answer answer = session.api().get("/v2/apps" + filter);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Table table =
        new Table(
            Column.id("APP"),
            Column.number("RUNNING"),
            Column.number("HEALTHY"),
            Column.state("STATE"),
            Column.number("CPUS").orMissing(),
            Column.number("MEM").orMissing(),
            Column.number("CHANGED").orMissing());
    answer.json().at("apps").items().stream()
        .sorted((one, other) -> one.at("id").text().compareTo(other.at("id").text()))
        .forEach(app -> addRow(table, app));
    session.print(table, "No apps. Deploy one with `slipway deploy FILE`.");
    return Exit.OK;
  }

  private void addRow(Table table, Json app) {
    boolean checked = !app.at("healthChecks").items().isEmpty();
    table.row(
        app.at("id").text(),
        app.at("tasksRunning").whole() + "/" + app.at("instances").whole(),
        checked ? String.valueOf(app.at("tasksHealthy").whole()) : "-",
        state(app),
        Words.number(app.at("cpus").number()),
        Words.number(app.at("mem").number()),
        Words.age(app.at("version").text(), session.now()));
  }

  /// One word for how the app is: deploying, waiting, degraded, unhealthy, stopped or running.
  static String state(Json app) {
    long wanted = app.at("instances").whole();
    if (!app.at("deployments").items().isEmpty()) {
      return "deploying";
    }
    if (wanted == 0) {
      return "stopped";
    }
    if (app.at("tasksUnhealthy").whole() > 0) {
      return "unhealthy";
    }
    long running = app.at("tasksRunning").whole();
    if (running >= wanted) {
      return "running";
    }
    return running == 0 ? "waiting" : "degraded";
  }
}
