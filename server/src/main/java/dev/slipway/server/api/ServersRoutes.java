package dev.slipway.server.api;

import dev.slipway.server.http.Json;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import java.util.function.Supplier;

/// `/api/v1/servers`: each server answers for itself.
public final class ServersRoutes implements RouteGroup {
  private final Supplier<ServersText> servers;

  /// @param servers asked for each answer; returns at once
  public ServersRoutes(Supplier<ServersText> servers) {
    this.servers = servers;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/api/v1/servers", context -> Json.answer(context, servers.get()));
  }
}
