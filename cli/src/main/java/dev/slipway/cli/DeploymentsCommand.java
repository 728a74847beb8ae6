package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.util.List;
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
            Column.text("REASON"));
    for (Json deployment : answer.json().at("deployments").items()) {
      table.row(
          deployment.at("id").text(),
          deployment.at("state").text(),
          deployment.at("step").whole() + "/" + deployment.at("steps").whole(),
          String.join(", ", deployment.at("apps").texts()),
          Words.age(deployment.at("startedAt").text(), session.now()),
          reason(deployment));
    }
    session.print(table, "No deployments.");
    return Exit.OK;
  }

  /// What it waits for, or why it ended as it did.
  private static String reason(Json deployment) {
    List<String> waits = List.copyOf(Waits.lines(deployment).values());
    if (waits.isEmpty()) {
      return deployment.at("reason").text();
    }
    String more = waits.size() > 1 ? " (and " + (waits.size() - 1) + " more)" : "";
    return waits.getFirst() + more;
  }
}
