package dev.slipway.server;

import dev.slipway.artifacts.ArtifactStore;
import dev.slipway.artifacts.StoredArtifact;
import dev.slipway.server.link.LinkedArtifacts.Content;
import dev.slipway.server.link.LinkedArtifacts.Stock;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// The artifact store as links lead to it.
record StoreStock(ArtifactStore store) implements Stock {
  @Override
  public Optional<Content> open(String sha256) throws IOException {
    Optional<StoredArtifact> stored =
        store.resolve(sha256).filter(artifact -> artifact.sha256().equals(sha256));
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Optional<InputStream> bytes = store.open(sha256);
    return bytes.map(stream -> new Content(stream, stored.get().size()));
  }
}
