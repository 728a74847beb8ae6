package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "nodes",
    description = "Lists the nodes: state, instances, and how much of them is taken.",
    footer = {
      "",
      "CPUS, MEM, DISK and GPUS (where there are any) are taken/offered, MEM and DISK in MiB.",
      "INSTANCES are of so many as the node may hold, where that is limited (3/110).",
      "A node with a reason under CLOSED gets no new ones; those that are there go on.",
      "A node with an attribute marked * takes only apps that ask for it by a constraint.",
      "",
      "Examples:",
      "  slipway nodes",
      "  slipway nodes --json",
      "  slipway nodes --resume-evictions"
    })
final class NodesCommand implements ClientCommand {
  private final Session session;

  @Option(
      names = "--resume-evictions",
      description = "Silent nodes are gone: replace what ran there, though many went at once.")
  boolean resume;

  NodesCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    if (resume) {
      session.api().post("/api/v1/nodes/resume-evictions", null);
    }
    Api.Answer answer = session.api().get("/api/v1/nodes");
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    List<Json> nodes = answer.json().at("nodes").items();
    boolean gpus = nodes.stream().anyMatch(node -> node.at("capacity").at("gpus").number() > 0);
    boolean risks = nodes.stream().anyMatch(node -> !isNone(risk(node)));
    boolean pressures = nodes.stream().anyMatch(node -> !isNone(pressure(node)));
    boolean closed = nodes.stream().anyMatch(node -> node.has("closed"));
    var shown = new Shown(gpus, risks, pressures, closed);
    Table table = new Table(columns(shown).toArray(Column[]::new));
    nodes.forEach(node -> table.row(cells(node, shown).toArray(String[]::new)));
    session.print(table, "No nodes: the server offers no machine to run on.");
    if (answer.json().has("evictionsPaused")) {
      Json paused = answer.json().at("evictionsPaused");
      session.note(
          "Nothing on silent nodes is replaced since %s, as %s. If they are gone: slipway nodes --resume-evictions"
              .formatted(paused.at("since").text(), paused.at("reason").text()));
    }
    return Exit.OK;
  }

  /// Columns that are there only where any node has something to show in them.
  private record Shown(boolean gpus, boolean risks, boolean pressures, boolean closed) {}

  private static String risk(Json node) {
    return node.at("disruptionRisk").text();
  }

  private static String pressure(Json node) {
    return node.at("pressure").at("level").text();
  }

  /// Also what a server says that knows nothing of it.
  private static boolean isNone(String level) {
    return level.isEmpty() || level.equals("none");
  }

  private static List<Column> columns(Shown shown) {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                Column.id("NODE"),
                Column.state("STATE"),
                Column.number("INSTANCES"),
                Column.number("CPUS"),
                Column.number("MEM"),
                Column.number("DISK").orMissing()));
    if (shown.gpus()) {
      columns.add(Column.number("GPUS"));
    }
    if (shown.risks()) {
      columns.add(Column.text("RISK"));
    }
    if (shown.pressures()) {
      columns.add(Column.text("PRESSURE"));
    }
    if (shown.closed()) {
      columns.add(Column.text("CLOSED"));
    }
    columns.add(Column.text("HOST"));
    columns.add(Column.text("ATTRIBUTES").orMissing());
    return columns;
  }

  private static List<String> cells(Json node, Shown shown) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                node.at("id").text(),
                node.at("state").text(),
                instances(node),
                taken(node, "cpus"),
                takenMebibytes(node, "mem"),
                takenMebibytes(node, "disk")));
    if (shown.gpus()) {
      cells.add(taken(node, "gpus"));
    }
    if (shown.risks()) {
      cells.add(risk(node));
    }
    if (shown.pressures()) {
      cells.add(pressure(node));
    }
    if (shown.closed()) {
      cells.add(node.has("closed") ? node.at("closed").text() : "-");
    }
    cells.add(node.at("hostname").text());
    cells.add(attributes(node));
    return cells;
  }

  private static String instances(Json node) {
    long there = node.at("instances").whole();
    return node.has("mostTasks")
        ? there + "/" + node.at("mostTasks").whole()
        : String.valueOf(there);
  }

  private static String taken(Json node, String resource) {
    return Words.number(node.at("used").at(resource).number())
        + "/"
        + Words.number(offered(node, resource));
  }

  private static String takenMebibytes(Json node, String resource) {
    return Math.round(node.at("used").at(resource).number())
        + "/"
        + Math.round(offered(node, resource));
  }

  /// An older server offers what there is.
  private static double offered(Json node, String resource) {
    Json offered = node.has("offered") ? node.at("offered") : node.at("capacity");
    return offered.at(resource).number();
  }

  private static String attributes(Json node) {
    List<String> dedicated = node.at("dedicated").texts();
    return node.at("attributes").fields().entrySet().stream()
        .map(
            attribute ->
                attribute.getKey()
                    + "="
                    + attribute.getValue().text()
                    + (dedicated.contains(attribute.getKey()) ? "*" : ""))
        .collect(Collectors.joining(","));
  }
}
