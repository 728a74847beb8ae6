package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import picocli.CommandLine.Command;

@Command(
    name = "headroom",
    description = "Shows how much of the room that is to be kept free is free now.",
    footer = {"", "Examples:", "  slipway placement headroom"})
final class PlacementHeadroomCommand implements ClientCommand {
  private final Session session;

  PlacementHeadroomCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = session.api().get("/api/v1/placement/headroom");
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Table table =
        new Table(
            Column.id("HEADROOM"),
            Column.number("SLOTS"),
            Column.number("FREE"),
            Column.number("MISSING"));
    for (Json each : answer.json().at("classes").items()) {
      table.row(
          each.at("name").text(),
          String.valueOf(each.at("count").whole()),
          String.valueOf(each.at("fitting").whole()),
          String.valueOf(each.at("missing").whole()));
    }
    session.print(
        table, "No headroom is kept. Ask for it with `slipway placement policy --headroom`.");
    return Exit.OK;
  }
}
