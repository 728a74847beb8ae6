package dev.slipway.bench.scheduling;

import java.util.HashMap;
import java.util.Map;

/// How many tasks of each app stand where, by the values of all attributes.
final class Tally {
  /// One app and one attribute.
  record Counted(String app, String attribute) {}

  private final Map<Counted, Map<String, Integer>> counts = new HashMap<>();
  private final Map<String, Integer> totals = new HashMap<>();

  /// What a host has of an attribute; nothing where it has none.
  static String value(Host host, String attribute) {
    return attribute.equals(Referee.HOSTNAME)
        ? host.name()
        : host.attributes().getOrDefault(attribute, "");
  }

  /// @param sign 1 for one more, -1 for one less
  void add(String app, Host host, int sign) {
    totals.merge(app, sign, Integer::sum);
    add(new Counted(app, Referee.HOSTNAME), host.name(), sign);
    host.attributes().forEach((name, value) -> add(new Counted(app, name), value, sign));
  }

  private void add(Counted which, String value, int sign) {
    counts.computeIfAbsent(which, _ -> new HashMap<>()).merge(value, sign, Integer::sum);
  }

  int total(String app) {
    return totals.getOrDefault(app, 0);
  }

  int at(String app, String attribute, String value) {
    return counts.getOrDefault(new Counted(app, attribute), Map.of()).getOrDefault(value, 0);
  }

  int at(String app, String attribute, Host host) {
    return at(app, attribute, value(host, attribute));
  }

  /// The tasks by value as they are now.
  Map<String, Integer> now(Counted which) {
    return new HashMap<>(counts.getOrDefault(which, Map.of()));
  }
}
