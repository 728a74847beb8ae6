package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.StoredVolume;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.volume.VolumeId;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The persistent volumes of tasks: a PersistentVolumeClaim each, of the configured storage class,
/// named after the volume and there until the platform orders its end.
///
/// Whoever places a pod also has to say where its claims are to be fulfilled, since classes for
/// disks of nodes wait for that (WaitForFirstConsumer). kube-scheduler would do it, and here nobody
/// but us: where volumes are made on demand, the claim names the node; where they were made before,
/// it names one that is free and lies there.
final class Claims {
  /// What the scheduler tells provisioners (Kubernetes, `pkg/controller/volume/persistentvolume`).
  private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  private static final String MADE_BEFORE = "kubernetes.io/no-provisioner";
  private static final Duration REMOVAL = Duration.ofSeconds(20);

  /// How long a launch waits for a volume that is there to become its own.
  private static final Duration BINDING = Duration.ofSeconds(3);

  private static final Duration LOOK = Duration.ofMillis(200);

  private final KubernetesClient client;
  private final String namespace;
  private final Optional<String> storageClass;
  private final Writes writes;
  // One at a time: two could choose the same free volume.
  private final ReentrantLock lock = new ReentrantLock();

  Claims(KubernetesClient client, String namespace, Optional<String> storageClass, Writes writes) {
    this.client = client;
    this.namespace = namespace;
    this.storageClass = storageClass;
    this.writes = writes;
  }

  /// Why a task cannot have its volumes.
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    Unavailable(String message) {
      super(message);
    }

