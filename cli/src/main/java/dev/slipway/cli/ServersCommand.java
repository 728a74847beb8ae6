package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import picocli.CommandLine.Command;

@Command(
    name = "servers",
    description = "Tells who leads, and what the server that is asked does itself.",
    footer = {
      "",
      "Of several servers that share a journal, each answers for itself.",
      "",
      "Examples:",
      "  slipway servers",
      "  slipway servers --json"
    })
final class ServersCommand implements ClientCommand {
  private final Session session;

  ServersCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = session.api().get("/api/v1/servers");
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Json self = answer.json().at("self");
    Json leader = answer.json().at("leader");
    Table table =
        new Table(
            Column.id("SERVER"),
            Column.text("ADDRESS"),
            Column.state("ROLE"),
            Column.number("EPOCH").orMissing(),
            Column.number("LAG").orMissing());
    String address = self.at("address").text();
    Json lease = answer.json().at("lease");
    String epoch = lease.has("epoch") ? String.valueOf(lease.at("epoch").whole()) : "";
    boolean leads = self.at("role").text().equals("leading");
    boolean other = leader.has("address") && !leader.at("address").text().equals(address);
    if (!leads && other) {
      table.row(named(leader), leader.at("address").text(), "leading", epoch, "");
    }
    table.row(
        named(self),
        address,
        self.at("role").text(),
        leads ? epoch : "",
        self.has("lagMillis") ? self.at("lagMillis").whole() + " ms" : "");
    session.print(table, "No server answered.");
    tellTrouble(answer.json());
    return Exit.OK;
  }

  private static String named(Json server) {
    String name = server.at("name").text();
    return name.isEmpty() ? "-" : name;
  }

  private void tellTrouble(Json servers) {
    Json self = servers.at("self");
    if (!servers.has("leader")) {
      session.print("No server is known to lead.");
    }
    if (self.has("problem")) {
      session.print("It reads nothing new: " + Words.printable(self.at("problem").text()));
    }
    if (self.has("unfit")) {
      session.print("It could not lead now: " + Words.printable(self.at("unfit").text()));
    }
    if (self.has("lastTerm")) {
      Json end = self.at("lastTerm");
      session.print(
          "It led until %d s ago, in epoch %d: %s"
              .formatted(
                  end.at("agoMillis").whole() / 1000,
                  end.at("epoch").whole(),
                  Words.printable(end.at("reason").text())));
    }
  }
}
