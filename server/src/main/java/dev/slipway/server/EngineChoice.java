package dev.slipway.server;

import dev.slipway.engine.kubernetes.KubernetesSettings;
import java.net.URI;
import java.util.Optional;

/// What a server runs tasks with.
public sealed interface EngineChoice {
  /// Processes of this machine.
  record Local(LocalOffer offer) implements EngineChoice {}

  /// Pods of a Kubernetes cluster.
  ///
  /// @param server where pods reach this server's API, scheme, host and port; without it apps
  /// cannot
  ///     fetch what lies in the server's artifact store
  record Kubernetes(KubernetesSettings settings, Optional<URI> server) implements EngineChoice {}
}
