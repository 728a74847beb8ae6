package dev.slipway.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Artifacts in memory, of at most five million bytes.
final class MemoryShelf implements ArtifactShelf {
  private static final int LIMIT = 5_000_000;

  private final Map<String, Item> items = new ConcurrentSkipListMap<>();

  @Override
  public List<Item> list() {
    return List.copyOf(items.values());
  }

  @Override
  public Upload put(String name, InputStream bytes) throws IOException {
    byte[] read = bytes.readNBytes(LIMIT + 1);
    if (read.length > LIMIT) {
      return new Upload.Refused(413, "the artifact is larger than " + LIMIT + " bytes");
    }
    var item =
        new Item(
            name, "f".repeat(64), read.length, Optional.of(Instant.parse("2026-03-01T10:00:00Z")));
    items.put(name, item);
    return new Upload.Stored(item);
  }

  @Override
  public boolean remove(String name) {
    return items.remove(name) != null;
  }
}
