package dev.slipway.engine.kubernetes;

import java.nio.file.Path;
import java.util.Optional;

/// Which cluster, as whom, and where in it.
///
/// Without a file the usual ones count: those that KUBECONFIG names, `~/.kube/config`, and inside a
/// pod its service account.
///
/// @param kubeconfig the file to read instead of the usual ones
/// @param context the one of its contexts to use instead of the current one
/// @param namespace the namespace that tasks run in; else the context's, the pod's own, or
///     [#USUAL_NAMESPACE]
public record Access(
    Optional<Path> kubeconfig, Optional<String> context, Optional<String> namespace) {
  public static final String USUAL_NAMESPACE = "slipway";

  public static final Access DEFAULT =
      new Access(Optional.empty(), Optional.empty(), Optional.empty());

  public Access {
    namespace.ifPresent(Texts::checkNamespace);
  }

  public Access withKubeconfig(Path file) {
    return new Access(Optional.of(file), context, namespace);
  }

  public Access withContext(String name) {
    return new Access(kubeconfig, Optional.of(name), namespace);
  }

  public Access inNamespace(String name) {
    return new Access(kubeconfig, context, Optional.of(name));
  }
}
