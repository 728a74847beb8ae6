package dev.slipway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "scale",
    description = "Changes how many instances apps have, and waits until they are there.",
    footer = {
      "",
      "Examples:",
      "  slipway scale web=3",
      "  slipway scale /shop/cart=2 /shop/pay=4 --detach"
    })
final class ScaleCommand implements ClientCommand {
  private final Session session;

  @Parameters(arity = "1..*", paramLabel = "ID=N", description = "App and number of instances.")
  Map<String, Integer> wanted = Map.of();

  @Option(names = "--force", description = "Take the place of a deployment that runs.")
  boolean force;

  @Mixin Waiting waiting = new Waiting();

  ScaleCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api api = session.api();
    Map<String, Integer> apps = new LinkedHashMap<>();
    wanted.forEach((id, instances) -> apps.put(AppIds.absolute(id), checked(id, instances)));
    List<Json> updates = new ArrayList<>();
    for (Map.Entry<String, Integer> app : apps.entrySet()) {
      AppIds.required(api, api.ask("GET", Api.path("/v2/apps", app.getKey()), null), app.getKey());
      updates.add(Json.object(Map.of("instances", app.getValue())).with("id", app.getKey()));
    }
    String query = force ? "?force=true" : "";
    Api.Answer answer =
        updates.size() == 1
            ? api.put(
                Api.path("/v2/apps", updates.getFirst().at("id").text()) + query,
                Json.object(Map.of("instances", updates.getFirst().at("instances"))))
            : api.put("/v2/apps" + query, Json.of(updates));
    return waiting.forDeployment(session, answer, Goal.SCALED, List.copyOf(apps.keySet()));
  }

  private static int checked(String id, int instances) {
    if (instances < 0) {
      throw Complaint.of(Exit.USAGE, id + " cannot have " + instances + " instances");
    }
    return instances;
  }
}
