package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "tasks",
    description = "Lists the tasks with their hosts, ports and addresses of their own.",
    footer = {"", "Examples:", "  slipway tasks", "  slipway tasks web --json"})
final class TasksCommand implements ClientCommand {
  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "ID", description = "Only this app or group.")
  @Nullable String id;

  TasksCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = PsCommand.tasksOf(session.api(), id);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Table table =
        new Table(
            Column.id("TASK"),
            Column.text("HOST"),
            Column.text("PORTS"),
            Column.text("ADDRESS").orMissing(),
            Column.state("STATE"),
            Column.text("VERSION").orMissing(),
            Column.number("SINCE").orMissing());
    for (Json task : answer.json().at("tasks").items()) {
      table.row(
          task.at("id").text(),
          task.at("host").text(task.at("node").text()),
          String.join(",", task.at("ports").texts()),
          String.join(",", task.at("addresses").texts()),
          task.at("state").text(),
          task.at("version").text(),
          Words.age(task.at("since").text(), session.now()));
    }
    session.print(table, "No tasks.");
    return Exit.OK;
  }
}
