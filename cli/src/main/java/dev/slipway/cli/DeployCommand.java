package dev.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "deploy",
    description = "Creates or updates an app, a list of apps or a group, and waits for the end.",
    footer = {
      "",
      "FILE is Marathon's JSON, or the same as YAML; - reads the standard input. It describes its",
      "apps entirely: what it leaves out gets its default, except the number of instances of an app",
      "that is there already.",
      "",
      "Ends with 0 only when all instances of the new version are healthy. When it does not come",
      "about, it tells which instance failed, why, and its last output.",
      "",
      "Examples:",
      "  slipway deploy web.json",
      "  slipway deploy shop.yaml --timeout 2m",
      "  slipway deploy shop.yaml --dry-run"
    })
final class DeployCommand implements ClientCommand {
  private final Session session;

  @Parameters(paramLabel = "FILE", description = "The description, or - for standard input.")
  String file = "";

  @Option(names = "--force", description = "Take the place of a deployment that runs.")
  boolean force;

  @Option(names = "--dry-run", description = "Only show the steps (groups only).")
  boolean dryRun;

  @Mixin Waiting waiting = new Waiting();

  DeployCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Json document = Documents.read(file, session.surroundings().in());
    if (document.isArray()) {
      refuseDryRun();
      return deployApps(document.items());
    }
    if (!document.isObject()) {
      throw Complaint.of(Exit.USAGE, file + " describes neither an app nor a group");
    }
    String id = requiredId(document);
    if (document.has("apps") || document.has("groups")) {
      return deployGroup(id, document);
    }
    refuseDryRun();
    return deployApp(id, document);
  }

  private void refuseDryRun() {
    if (dryRun) {
      throw Complaint.of(Exit.USAGE, "--dry-run works for groups only, and " + file + " is none")
          .mend("Wrap it: {\"id\": \"/GROUP\", \"apps\": [...]}.");
    }
  }

  private String requiredId(Json described) {
    String id = described.at("id").text();
    if (id.isEmpty()) {
      throw Complaint.of(Exit.USAGE, file + " names no id").mend("Give it one: \"id\": \"/web\".");
    }
    return id.equals("/") ? id : AppIds.absolute(id);
  }

  private Exit deployApp(String id, Json app) {
    Api api = session.api();
    Json described = keepingInstances(api, id, app);
    String path = Api.path("/v2/apps", id) + query("partialUpdate=false");
    Api.Answer answer = api.put(path, described);
    return waiting.forDeployment(session, answer, Goal.DEPLOYED, List.of(id));
  }

  private Exit deployApps(List<Json> apps) {
    Api api = session.api();
    List<String> ids = new ArrayList<>();
    List<Json> described = new ArrayList<>();
    for (Json app : apps) {
      String id = requiredId(app);
      ids.add(id);
      described.add(keepingInstances(api, id, app));
    }
    if (ids.isEmpty()) {
      throw Complaint.of(Exit.USAGE, file + " lists no app");
    }
    Api.Answer answer = api.put("/v2/apps" + query("partialUpdate=false"), Json.of(described));
    return waiting.forDeployment(session, answer, Goal.DEPLOYED, ids);
  }

  /// How many instances there are is often changed by `scale`: a file that does not say keeps their
  /// number.
  private static Json keepingInstances(Api api, String id, Json app) {
    if (app.has("instances")) {
      return app;
    }
    Api.Answer there = api.ask("GET", Api.path("/v2/apps", id), null);
    return there.found() ? app.with("instances", there.json().at("app").at("instances")) : app;
  }

  private Exit deployGroup(String id, Json group) {
    Api api = session.api();
    String path = Api.path("/v2/groups", id);
    if (dryRun) {
      return showPlan(api.put(path + query("dryRun=true"), group));
    }
    Api.Answer answer = api.put(path + query(""), group);
    List<String> apps = new ArrayList<>();
    collectApps(id, group, apps);
    return waiting.forDeployment(session, answer, Goal.DEPLOYED, apps);
  }

  private String query(String more) {
    String query = force ? "force=true" + (more.isEmpty() ? "" : "&" + more) : more;
    return query.isEmpty() ? "" : "?" + query;
  }

  /// The ids of all apps that a group describes; ids without a leading slash are relative to their
  /// group.
  private static void collectApps(String group, Json described, List<String> apps) {
    for (Json app : described.at("apps").items()) {
      apps.add(resolved(group, app.at("id").text()));
    }
    for (Json inner : described.at("groups").items()) {
      collectApps(resolved(group, inner.at("id").text()), inner, apps);
    }
  }

  static String resolved(String group, String id) {
    if (id.startsWith("/")) {
      return id;
    }
    String path = group;
    for (String segment : id.split("/")) {
      path =
          switch (segment) {
            case ".", "" -> path;
            case ".." ->
                path.lastIndexOf('/') <= 0 ? "/" : path.substring(0, path.lastIndexOf('/'));
            default -> (path.equals("/") ? "" : path) + "/" + segment;
          };
    }
    return path;
  }

  private Exit showPlan(Api.Answer answer) {
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    List<Json> steps = answer.json().at("steps").items();
    if (steps.isEmpty()) {
      session.print("Nothing would change.");
    }
    for (int step = 0; step < steps.size(); step++) {
      for (Map.Entry<String, String> action : actions(steps.get(step)).entrySet()) {
        session.print("step " + (step + 1) + "  " + action.getValue() + " " + action.getKey());
      }
    }
    return Exit.OK;
  }

  private static Map<String, String> actions(Json step) {
    Map<String, String> actions = new java.util.LinkedHashMap<>();
    for (Json action : step.at("actions").items()) {
      actions.put(
          action.at("app").text(action.at("pod").text()),
          DeploymentWatch.actionWord(action.at("action").text()));
    }
    return actions;
  }
}
