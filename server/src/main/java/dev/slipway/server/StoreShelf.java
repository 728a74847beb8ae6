package dev.slipway.server;

import dev.slipway.artifacts.ArtifactRefused;
import dev.slipway.artifacts.ArtifactStore;
import dev.slipway.artifacts.StoredArtifact;
import dev.slipway.server.api.ArtifactShelf;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// The artifact store as the API shows it.
record StoreShelf(ArtifactStore store) implements ArtifactShelf {
  @Override
  public List<Item> list() {
    return store.list().stream().map(StoreShelf::item).toList();
  }

  @Override
  public Upload put(String name, InputStream bytes) throws IOException {
    try {
      StoredArtifact stored = store.put(bytes, Optional.of(name), Long.MAX_VALUE);
      return new Upload.Stored(item(stored));
    } catch (ArtifactRefused refused) {
      int status =
          switch (refused.reason()) {
            case NAME -> 422;
            case TOO_LARGE -> 413;
            case STORE_FULL -> 507;
            case BUSY -> 503;
          };
      return new Upload.Refused(status, String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public boolean remove(String name) throws IOException {
    return store.remove(name);
  }

  private static Item item(StoredArtifact stored) {
    return new Item(
        stored.name().orElse(stored.sha256()), stored.sha256(), stored.size(), Optional.empty());
  }
}
