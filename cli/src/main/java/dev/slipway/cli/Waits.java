package dev.slipway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a deployment waits for, one line for each app and reason however many instances share it.
final class Waits {
  private Waits() {}

  /// App and reason to a line such as "/web  2 instances: no node has 64 cpus free".
  static Map<String, String> lines(Json deployment) {
    Map<String, List<Json>> same = new LinkedHashMap<>();
    for (Json wait : deployment.at("waits").items()) {
      String key = wait.at("app").text() + " " + wait.at("reason").text();
      same.computeIfAbsent(key, first -> new ArrayList<>()).add(wait);
    }
    Map<String, String> lines = new LinkedHashMap<>();
    same.forEach((key, waits) -> lines.put("wait " + key, line(waits)));
    return lines;
  }

  private static String line(List<Json> waits) {
    Json first = waits.getFirst();
    long instances = waits.stream().filter(wait -> wait.has("instance")).count();
    String who = instances == 0 ? "waits" : Words.count(instances, "instance");
    return first.at("app").text() + "  " + who + ": " + Words.printable(first.at("reason").text());
  }
}
