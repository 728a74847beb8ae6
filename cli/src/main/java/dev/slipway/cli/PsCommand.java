package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "ps",
    description = "Lists the instances: node, state, health, and what they use of what they asked.",
    footer = {
      "",
      "CPUS and MEM are used/requested; memory in MiB.",
      "",
      "Examples:",
      "  slipway ps",
      "  slipway ps web",
      "  slipway ps /shop --json"
    })
final class PsCommand implements ClientCommand {
  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this app or group.")
  @Nullable String id;

  PsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = tasksOf(session.api(), id);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Table table = table();
    answer.json().at("tasks").items().forEach(task -> addRow(table, task, session.now()));
    session.print(table, "No instances.");
    return Exit.OK;
  }

  /// The tasks of an app or group, or all; complains when there is no such app or group.
  static Api.Answer tasksOf(Api api, @Nullable String typed) {
    if (typed == null) {
      return api.get("/api/v1/tasks");
    }
    String app = AppIds.absolute(typed);
    Api.Answer answer = api.get("/api/v1/tasks?app=" + Api.encoded(app));
    boolean none = answer.json().at("tasks").items().isEmpty();
    if (none && !isAppOrGroup(api, app)) {
      throw AppIds.unknown(api, app);
    }
    return answer;
  }

  private static boolean isAppOrGroup(Api api, String id) {
    return api.ask("GET", Api.path("/v2/apps", id), null).found()
        || api.ask("GET", Api.path("/v2/groups", id), null).found();
  }

  static Table table() {
    return new Table(
        Column.id("INSTANCE"),
        Column.text("NODE"),
        Column.state("STATE"),
        Column.state("HEALTH"),
        Column.number("CPUS").orMissing(),
        Column.number("MEM").orMissing(),
        Column.number("SINCE").orMissing());
  }

  static void addRow(Table table, Json task, long now) {
    Json usage = task.at("usage");
    Json requested = task.at("requested");
    table.row(
        shortInstance(task.at("id").text()),
        task.at("node").text(),
        task.at("state").text(),
        health(task),
        usedOf(usage.at("cpus"), requested.at("cpus")),
        usedOf(usage.at("mem"), requested.at("mem")),
        Words.age(task.at("since").text(), now));
  }

  private static String health(Json task) {
    Json healthy = task.at("healthy");
    return healthy.present() ? (healthy.flag() ? "healthy" : "unhealthy") : "-";
  }

  private static String usedOf(Json used, Json requested) {
    return (used.present() ? Words.number(used.number()) : "-")
        + "/"
        + Words.number(requested.number());
  }

  /// The instance of a task: its id without the incarnation, which tells a person nothing.
  static String shortInstance(String task) {
    int incarnation = task.lastIndexOf("._app.");
    return incarnation > 0 ? task.substring(0, incarnation) : task;
  }

  /// The task that the person means: its whole id, its instance, or a part that only it has.
  static Json chosen(List<Json> tasks, String typed) {
    int shortestPart = 4;
    List<Json> exact =
        tasks.stream()
            .filter(
                task ->
                    task.at("id").text().equals(typed)
                        || shortInstance(task.at("id").text()).equals(typed))
            .toList();
    List<Json> found =
        exact.isEmpty() && typed.length() >= shortestPart
            ? tasks.stream().filter(task -> task.at("id").text().contains(typed)).toList()
            : exact;
    if (found.size() == 1) {
      return found.getFirst();
    }
    if (found.isEmpty()) {
      throw Complaint.of(Exit.NOT_FOUND, "There is no task " + Words.printable(typed))
          .mend("`slipway tasks` lists them.");
    }
    throw Complaint.of(Exit.USAGE, "Several tasks are meant by " + Words.printable(typed))
        .because(found.stream().map(task -> task.at("id").text()).limit(10).toList())
        .mend("Name one of them whole.");
  }
}
