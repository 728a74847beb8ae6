package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import java.net.URI;
import java.util.Optional;

/// How pods come to the artifacts that the platform itself keeps (`slipway` addresses).
public interface ArtifactLinks {
  /// Nothing is kept.
  ArtifactLinks NONE =
      new ArtifactLinks() {
        @Override
        public Fetch linked(Fetch fetch) {
          return fetch;
        }

        @Override
        public Optional<URI> platform() {
          return Optional.empty();
        }
      };

  /// The same with an address that a pod can fetch from for a while without a token; what is not
  /// kept here stays as it is.
  ///
  /// @throws FetchFailure when there is no such artifact, or pods have no way here
  Fetch linked(Fetch fetch) throws FetchFailure;

  /// Scheme, host and port by which pods reach the platform.
  Optional<URI> platform();
}
