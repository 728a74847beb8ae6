package dev.slipway.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "kill",
    description = "Kills one task; its app starts another, unless --scale is given.",
    footer = {
      "",
      "TASK may be a part of the id that only this task has.",
      "",
      "Examples:",
      "  slipway kill 3f2a91c0",
      "  slipway kill 3f2a91c0 --scale"
    })
final class KillCommand implements ClientCommand {
  private final Session session;

  @Parameters(paramLabel = "TASK", description = "The task.")
  String task = "";

  @Option(names = "--scale", description = "The app has one instance less from now on.")
  boolean scale;

  @Mixin Waiting waiting = new Waiting();

  KillCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api api = session.api();
    Json chosen = PsCommand.chosen(api.get("/api/v1/tasks").json().at("tasks").items(), task);
    String id = chosen.at("id").text();
    Json body = Json.object(Map.of("ids", List.of(id)));
    Api.Answer answer = api.post("/v2/tasks/delete?scale=" + scale, body);
    if (scale) {
      String app = chosen.at("app").text();
      return waiting.forDeployment(session, answer, Goal.SCALED, List.of(app));
    }
    if (session.json()) {
      session.printRaw(answer.body());
    } else {
      session.print("Killing " + id + "; another instance takes its place");
    }
    return Exit.OK;
  }
}
