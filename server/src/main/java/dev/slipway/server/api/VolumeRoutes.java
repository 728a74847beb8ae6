package dev.slipway.server.api;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.StoredVolume;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Persistent volumes: what there is, and deleting one that no instance has. A deletion is answered
/// when it is recorded; the volume is shown as `deleting` until its engine has destroyed it.
public final class VolumeRoutes implements RouteGroup {
  private static final String PATH = "/api/v1/volumes";
  private static final String ONE = PATH + "/{id}";

  private record Volumes(List<VolumeText> volumes) {}

  private final StateSource source;
  private final Commands commands;
  private final Supplier<List<StoredVolume>> stored;

  /// @param stored the volumes as the engine finds them on the disk
  public VolumeRoutes(StateSource source, Commands commands, Supplier<List<StoredVolume>> stored) {
    this.source = source;
    this.commands = commands;
    this.stored = stored;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get(PATH, this::list);
    routes.get(ONE, this::one);
    routes.delete(ONE, this::delete);
  }

  private void list(Context context) {
    Optional<PathId> within =
        Optional.ofNullable(context.queryParam("app")).map(VolumeRoutes::path);
    Map<VolumeId, StoredVolume> found =
        stored.get().stream().collect(Collectors.toMap(StoredVolume::id, Function.identity()));
    List<VolumeText> texts = new ArrayList<>();
    for (var ofApp : source.state().nodes().volumes().values()) {
      for (PersistentVolume volume : ofApp.values()) {
        if (within.isEmpty() || volume.app().isWithin(within.get())) {
          texts.add(VolumeText.of(volume, Optional.ofNullable(found.get(volume.id()))));
        }
      }
    }
    Json.answer(context, new Volumes(texts));
  }

  private void one(Context context) {
    VolumeId id = id(context);
    Json.answer(context, find(id).orElseThrow(() -> unknown(id.value())));
  }

  private void delete(Context context) {
    VolumeId id = id(context);
    switch (commands.submit(new Input.DeleteVolume(id))) {
      case Reply.NotFound missing -> throw Refusal.notFound(missing.message());
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _, Reply.Rebalancing _ -> {
        Optional<VolumeText> left = find(id);
        context.status(left.isPresent() ? 202 : 204);
        left.ifPresent(volume -> Json.answer(context, volume));
      }
    }
  }

  private Optional<VolumeText> find(VolumeId id) {
    return source
        .state()
        .volume(id)
        .map(
            volume ->
                VolumeText.of(
                    volume,
                    stored.get().stream().filter(found -> found.id().equals(id)).findFirst()));
  }

  private static PathId path(String text) {
    try {
      return PathId.of(text);
    } catch (IllegalArgumentException notAPath) {
      throw Refusal.badRequest("'app' is no path: " + notAPath.getMessage());
    }
  }

  private static VolumeId id(Context context) {
    String text = context.pathParam("id");
    try {
      return new VolumeId(text);
    } catch (IllegalArgumentException notAnId) {
      throw unknown(text);
    }
  }

  private static Refusal unknown(String id) {
    return Refusal.notFound("Volume '" + id + "' does not exist");
  }
}
