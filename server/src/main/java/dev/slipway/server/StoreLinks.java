package dev.slipway.server;

import dev.slipway.artifacts.ArtifactStore;
import dev.slipway.artifacts.StoreAddress;
import dev.slipway.artifacts.StoredArtifact;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import dev.slipway.engine.kubernetes.ArtifactLinks;
import dev.slipway.server.link.LinkedArtifacts;
import java.net.URI;
import java.util.Optional;

/// Turns `slipway` addresses into links, for tasks that do not share this machine's disk. A name is
/// resolved as the task is launched: what is put under it later is for later tasks.
///
/// @param server where pods reach this server, if the operator told
record StoreLinks(ArtifactStore store, LinkedArtifacts links, Optional<URI> server)
    implements ArtifactLinks {
  @Override
  public Fetch linked(Fetch fetch) throws FetchFailure {
    Optional<StoreAddress> address = StoreAddress.of(fetch.uri());
    if (address.isEmpty()) {
      return fetch;
    }
    String reference = address.get().reference();
    StoredArtifact artifact =
        store
            .resolve(reference)
            .orElseThrow(
                () -> failure(reference, "the store has no artifact of this name or checksum"));
    URI here =
        server.orElseThrow(
            () ->
                failure(
                    reference,
                    "pods have no way to this server's store; start it with --kubernetes-server and"
                        + " an address by which they reach it"));
    return new Fetch(
        links.link(here, artifact.sha256()).toString(),
        fetch.extract(),
        fetch.executable(),
        fetch.cache(),
        Optional.of(fetch.destPath().orElse(address.get().fileName())),
        Optional.of(fetch.checksum().orElse(artifact.sha256())));
  }

  private static FetchFailure failure(String reference, String why) {
    return new FetchFailure("could not fetch slipway://" + reference + ": " + why);
  }

  @Override
  public Optional<URI> platform() {
    return server;
  }
}
