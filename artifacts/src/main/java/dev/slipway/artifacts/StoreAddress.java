package dev.slipway.artifacts;

import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import java.util.Optional;

/// An address of the platform's own store, `slipway://NAME`, `slipway://SHA256` or
/// `slipway://SHA256/FILE-NAME`.
///
/// @param reference the name or checksum
/// @param fileName the name of the file that it becomes, unless the user names one
public record StoreAddress(String reference, String fileName) {
  /// Reads an address; any other than the store's is none.
  ///
  /// @throws FetchFailure when it is the store's but malformed
  public static Optional<StoreAddress> of(String uri) throws FetchFailure {
    if (!uri.strip().regionMatches(true, 0, "slipway:", 0, "slipway:".length())) {
      return Optional.empty();
    }
    try {
      return ArtifactAddress.parse(uri) instanceof ArtifactAddress.Stored stored
          ? Optional.of(new StoreAddress(stored.reference(), stored.lastPart()))
          : Optional.empty();
    } catch (ArtifactProblem e) {
      throw new FetchFailure("could not fetch an artifact: " + e.getMessage());
    }
  }
}
