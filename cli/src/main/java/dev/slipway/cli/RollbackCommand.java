package dev.slipway.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description = "Takes an app back to an earlier version.",
    footer = {
      "",
      "Without VERSION: a deployment that runs is cancelled and reverted; if none runs, the app goes",
      "back to the version before its newest. `slipway app ID` lists the versions.",
      "",
      "Examples:",
      "  slipway rollback web",
      "  slipway rollback web 2026-11-22T05:24:00.000Z"
    })
final class RollbackCommand implements ClientCommand {
  private final Session session;

  @Parameters(index = "0", paramLabel = "ID", description = "The app.")
  String id = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "The version to go back to; its beginning is enough.")
  @Nullable String version;

  @Option(names = "--force", description = "Take the place of a deployment that runs.")
  boolean force;

  @Mixin Waiting waiting = new Waiting();

  RollbackCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api api = session.api();
    String app = AppIds.absolute(id);
    Optional<String> running = version == null ? runningDeployment(api, app) : Optional.empty();
    Api.Answer answer =
        running
            .map(deployment -> api.delete(Api.path("/v2/deployments", deployment)))
            .orElseGet(() -> toVersion(api, app));
    return waiting.forDeployment(session, answer, Goal.ROLLED_BACK, List.of(app));
  }

  private Api.Answer toVersion(Api api, String app) {
    AppIds.required(api, api.ask("GET", Api.path("/v2/apps", app), null), app);
    List<String> versions = AppCommand.newestFirst(api, app);
    String target =
        version == null ? beforeNewest(app, versions) : matching(version, app, versions);
    if (!session.json()) {
      session.note("Going back to version " + target);
    }
    String path = Api.path("/v2/apps", app) + (force ? "?force=true" : "");
    return api.put(path, Json.object(java.util.Map.of("version", target)));
  }

  private static Optional<String> runningDeployment(Api api, String app) {
    return api.get("/api/v1/deployments").json().at("deployments").items().stream()
        .filter(deployment -> deployment.at("state").text().equals("running"))
        .filter(deployment -> deployment.at("apps").texts().contains(app))
        .map(deployment -> deployment.at("id").text())
        .findFirst();
  }

  private static String beforeNewest(String app, List<String> versions) {
    if (versions.size() < 2) {
      throw Complaint.of(Exit.NOT_FOUND, app + " has only one version: there is no way back");
    }
    return versions.get(1);
  }

  private static String matching(String typed, String app, List<String> versions) {
    List<String> found = versions.stream().filter(known -> known.startsWith(typed)).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    String what =
        found.isEmpty() ? app + " has no version " : app + " has several versions that begin with ";
    throw Complaint.of(found.isEmpty() ? Exit.NOT_FOUND : Exit.USAGE, what + Words.printable(typed))
        .because(versions.stream().limit(10).toList())
        .mend("These are its newest versions.");
  }
}
