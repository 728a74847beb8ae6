package dev.slipway.bench.kubernetes;

import dev.slipway.bench.Wait;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/// A namespace of its own on somebody's cluster. Closing it deletes it with all that is in it, and
/// returns once it is gone, pods and their containers included.
public final class OwnNamespace implements AutoCloseable {
  private static final String PREFIX = "slipway-bench-";
  private static final Duration GONE_DEADLINE = Duration.ofMinutes(3);

  private final KubernetesClient client;
  private final String name;
  private final AtExit atExit;

  private OwnNamespace(KubernetesClient client, String name) {
    this.client = client;
    this.name = name;
    this.atExit = AtExit.run(name, this::delete);
  }

  public static OwnNamespace create(KubernetesClient client) {
    Namespace made =
        client
            .namespaces()
            .resource(
                new NamespaceBuilder()
                    .withNewMetadata()
                    .withGenerateName(PREFIX)
                    .endMetadata()
                    .build())
            .create();
    return new OwnNamespace(client, made.getMetadata().getName());
  }

  public String name() {
    return name;
  }

  private void delete() {
    client.namespaces().withName(name).delete();
  }

  @Override
  public void close() {
    delete();
    atExit.done();
    try {
      Wait.until(
          "namespace " + name + " is gone",
          GONE_DEADLINE,
          () -> client.namespaces().withName(name).get() == null);
    } catch (InterruptedException e) {
      // It is being deleted all the same.
      Thread.currentThread().interrupt();
    }
  }
}
