package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.Epoch;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The Lease object of the namespace in which the fence is kept: its annotations hold the epoch and
/// the platform, its holder who claimed them.
final class FenceLease {
  static final String NAME = "slipway";

  /// Pods that have not ended; those are the tasks that count.
  private static final String LIVING = "status.phase!=Succeeded,status.phase!=Failed";

  private final KubernetesClient client;
  private final String namespace;

  FenceLease(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /// What the Lease says.
  ///
  /// @param epoch 0 where there is none
  /// @param platform whose the namespace is; nothing where nobody claimed it
  /// @param holder the engine that claimed it; nothing where orders alone raised the epoch
  record Kept(Epoch epoch, Optional<String> platform, Optional<String> holder) {
    static final Kept NOTHING = new Kept(new Epoch(0), Optional.empty(), Optional.empty());

    Kept with(Epoch next) {
      return new Kept(next, platform, holder);
    }
  }

  /// The Lease as it was read, to be compared when it is written.
  record Version(@Nullable Lease lease, Kept kept) {}

  String namespace() {
    return namespace;
  }

  /// @throws KubernetesClientException when it cannot be read
  Version read() {
    Lease lease = resource().get();
    return new Version(lease, lease == null ? Kept.NOTHING : kept(lease));
  }

  /// Writes over the version that was read.
  ///
  /// @return whether it still was the one that was read
  boolean write(Version version, Kept next) {
    try {
      if (version.lease() == null) {
        client.leases().inNamespace(namespace).resource(with(empty(), next)).create();
      } else {
        // The version that was read goes along, and the server compares it.
        client.leases().inNamespace(namespace).resource(with(version.lease(), next)).update();
      }
      return true;
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == Failures.CONFLICT) {
        return false;
      }
      throw failure;
    }
  }

  /// How many pods of tasks have not ended.
  ///
  /// @param most where counting ends
  int living(int most) {
    var options = new ListOptionsBuilder().withLimit((long) most).withFieldSelector(LIVING);
    return client
        .pods()
        .inNamespace(namespace)
        .withLabels(Names.OURS)
        .list(options.build())
        .getItems()
        .size();
  }

  /// The manifest, on one line, of a Lease by which a person makes the namespace a platform's.
  String of(String platform) {
    return "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"%s\",\"annotations\":{\"%s\":\"%s\"}}}"
        .formatted(NAME, Names.PLATFORM, platform);
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

  private static Lease with(Lease lease, Kept kept) {
    return new LeaseBuilder(lease)
        .editMetadata()
        .addToAnnotations(Names.EPOCH, Long.toString(kept.epoch().value()))
        .addToAnnotations(kept.platform().map(id -> Map.of(Names.PLATFORM, id)).orElse(Map.of()))
        .endMetadata()
        .editOrNewSpec()
        .withHolderIdentity(kept.holder().orElse(null))
        .endSpec()
        .build();
  }

  private static Kept kept(Lease lease) {
    var holder =
        Optional.ofNullable(lease.getSpec())
            .map(spec -> spec.getHolderIdentity())
            .filter(name -> !name.isEmpty());
    Optional<String> platform = Names.annotation(lease, Names.PLATFORM).filter(id -> !id.isBlank());
    return new Kept(new Epoch(epochOf(lease)), platform, holder);
  }

  private static long epochOf(Lease lease) {
    String text = Names.annotation(lease, Names.EPOCH).orElse("0");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException damaged) {
      throw new KubernetesRefusal(
          "the lease '%s' of the namespace holds no epoch but '%s'; remove the annotation %s if nobody else uses the namespace"
              .formatted(NAME, text, Names.EPOCH),
          damaged);
    }
  }

  private Resource<Lease> resource() {
    return client.leases().inNamespace(namespace).withName(NAME);
  }
}
