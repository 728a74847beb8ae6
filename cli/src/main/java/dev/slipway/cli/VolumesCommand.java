package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "volumes",
    description = "Lists what apps keep on nodes, and deletes what no instance has any more.",
    footer = {
      "",
      "A volume outlives its instance, its app and its node, until somebody deletes it.",
      "SIZE and USED are in MiB.",
      "",
      "Examples:",
      "  slipway volumes",
      "  slipway volumes delete shop_db.data.volume-0abb2876-5719-3f50-a2e2-54ea2c061d33"
    })
final class VolumesCommand implements ClientCommand {
  private static final String PATH = "/api/v1/volumes";

  private final Session session;

  VolumesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = session.api().get(PATH);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Table table =
        new Table(
            Column.id("VOLUME"),
            Column.text("APP"),
            Column.text("PATH"),
            Column.text("NODE"),
            Column.state("STATE"),
            Column.number("SIZE"),
            Column.number("USED").orMissing(),
            Column.number("SINCE"));
    for (Json volume : answer.json().at("volumes").items()) {
      table.row(
          volume.at("id").text(),
          volume.at("app").text(),
          volume.at("containerPath").text(),
          volume.at("node").text(),
          volume.at("state").text(),
          Words.number(volume.at("size").number()),
          volume.has("used") ? Words.number(volume.at("used").number()) : "",
          Words.age(volume.at("since").text(), session.now()));
    }
    session.print(table, "No volumes: no app keeps anything.");
    return Exit.OK;
  }

  @Command(
      name = "delete",
      description = "Deletes a volume that no instance has, with all that it holds, for good.",
      footer = {
        "",
        "Examples:",
        "  slipway volumes delete shop_db.data.volume-0abb2876-5719-3f50-a2e2-54ea2c061d33"
      })
  Integer delete(@Parameters(paramLabel = "VOLUME", description = "Its name.") String volume) {
    session.api().delete(Api.path(PATH, volume));
    if (!session.json()) {
      session.print(Words.printable(volume) + " is deleted");
    }
    return Exit.OK.code();
  }
}
