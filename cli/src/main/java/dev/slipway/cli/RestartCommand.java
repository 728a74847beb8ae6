package dev.slipway.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restart",
    description = "Replaces all instances of an app by new ones, as its upgrade strategy says.",
    footer = {"", "Examples:", "  slipway restart web", "  slipway restart /shop/cart --detach"})
final class RestartCommand implements ClientCommand {
  private final Session session;

  @Parameters(paramLabel = "ID", description = "The app.")
  String id = "";

  @Option(names = "--force", description = "Take the place of a deployment that runs.")
  boolean force;

  @Mixin Waiting waiting = new Waiting();

  RestartCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api api = session.api();
    String app = AppIds.absolute(id);
    String path = Api.path("/v2/apps", app, "restart") + (force ? "?force=true" : "");
    Api.Answer answer = AppIds.required(api, api.ask("POST", path, null), app);
    return waiting.forDeployment(session, answer, Goal.RESTARTED, List.of(app));
  }
}
