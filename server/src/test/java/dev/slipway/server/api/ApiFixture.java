package dev.slipway.server.api;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.TaskId;
import dev.slipway.server.http.HttpLimits;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RawClient;
import dev.slipway.server.http.RouteGroup;
import dev.slipway.server.mesos.FilesEndpoint;
import dev.slipway.server.mesos.StateEndpoint;
import dev.slipway.server.secret.SecretRoutes;
import dev.slipway.server.secret.TemporarySecrets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The whole API of a {@link World} on a real server.
final class ApiFixture implements AutoCloseable {
  final World world;
  final Map<TaskId, Sandbox> sandboxes = new HashMap<>();
  final List<TaskObservation> ended = new ArrayList<>();
  final MemoryShelf shelf = new MemoryShelf();
  final TemporarySecrets secrets = new TemporarySecrets();
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
            () -> "namespaces",
            ServerFacts.limits(HttpLimits.DEFAULT));
    return List.of(
        new StateRoutes(world, facts, world, world.usage::of),
        new ServersRoutes(
            () ->
                new ServersText(
                    new ServersText.Leader("one", "http://10.0.0.1:8080"),
                    new ServersText.Lease(7, 5000, false),
                    new ServersText.Self(
                        "5f2c7a94-59c1-4a8f-8a53-3c4e1b8f0f10",
                        "two",
                        "http://10.0.0.2:8080",
                        "following",
                        1234,
                        12L,
                        0L,
                        "the database is away",
                        "the engine is not reached",
                        new ServersText.End(5, "the lease was not renewed", 60_000)))),
        new DeploymentRoutes(world, world),
        new NodeRoutes(world, world),
        new PlacementRoutes(world, world),
        new RebalanceRoutes(world, world),
        new VolumeRoutes(world, world, List::of),
        new WhatIfRoutes(world),
        new FileRoutes(task -> Optional.ofNullable(fixture.sandboxes.get(task))),
        new FilesEndpoint(task -> Optional.ofNullable(fixture.sandboxes.get(task)), world),
        new StateEndpoint(world, () -> fixture.ended, facts, "host1", () -> 8080),
        new ArtifactRoutes(fixture.shelf),
        new SecretRoutes(fixture.secrets.store(), world::state),
        new StatusRoutes(() -> fixture.health, metrics));
  }

  JsonNode json(String target) {
    return Json.mapper().readTree(client.get(target).body());
  }

  @Override
  public void close() {
    server.close();
    secrets.close();
  }
}
