package dev.slipway.engine.kubernetes;

import java.net.URI;
import java.util.Optional;

/// What all pods of one engine have in common.
///
/// @param namespace where they live
/// @param images what tasks run in that bring no image, and what fetches for them
/// @param gpuResource the extended resource that counts a node's GPUs
/// @param cache the directory of each node that keeps what is asked to be cached
/// @param allowed what apps may ask for beyond the baseline of the Pod Security Standards
/// @param platform where pods reach the platform itself, for artifacts that it keeps
record PodDefaults(
    String namespace,
    TaskImages images,
    String gpuResource,
    Optional<NodePath> cache,
    KubernetesSettings.Allowed allowed,
    Optional<URI> platform) {

  /// @param namespace the one that the settings led to
  static PodDefaults of(KubernetesSettings settings, String namespace, Optional<URI> platform) {
    return new PodDefaults(
        namespace,
        settings.images(),
        settings.offer().gpuResource(),
        settings.cacheDirectory(),
        settings.allowed(),
        platform);
  }
}
