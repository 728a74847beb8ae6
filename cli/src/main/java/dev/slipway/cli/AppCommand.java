package dev.slipway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "app",
    description = "Shows one app: its definition, instances, versions and last failure.",
    footer = {"", "Examples:", "  slipway app web", "  slipway app /shop/cart --json"})
final class AppCommand implements ClientCommand {
  private static final int VERSIONS_SHOWN = 5;

  private final Session session;

  @Parameters(paramLabel = "ID", description = "The app.")
  String id = "";

  AppCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api api = session.api();
    String app = AppIds.absolute(id);
    Api.Answer answer = AppIds.required(api, api.ask("GET", Api.path("/v2/apps", app), null), app);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK;
    }
    Json shown = answer.json().at("app");
    int labelWidth = 0;
    Map<String, String> facts = facts(api, shown);
    for (String label : facts.keySet()) {
      labelWidth = Math.max(labelWidth, label.length());
    }
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      String label = fact.getKey() + " ".repeat(labelWidth - fact.getKey().length());
      int room = session.screen().width() - labelWidth - 2;
      String text = Words.cut(Words.printable(fact.getValue()), room, session.screen());
      session.print(session.paint(Tone.QUIET, label) + "  " + text);
    }
    Table tasks = PsCommand.table();
    api.get("/api/v1/tasks?app=" + Api.encoded(app)).json().at("tasks").items().stream()
        .filter(task -> task.at("app").text().equals(app))
        .forEach(task -> PsCommand.addRow(tasks, task, session.now()));
    if (!tasks.isEmpty()) {
      session.print("");
      session.print(tasks, "");
    }
    return Exit.OK;
  }

  private Map<String, String> facts(Api api, Json app) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("app", app.at("id").text());
    facts.put("state", AppsCommand.state(app));
    facts.put("instances", instances(app));
    facts.put("version", version(app));
    facts.put("command", command(app));
    facts.put(
        "each",
        Words.number(app.at("cpus").number())
            + " cpus, "
            + Words.number(app.at("mem").number())
            + " MiB memory, "
            + Words.number(app.at("disk").number())
            + " MiB disk"
            + gpus(app));
    put(facts, "ports", ports(app));
    put(facts, "health checks", healthChecks(app));
    put(facts, "fetches", joined(app.at("fetch").items(), "uri"));
    put(facts, "depends on", String.join(", ", app.at("dependencies").texts()));
    put(facts, "constraints", constraints(app));
    put(facts, "deployments", joined(app.at("deployments").items(), "id"));
    put(facts, "last failure", lastFailure(app.at("lastTaskFailure")));
    put(facts, "versions", versions(api, app.at("id").text()));
    return facts;
  }

  private static void put(Map<String, String> facts, String label, String text) {
    if (!text.isEmpty()) {
      facts.put(label, text);
    }
  }

  private static String instances(Json app) {
    return app.at("instances").whole()
        + " wanted, "
        + app.at("tasksRunning").whole()
        + " running, "
        + app.at("tasksHealthy").whole()
        + " healthy, "
        + app.at("tasksUnhealthy").whole()
        + " unhealthy, "
        + app.at("tasksStaged").whole()
        + " starting";
  }

  private String version(Json app) {
    String version = app.at("version").text();
    return version + " (" + Words.age(version, session.now()) + " ago)";
  }

  private static String command(Json app) {
    return app.has("cmd") ? app.at("cmd").text() : String.join(" ", app.at("args").texts());
  }

  private static String gpus(Json app) {
    double gpus = app.at("gpus").number();
    return gpus > 0 ? ", " + Words.number(gpus) + " gpus" : "";
  }

  private static String ports(Json app) {
    return app.at("portDefinitions").items().stream()
        .map(port -> port.at("port").text() + "/" + port.at("protocol").text("tcp"))
        .collect(Collectors.joining(", "));
  }

  private static String healthChecks(Json app) {
    return app.at("healthChecks").items().stream()
        .map(
            check ->
                check.at("protocol").text("HTTP")
                    + (check.has("path") ? " " + check.at("path").text() : "")
                    + " every "
                    + check.at("intervalSeconds").text("60")
                    + " s")
        .collect(Collectors.joining("; "));
  }

  private static String constraints(Json app) {
    return app.at("constraints").items().stream()
        .map(constraint -> String.join(" ", constraint.texts()))
        .collect(Collectors.joining("; "));
  }

  private static String joined(List<Json> items, String field) {
    return items.stream().map(item -> item.at(field).text()).collect(Collectors.joining(", "));
  }

  private String lastFailure(Json failure) {
    if (!failure.present()) {
      return "";
    }
    return Words.age(failure.at("timestamp").text(), session.now())
        + " ago on "
        + failure.at("host").text("?")
        + ": "
        + failure.at("message").text(failure.at("state").text());
  }

  private static String versions(Api api, String app) {
    List<String> versions = newestFirst(api, app);
    String shown =
        String.join(", ", versions.subList(0, Math.min(VERSIONS_SHOWN, versions.size())));
    int more = versions.size() - VERSIONS_SHOWN;
    return more > 0 ? shown + " and " + more + " older" : shown;
  }

  /// The app's versions; their timestamps sort as texts.
  static List<String> newestFirst(Api api, String app) {
    Api.Answer answer = api.get(Api.path("/v2/apps", app, "versions"));
    List<String> versions = new ArrayList<>(answer.json().at("versions").texts());
    versions.sort(java.util.Comparator.reverseOrder());
    return versions;
  }
}
