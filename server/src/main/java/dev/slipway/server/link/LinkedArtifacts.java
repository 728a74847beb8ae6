package dev.slipway.server.link;

import dev.slipway.server.http.Proofs;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Links to the platform's own artifacts, made and served. A link is a credential: it is handed to
/// the task that it was made for, and never logged.
///
/// Any thread may call.
public final class LinkedArtifacts implements RouteGroup, Proofs {
  /// How long a link holds. A pod may wait for its image, or for a node that is busy, before it
  /// fetches.
  public static final Duration VALIDITY = Duration.ofHours(24);

  /// The bytes of an artifact.
  ///
  /// @param size in bytes
  public record Content(InputStream bytes, long size) {}

  /// Where artifacts lie.
  @FunctionalInterface
  public interface Stock {
    /// The bytes with this checksum, if they are here.
    Optional<Content> open(String sha256) throws IOException;
  }

  private final LinkKey key;
  private final Stock stock;
  private final InstantSource clock;

  public LinkedArtifacts(LinkKey key, Stock stock, InstantSource clock) {
    this.key = key;
    this.stock = stock;
    this.clock = clock;
  }

  /// A link to the artifact with this checksum.
  ///
  /// @param server where the task reaches this server: scheme, host and port, perhaps a path
  public URI link(URI server, String sha256) {
    long expires = clock.instant().plus(VALIDITY).getEpochSecond();
    String front = server.toString().replaceAll("/+$", "");
    return URI.create(front + new ArtifactLink(sha256, expires).written(key));
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get(ArtifactLink.PATH + "{sha256}", this::serve);
  }

  @Override
  public List<Proofs> proofs() {
    return List.of(this);
  }

  @Override
  public String beginning() {
    return ArtifactLink.PATH;
  }

  @Override
  public Optional<Refusal> refusal(String path, String query) {
    Optional<ArtifactLink> link = ArtifactLink.read(key, path, query);
    if (link.isEmpty()) {
      return Optional.of(new Refusal(403, "the link is not valid"));
    }
    return link.get().hasExpired(clock.instant())
        ? Optional.of(
            new Refusal(
                410, "the link has expired; links hold for " + VALIDITY.toHours() + " hours"))
        : Optional.empty();
  }

  private void serve(Context context) throws IOException {
    // The gate has looked at the path as the client wrote it; other spellings lead here, too.
    String query = context.queryString() == null ? "" : context.queryString();
    Optional<Refusal> refusal = refusal(ArtifactLink.PATH + context.pathParam("sha256"), query);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    String sha256 = context.pathParam("sha256");
    Content content =
        stock
            .open(sha256)
            .orElseThrow(() -> Refusal.notFound("The artifact was removed from the store"));
    context.contentType("application/octet-stream");
    context.header("Content-Length", String.valueOf(content.size()));
    context.header("ETag", "\"" + sha256 + "\"");
    context.result(content.bytes());
  }
}
