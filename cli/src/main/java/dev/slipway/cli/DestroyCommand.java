package dev.slipway.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "destroy",
    description = "Stops an app and forgets it, or with --group a whole group.",
    footer = {"", "Examples:", "  slipway destroy web", "  slipway destroy --group /crawler"})
final class DestroyCommand implements ClientCommand {
  private final Session session;

  @Parameters(paramLabel = "ID", description = "The app, or with --group the group.")
  String id = "";

  @Option(names = "--group", description = "ID is a group: destroy all apps below it.")
  boolean group;

  @Option(
      names = "--force",
      description = "With --group: take the place of deployments. An app's always gives way.")
  boolean force;

  @Mixin Waiting waiting = new Waiting();

  DestroyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api api = session.api();
    String target = AppIds.absolute(id);
    if (group) {
      if (target.equals("/")) {
        throw Complaint.of(Exit.USAGE, "The root group holds every app")
            .mend("Destroy its groups and apps one by one.");
      }
      Api.Answer answer = api.delete(Api.path("/v2/groups", target) + "?force=" + force);
      return waiting.forDeployment(session, answer, Goal.DESTROYED, List.of());
    }
    // As Marathon does: who destroys an app does not care for a deployment of it that goes on.
    String path = Api.path("/v2/apps", target) + "?force=true";
    Api.Answer answer = AppIds.required(api, api.ask("DELETE", path, null), target);
    return waiting.forDeployment(session, answer, Goal.DESTROYED, List.of(target));
  }
}
