package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "deployments",
    description = "Lists the deployments: those that run, then those that ended lately.",
    footer = {
      "",
      "Examples:",
      "  slipway deployments",
      "  slipway deployments --json",
      "  slipway deployments resume 867ed450-f6a8-4d33-9b0e-e11c5513990b"
    })
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

  @Command(
      name = "resume",
      description = "Lets a deployment go on that stood still for too long and is paused.",
      footer = {
        "",
        "To go back instead: slipway rollback APP",
        "",
        "Examples:",
        "  slipway deployments resume 867ed450-f6a8-4d33-9b0e-e11c5513990b"
      })
  Integer resume(@Parameters(paramLabel = "DEPLOYMENT", description = "Its id.") String id) {
    session.api().post(Api.path("/api/v1/deployments", id, "resume"), Json.object(Map.of()));
    if (!session.json()) {
      session.print("Deployment " + Words.printable(id) + " goes on");
    }
    return Exit.OK.code();
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
