package dev.slipway.bench;

import dev.slipway.cli.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Apps without instances, which a server that takes over has to know all the same.
final class FailoverIdleApps {
  private static final int APPS_A_GROUP = 500;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private FailoverIdleApps() {}

  /// Returns once they are deployed.
  static void create(FailoverServers servers, int count) throws InterruptedException {
    ServerProcess leader = servers.agree().process();
    for (int first = 0; first < count; first += APPS_A_GROUP) {
      int end = Math.min(first + APPS_A_GROUP, count);
      List<Json> apps =
          IntStream.range(first, end)
              .mapToObj(
                  number ->
                      Json.object(
                          Map.of(
                              "id",
                              "app-" + number,
                              "cmd",
                              "sleep 3600",
                              "instances",
                              0,
                              "mem",
                              16)))
              .toList();
      leader.post("/v2/groups", Json.object(Map.of("id", "/idle-" + first, "apps", apps)));
      Wait.until(
          "the apps are deployed", DEADLINE, () -> leader.get("/v2/deployments").items().isEmpty());
    }
  }
}
