package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A client of the cluster, and the namespace that is worked in.
///
/// The client tries nothing twice by itself: what may be repeated, how often and how fast is
/// decided where it is sent ({@link Writes}, {@link Watching}). It speaks HTTP/1.1: over HTTP/2 all
/// requests share a connection, and the JDK's client goes on using one that died without a word
/// until the operating system gives it up, a quarter of an hour later; so a request that waits in
/// vain ends no more than its own.
///
/// @param namespace where tasks run
record Connection(KubernetesClient client, String namespace) implements AutoCloseable {
  /// Watches, followed logs, commands in pods and requests together.
  private static final int MOST_REQUESTS = 512;

  /// @throws KubernetesRefusal when there is no such file or context, or no cluster in it
  static Connection open(Access access, KubernetesLimits limits) {
    Config config = config(access);
    config.setRequestTimeout(Math.toIntExact(limits.requestPatience().toMillis()));
    config.setConnectionTimeout(Math.toIntExact(limits.requestPatience().toMillis()));
    config.setRequestRetryBackoffLimit(0);
    config.setHttp2Disable(true);
    config.setMaxConcurrentRequests(MOST_REQUESTS);
    config.setMaxConcurrentRequestsPerHost(MOST_REQUESTS);
    config.setUserAgent("slipway");
    String namespace =
        access
            .namespace()
            .or(() -> Optional.ofNullable(config.getNamespace()))
            .filter(name -> !name.isBlank())
            .orElse(Access.USUAL_NAMESPACE);
    return new Connection(new KubernetesClientBuilder().withConfig(config).build(), namespace);
  }

  private static Config config(Access access) {
    String context = access.context().orElse(null);
    try {
      return access
          .kubeconfig()
          .map(file -> Config.fromKubeconfig(context, readable(file)))
          .orElseGet(() -> Config.autoConfigure(context));
    } catch (KubernetesClientException unreadable) {
      throw new KubernetesRefusal(
          "The configuration of the Kubernetes client cannot be read: " + unreadable.getMessage(),
          unreadable);
    }
  }

  private static File readable(Path file) {
    if (!Files.isReadable(file)) {
      throw new KubernetesRefusal("There is no readable kubeconfig at " + file);
    }
    return file.toFile();
  }

  @Override
  public void close() {
    client.close();
  }
}
