package dev.slipway.server.api;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The platform's own artifacts, as this API shows them.
public interface ArtifactShelf {
  /// @param size in bytes
  /// @param createdAt when the bytes came, where that is known
  record Item(String name, String sha256, long size, Optional<Instant> createdAt) {}

  /// What an upload came to.
  sealed interface Upload {
    record Stored(Item item) implements Upload {}

    /// It is not taken.
    ///
    /// @param status of HTTP: 413 too large, 422 no name, 503 too many at once, 507 no room
    record Refused(int status, String message) implements Upload {}
  }

  /// All of them, by name.
  List<Item> list();

  /// Takes an artifact from a stream, up to the shelf's own limit.
  ///
  /// @throws IOException when the stream breaks or the disk fails; nothing is kept then
  Upload put(String name, InputStream bytes) throws IOException;

  /// @return whether there was one
  boolean remove(String name) throws IOException;
}
