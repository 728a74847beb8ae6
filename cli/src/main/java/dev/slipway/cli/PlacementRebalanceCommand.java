package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "rebalance",
    description =
        "Moves running instances together, and to where their rules want them, as far as it pays.",
    footer = {
      "",
      "Replacements come first, so that no app has fewer ready than it allows. What a plan has to",
      "gain, and how many are moved at once, is said by `slipway placement policy`.",
      "",
      "Examples:",
      "  slipway placement rebalance --dry-run",
      "  slipway placement rebalance",
      "  slipway placement rebalance --status",
      "  slipway placement rebalance --stop"
    })
final class PlacementRebalanceCommand implements ClientCommand {
  private static final String PATH = "/api/v1/placement/rebalance";

  private final Session session;

  @Option(names = "--dry-run", description = "Only tells what would be moved.")
  boolean dryRun;

  @Option(names = "--status", description = "Only tells how far it is.")
  boolean status;

  @Option(names = "--stop", description = "Begins no further move.")
  boolean stop;

  PlacementRebalanceCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    if ((dryRun ? 1 : 0) + (status ? 1 : 0) + (stop ? 1 : 0) > 1) {
      throw Complaint.of(Exit.USAGE, "--dry-run, --status and --stop exclude each other")
          .mend("Give one of them.");
    }
    if (status || stop) {
      return progress();
    }
    Api.Answer answer = session.api().ask("POST", PATH + (dryRun ? "?dryRun=true" : ""), null);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Json plan = answer.json();
    session.print(table(plan.at("moves").items()), "No move pays.");
    session.print(sentence(plan.at("summary").text()));
    if (!dryRun && !plan.at("moves").items().isEmpty()) {
      session.print("They are moved now; see `slipway placement rebalance --status`.");
    }
    return Exit.OK;
  }

  private Exit progress() {
    Api.Answer answer = session.api().ask(stop ? "DELETE" : "GET", PATH, null);
    if (!answer.found()) {
      throw Complaint.of(Exit.NOT_FOUND, "No rebalancing goes on");
    }
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Json now = answer.json();
    String state = now.at("state").text();
    String left =
        state.equals("moving") || state.equals("stopping")
            ? ", %d under way, %d planned"
                .formatted(now.at("moving").items().size(), now.at("planned").items().size())
            : "";
    session.print(
        "%s: %s done, %d given up%s"
            .formatted(
                state,
                Words.count(now.at("done").whole(), "move"),
                now.at("givenUp").whole(),
                left));
    if (now.has("endedBecause")) {
      session.print(sentence(now.at("endedBecause").text()));
    }
    var table =
        new Table(Column.id("INSTANCE"), Column.id("FROM"), Column.id("TO"), Column.text("STATE"));
    now.at("moving").items().forEach(one -> row(table, one.at("move"), "under way"));
    now.at("planned").items().forEach(one -> row(table, one, "planned"));
    for (Json one : now.at("outcomes").items()) {
      String said = one.at("done").flag() ? "done" : "given up: " + one.at("reason").text();
      row(table, one.at("move"), said);
    }
    session.print(table, "No moves.");
    return Exit.OK;
  }

  private static void row(Table table, Json move, String state) {
    table.row(move.at("instance").text(), move.at("from").text(), move.at("to").text(), state);
  }

  private static Table table(List<Json> moves) {
    var table =
        new Table(
            Column.id("INSTANCE"),
            Column.id("FROM"),
            Column.id("TO"),
            Column.number("GAIN"),
            Column.text("WHY"));
    for (Json move : moves) {
      table.row(
          move.at("instance").text(),
          move.at("from").text(),
          move.at("to").text(),
          String.format(Locale.ROOT, "%.1f %%", move.at("gain").number() * 100),
          move.at("why").text());
    }
    return table;
  }

  private static String sentence(String text) {
    return text.isEmpty()
        ? ""
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
  }
}
