package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import picocli.CommandLine.Command;

@Command(
    name = "deployments",
    description = "Lists the deployments: those that run, then those that ended lately.",
    footer = {"", "Examples:", "  slipway deployments", "  slipway deployments --json"})
final class DeploymentsCommand implements ClientCommand {
  private final Session session;

  DeploymentsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = session.api().get("/api/v1/deployments");
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Table table =
        new Table(
            Column.id("DEPLOYMENT"),
            Column.state("STATE"),
            Column.number("STEP"),
            Column.text("APPS"),
            Column.number("BEGAN").orMissing(),
            Column.text("WAITS FOR"));
    for (Json deployment : answer.json().at("deployments").items()) {
      table.row(
          deployment.at("id").text(),
          deployment.at("state").text(),
          deployment.at("step").whole() + "/" + deployment.at("steps").whole(),
          String.join(", ", deployment.at("apps").texts()),
          Words.age(deployment.at("startedAt").text(), session.now()),
          waitsFor(deployment));
    }
    session.print(table, "No deployments.");
    return Exit.OK;
  }

  private static String waitsFor(Json deployment) {
    var waits = deployment.at("waits").items();
    if (waits.isEmpty()) {
      return deployment.at("reason").text();
    }
    Json first = waits.getFirst();
    String more = waits.size() > 1 ? " (and " + (waits.size() - 1) + " more)" : "";
    return first.at("app").text() + ": " + first.at("reason").text() + more;
  }
}