    TaskEnd end() {
      return TaskEnd.of(Reason.VOLUME_UNAVAILABLE, String.valueOf(getMessage()));
    }
  }

  /// Sees to it that there is a claim for each volume, to be fulfilled on the node.
  ///
  /// @param user who has a volume now, by the name of its claim; nobody where it is free
  void prepare(List<MountedVolume> volumes, Node node, Function<String, Optional<String>> user)
      throws Unavailable {
    for (MountedVolume volume : volumes) {
      String name = Names.claimName(volume.id());
      Optional<String> other = user.apply(name);
      if (other.isPresent()) {
        throw new Unavailable(
            "the volume " + volume.id() + " is still in use by task " + other.get());
      }
      lock.lock();
      try {
        prepare(volume, name, node);
      } finally {
        lock.unlock();
      }
    }
  }

  private void prepare(MountedVolume volume, String name, Node node) throws Unavailable {
    PersistentVolumeClaim known = claim(name);
    if (known != null) {
      if (known.getMetadata().getDeletionTimestamp() != null) {
        throw new Unavailable("the volume " + volume.id() + " is being destroyed");
      }
      return;
    }
    String className =
        storageClass.orElseThrow(
            () ->
                new Unavailable(
                    "there is no storage class for persistent volumes; start the server with"
                        + " --kubernetes-storage-class"));
    PersistentVolumeClaim claim = described(volume, name, className, node);
    try {
      writes.send(
          "the claim " + name,
          () -> client.persistentVolumeClaims().inNamespace(namespace).resource(claim).create());
    } catch (KubernetesClientException refused) {
      if (refused.getCode() != Failures.CONFLICT) {
        throw new Unavailable(
            "the volume %s cannot be claimed: %s".formatted(volume.id(), Failures.line(refused)));
      }
    }
    if (claim.getSpec().getVolumeName() != null) {
      awaitBound(name);
    }
  }

  /// A kubelet that finds a claim unbound looks again only after a pause that doubles.
  private void awaitBound(String name) {
    long deadline = System.nanoTime() + BINDING.toNanos();
    try {
      PersistentVolumeClaim claim = claim(name);
      while (claim != null
          && !"Bound".equals(claim.getStatus().getPhase())
          && System.nanoTime() < deadline) {
        Thread.sleep(LOOK);
        claim = claim(name);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private PersistentVolumeClaim described(
      MountedVolume volume, String name, String className, Node node) throws Unavailable {
    StorageClass known = client.storage().v1().storageClasses().withName(className).get();
    if (known == null) {
      throw new Unavailable("the cluster has no storage class '" + className + "'");
    }
    var claim =
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .addToLabels(Names.OURS)
            .addToAnnotations(Names.VOLUME, volume.id().value())
            .endMetadata()
            .withNewSpec()
            .withAccessModes("ReadWriteOnce")
            .withStorageClassName(className)
            .withNewResources()
            .addToRequests("storage", new Quantity(Long.toString(volume.sizeBytes())))
            .endResources()
            .endSpec();
    if (MADE_BEFORE.equals(known.getProvisioner())) {
      String free =
          free(volume.sizeBytes(), className, node)
              .orElseThrow(
                  () ->
                      new Unavailable(
                          ("node %s has no free volume of the storage class '%s' with %d bytes; an"
                                  + " administrator has to make one, or a class that makes them")
                              .formatted(
                                  node.getMetadata().getName(), className, volume.sizeBytes())));
      return claim.editSpec().withVolumeName(free).endSpec().build();
    }
    return claim
        .editMetadata()
        .addToAnnotations(SELECTED_NODE, node.getMetadata().getName())
        .endMetadata()
        .build();
  }

  /// The smallest that is large enough; the first by name of those.
  private Optional<String> free(long bytes, String className, Node node) {
    Set<String> spoken =
        client.persistentVolumeClaims().inNamespace(namespace).list().getItems().stream()
            .map(claim -> claim.getSpec().getVolumeName())
            .filter(name -> name != null)
            .collect(Collectors.toSet());
    Predicate<PersistentVolume> fits =
        volume ->
            volume.getStatus() != null
                && "Available".equals(volume.getStatus().getPhase())
                && volume.getSpec().getClaimRef() == null
                && className.equals(volume.getSpec().getStorageClassName())
                && size(volume) >= bytes
                && NodeAffinityRule.of(volume).admits(node);
    return client.persistentVolumes().list().getItems().stream()
        .filter(volume -> !spoken.contains(volume.getMetadata().getName()))
        .filter(fits)
        .min(
            Comparator.comparingLong(Claims::size)
                .thenComparing(volume -> volume.getMetadata().getName()))
        .map(volume -> volume.getMetadata().getName());
  }

  private static long size(PersistentVolume volume) {
    Quantity capacity = volume.getSpec().getCapacity().get("storage");
    return capacity == null ? 0 : Quantity.getAmountInBytes(capacity).longValue();
  }

  /// Deletes a claim, and waits until it is gone: a claim that a pod still names stays.
  ///
  /// @throws IOException when it is still there after a while; it may be tried again
  void destroy(VolumeId volume) throws IOException, InterruptedException {
    String name = Names.claimName(volume);
    try {
      writes.send(
          "the claim " + name,
          () -> client.persistentVolumeClaims().inNamespace(namespace).withName(name).delete());
      long deadline = System.nanoTime() + REMOVAL.toNanos();
      while (claim(name) != null) {
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "the volume " + volume + " is not gone yet: a pod still names its claim " + name);
        }
        Thread.sleep(LOOK);
      }
    } catch (KubernetesClientException refused) {
      throw new IOException(
          "the volume %s cannot be destroyed: %s".formatted(volume, Failures.line(refused)),
          refused);
    }
  }

  /// The volumes that there are.
  ///
  /// @param inUse whether a claim of that name is mounted
  List<StoredVolume> all(Predicate<String> inUse) {
    return client
        .persistentVolumeClaims()
        .inNamespace(namespace)
        .withLabels(Names.OURS)
        .list()
        .getItems()
        .stream()
        .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
        .flatMap(
            claim ->
                Names.volume(claim).stream()
                    .map(
                        id ->
                            new StoredVolume(
                                id, Optional.empty(), inUse.test(claim.getMetadata().getName()))))
        .sorted(Comparator.comparing(StoredVolume::id))
        .toList();
  }

  private @Nullable PersistentVolumeClaim claim(String name) {
    return client.persistentVolumeClaims().inNamespace(namespace).withName(name).get();
  }
}
