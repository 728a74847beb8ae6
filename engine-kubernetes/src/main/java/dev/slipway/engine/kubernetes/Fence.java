package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The highest epoch that ever gave orders in the namespace, kept beside the pods in a Lease
/// object: whoever comes with a lower one is refused, also after this process ended.
///
/// A higher epoch is written before its first order is carried out, by comparing the version that
/// was read, so that of two that rise at once one finds the other. An order of the epoch that is
/// known costs nothing.
final class Fence {
  /// The Lease that keeps it.
  static final String NAME = "slipway";

  private static final int ATTEMPTS = 5;

  private final KubernetesClient client;
  private final String namespace;
  private final Writes writes;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile long highest;

  Fence(KubernetesClient client, String namespace, Writes writes) {
    this.client = client;
    this.namespace = namespace;
    this.writes = writes;
  }

  /// Reads what is kept.
  ///
  /// @throws KubernetesClientException when it cannot be read
  void read() {
    highest = Optional.ofNullable(lease().get()).map(Fence::epochOf).orElse(0L);
  }

  /// @throws StaleEpoch when a higher one was seen
  /// @throws EngineUnavailable when a higher one than was known cannot be kept
  void admit(Epoch epoch) {
    if (epoch.value() > highest) {
      raise(epoch);
    }
    if (epoch.value() < highest) {
      throw new StaleEpoch(epoch, new Epoch(highest));
    }
  }

  private void raise(Epoch epoch) {
    lock.lock();
    try {
      for (int attempt = 0; attempt < ATTEMPTS && epoch.value() > highest; attempt++) {
        writes.send("the epoch of namespace " + namespace, () -> raiseOnce(epoch));
      }
      if (epoch.value() > highest) {
        throw new EngineUnavailable(
            "the epoch of namespace " + namespace + " is changed by others all the time",
            new IllegalStateException("compared " + ATTEMPTS + " times"));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Leaves what is there where it is as high; whoever lost a race finds out when it reads again.
  private boolean raiseOnce(Epoch epoch) {
    Lease kept = lease().get();
    long known = kept == null ? 0 : epochOf(kept);
    if (known >= epoch.value()) {
      highest = known;
      return false;
    }
    try {
      if (kept == null) {
        client.leases().inNamespace(namespace).resource(withEpoch(empty(), epoch)).create();
      } else {
        // The version that was read goes along, and the server compares it.
        client.leases().inNamespace(namespace).resource(withEpoch(kept, epoch)).update();
      }
      highest = epoch.value();
      return true;
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == Failures.CONFLICT) {
        return false;
      }
      throw failure;
    }
  }

  private Lease empty() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(NAME)
        .withNamespace(namespace)
        .addToLabels(Names.MANAGED_BY, Names.SLIPWAY)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  private static Lease withEpoch(Lease lease, Epoch epoch) {
    Map<String, String> annotations = new HashMap<>();
    if (lease.getMetadata().getAnnotations() != null) {
      annotations.putAll(lease.getMetadata().getAnnotations());
    }
    annotations.put(Names.EPOCH, Long.toString(epoch.value()));
    return new LeaseBuilder(lease)
        .editMetadata()
        .withAnnotations(annotations)
        .endMetadata()
        .build();
  }

  private static long epochOf(Lease lease) {
    Map<String, String> annotations = lease.getMetadata().getAnnotations();
    String text = annotations == null ? null : annotations.get(Names.EPOCH);
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException damaged) {
      throw new KubernetesRefusal(
          "the lease '%s' of the namespace holds no epoch but '%s'; remove the annotation %s if nobody else uses the namespace"
              .formatted(NAME, text, Names.EPOCH),
          damaged);
    }
  }

  private Resource<Lease> lease() {
    return client.leases().inNamespace(namespace).withName(NAME);
  }
}
