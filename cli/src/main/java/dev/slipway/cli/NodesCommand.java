package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
    name = "nodes",
    description = "Lists the nodes: state, instances, and how much of them is taken.",
    footer = {
      "",
      "CPUS, MEM and DISK are taken/offered, in MiB.",
      "",
      "Examples:",
      "  slipway nodes",
      "  slipway nodes --json"
    })
final class NodesCommand implements ClientCommand {
  private final Session session;

  NodesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = session.api().get("/api/v1/nodes");
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Table table =
        new Table(
            Column.id("NODE"),
            Column.state("STATE"),
            Column.number("INSTANCES"),
            Column.number("CPUS"),
            Column.number("MEM"),
            Column.number("DISK").orMissing(),
            Column.text("HOST"),
            Column.text("ATTRIBUTES").orMissing());
    for (Json node : answer.json().at("nodes").items()) {
      table.row(
          node.at("id").text(),
          node.at("state").text(),
          String.valueOf(node.at("instances").whole()),
          taken(node, "cpus"),
          takenMebibytes(node, "mem"),
          takenMebibytes(node, "disk"),
          node.at("hostname").text(),
          attributes(node));
    }
    session.print(table, "No nodes: the server offers no machine to run on.");
    return Exit.OK;
  }

  private static String taken(Json node, String resource) {
    return Words.number(node.at("used").at(resource).number())
        + "/"
        + Words.number(node.at("capacity").at(resource).number());
  }

  private static String takenMebibytes(Json node, String resource) {
    return Math.round(node.at("used").at(resource).number())
        + "/"
        + Math.round(node.at("capacity").at(resource).number());
  }

  private static String attributes(Json node) {
    return node.at("attributes").fields().entrySet().stream()
        .map(attribute -> attribute.getKey() + "=" + attribute.getValue().text())
        .collect(Collectors.joining(","));
  }
}
