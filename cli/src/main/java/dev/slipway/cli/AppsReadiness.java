package dev.slipway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Asks the server how far several apps are: two requests, however many they are.
public final class AppsReadiness {
  private AppsReadiness() {}

  /// @param restarted the apps whose instances are all replaced
  public static List<Readiness> of(Api api, List<String> apps, Set<String> restarted) {
    if (apps.isEmpty()) {
      return List.of();
    }
    String common = commonPath(apps);
    Map<String, Json> definitions = apps.size() == 1 ? one(api, common) : below(api, common);
    Map<String, List<Json>> tasks = new HashMap<>();
    for (Json task :
        api.get("/api/v1/tasks?app=" + Api.encoded(common)).json().at("tasks").items()) {
      tasks.computeIfAbsent(task.at("app").text(), app -> new ArrayList<>()).add(task);
    }
    return apps.stream()
        .map(app -> readiness(app, definitions.get(app), tasks, restarted.contains(app)))
        .toList();
  }

  private static Readiness readiness(
      String app,
      @org.jspecify.annotations.Nullable Json definition,
      Map<String, List<Json>> tasks,
      boolean restarted) {
    List<Json> own = tasks.getOrDefault(app, List.of());
    return definition == null
        ? Readiness.ofUnknown(app, own.size())
        : Readiness.of(definition, own, restarted);
  }

  private static Map<String, Json> one(Api api, String app) {
    Api.Answer answer = api.ask("GET", Api.path("/v2/apps", app), null);
    return answer.found() ? Map.of(app, answer.json().at("app")) : Map.of();
  }

  private static Map<String, Json> below(Api api, String group) {
    Map<String, Json> found = new HashMap<>();
    for (Json app : api.get("/v2/apps?id=" + Api.encoded(group)).json().at("apps").items()) {
      found.put(app.at("id").text(), app);
    }
    return found;
  }

  /// The innermost path that all ids share: `/shop` of `/shop/cart` and `/shop/pay`.
  static String commonPath(List<String> apps) {
    String common = apps.getFirst();
    for (String app : apps) {
      while (!app.equals(common) && !app.startsWith(common.equals("/") ? "/" : common + "/")) {
        int slash = common.lastIndexOf('/');
        common = slash <= 0 ? "/" : common.substring(0, slash);
      }
    }
    return common;
  }
}
