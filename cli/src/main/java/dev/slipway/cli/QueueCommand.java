package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import picocli.CommandLine.Command;

@Command(
    name = "queue",
    description = "Lists what waits to be started, and why.",
    footer = {
      "",
      "`slipway explain ID` tells it node by node.",
      "",
      "Examples:",
      "  slipway queue",
      "  slipway queue --json"
    })
final class QueueCommand implements ClientCommand {
  private final Session session;

  QueueCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = session.api().get("/v2/queue");
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Table table =
        new Table(
            Column.id("APP"),
            Column.number("INSTANCES"),
            Column.number("SINCE"),
            Column.text("WAITS FOR"));
    for (Json item : answer.json().at("queue").items()) {
      Json app = item.at("app");
      table.row(
          app.at("id").text(item.at("pod").at("id").text()),
          String.valueOf(item.at("count").whole()),
          Words.age(item.at("since").text(), session.now()),
          waitsFor(item));
    }
    session.print(table, "Nothing waits.");
    return Exit.OK;
  }

  /// The delay after failures if one runs, else the reasons why nodes were declined, most frequent
  /// first.
  private static String waitsFor(Json item) {
    Json delay = item.at("delay");
    if (!delay.at("overdue").flag() && delay.at("timeLeftSeconds").whole() > 0) {
      return "a delay after failures, " + delay.at("timeLeftSeconds").whole() + " s more";
    }
    String reasons =
        item.at("processedOffersSummary").at("rejectSummaryLastOffers").items().stream()
            .filter(row -> row.at("declined").whole() > 0)
            .sorted(
                java.util.Comparator.comparingLong((Json row) -> row.at("declined").whole())
                    .reversed())
            .map(row -> row.at("reason").text() + " on " + row.at("declined").whole())
            .collect(java.util.stream.Collectors.joining(", "));
    return reasons.isEmpty() ? "its turn" : reasons;
  }
}
