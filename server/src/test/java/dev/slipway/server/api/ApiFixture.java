package dev.slipway.server.api;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.instance.TaskId;
import dev.slipway.server.http.HttpLimits;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import dev.slipway.server.http.RouteGroup;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The whole API of a {@link World} on a real server.
final class ApiFixture implements AutoCloseable {
  final World world;
  final Map<TaskId, Sandbox> sandboxes = new HashMap<>();
  final MemoryShelf shelf = new MemoryShelf();
  volatile ServerHealth health = new ServerHealth(true, Optional.empty(), 0, Optional.empty());
  final HttpServer server;
  final RawClient client;

  ApiFixture(World world) {
    this.world = world;
    var metrics =
        new Metrics(world, Map.of("control.inputs", () -> 42), Map.of("control.backlog", () -> 3));
    server =
        HttpServer.start(HttpSettings.DEFAULT.at("127.0.0.1", 0), groups(this, metrics), metrics);
    client = new RawClient(server.port());
  }

  private static List<RouteGroup> groups(ApiFixture fixture, Metrics metrics) {
    World world = fixture.world;
    var facts =
        new ServerFacts(
            "1.2.3",
            Instant.parse("2026-03-01T08:00:00Z"),
            "namespaces",
            ServerFacts.limits(HttpLimits.DEFAULT));
    return List.of(
        new StateRoutes(world, facts, world, world.usage::of),
        new NodeRoutes(world, world),
        new FileRoutes(task -> Optional.ofNullable(fixture.sandboxes.get(task))),
        new ArtifactRoutes(fixture.shelf),
        new StatusRoutes(() -> fixture.health, metrics));
  }

  JsonNode json(String target) {
    return Json.mapper().readTree(client.get(target).body());
  }

  @Override
  public void close() {
    server.close();
  }
}
