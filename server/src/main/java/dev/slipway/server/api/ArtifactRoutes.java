package dev.slipway.server.api;

import dev.slipway.core.app.Timestamps;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The platform's own artifacts: list, upload, remove. Uploads are streamed to the shelf, which
/// says how large they may be.
public final class ArtifactRoutes implements RouteGroup {
  private static final String PATH = "/api/v1/artifacts/";

  private record Artifacts(List<Artifact> artifacts) {}

  private record Artifact(
      String name, String sha256, long size, Optional<String> createdAt, String uri) {
    static Artifact of(ArtifactShelf.Item item) {
      return new Artifact(
          item.name(),
          item.sha256(),
          item.size(),
          item.createdAt().map(Timestamps::format),
          "slipway://" + item.name());
    }
  }

  private final ArtifactShelf shelf;

  public ArtifactRoutes(ArtifactShelf shelf) {
    this.shelf = shelf;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/api/v1/artifacts", this::list);
    routes.put(PATH + "{name}", this::put);
    routes.delete(PATH + "{name}", this::remove);
  }

  @Override
  public List<String> uploads() {
    return List.of(PATH);
  }

  private void list(Context context) {
    Json.answer(context, new Artifacts(shelf.list().stream().map(Artifact::of).toList()));
  }

  private void put(Context context) throws IOException {
    try (InputStream bytes = context.bodyInputStream()) {
      switch (shelf.put(context.pathParam("name"), bytes)) {
        case ArtifactShelf.Upload.Stored(ArtifactShelf.Item item) -> {
          context.status(201);
          Json.answer(context, Artifact.of(item));
        }
        case ArtifactShelf.Upload.Refused(int status, String message) ->
            throw new Refusal(
                status, message, status == 503 ? Map.of("Retry-After", "5") : Map.of());
      }
    }
  }

  private void remove(Context context) throws IOException {
    String name = context.pathParam("name");
    if (!shelf.remove(name)) {
      throw Refusal.notFound("Artifact '" + name + "' does not exist");
    }
    context.status(204);
  }
}
