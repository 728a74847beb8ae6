package dev.slipway.engine.kubernetes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What an engine on Kubernetes is made with.
///
/// ```
/// KubernetesSettings.DEFAULT
///     .withAccess(Access.DEFAULT.inNamespace("shop"))
///     .withStorageClass("local-path")
/// ```
///
/// @param access which cluster, as whom, and the namespace that tasks run in
/// @param images what tasks run in that bring no image, and what fetches for them
/// @param offer what nodes offer
/// @param storageClass where persistent volumes come from; without one nodes keep none
/// @param cacheDirectory a directory of each node that keeps what `fetch` asks to be cached;
/// without
///     one it is fetched each time
/// @param allowed what apps may ask for beyond the baseline of the Pod Security Standards
/// @param usage how kubelets are asked what tasks use
/// @param retention how long ended tasks can be looked at
/// @param limits what the engine may ask of the cluster
public record KubernetesSettings(
    Access access,
    TaskImages images,
    Offer offer,
    Optional<String> storageClass,
    Optional<NodePath> cacheDirectory,
    Allowed allowed,
    KubeletTrust usage,
    Retention retention,
    KubernetesLimits limits) {

  /// How long ended tasks can be looked at: their pods stay, with exit code and log, until one of
  /// these is reached; the oldest goes first. They take no processor time and no memory, only room
  /// in the cluster's store and the node's disk.
  ///
  /// @param age since a task ended; long enough to read a failed deployment's logs
  /// @param count pods of ended tasks in all; Kubernetes itself throws ended pods away from 12,500
  /// on
  /// @param perApp the same of one app, so that one that fails again and again leaves room to
  /// others
  public record Retention(Duration age, int count, int perApp) {
    public static final Retention DEFAULT = new Retention(Duration.ofHours(1), 1000, 20);

    public Retention {
      if (age.isNegative() || count < 0 || perApp < 0) {
        throw new IllegalArgumentException("what is kept of ended tasks is not less than nothing");
      }
    }
  }

  /// Nothing beyond the baseline, no volumes, usage from kubelets that the cluster vouches for.
  public static final KubernetesSettings DEFAULT =
      new KubernetesSettings(
          Access.DEFAULT,
          TaskImages.DEFAULT,
          Offer.DEFAULT,
          Optional.empty(),
          Optional.empty(),
          Allowed.NOTHING,
          KubeletTrust.VERIFIED,
          Retention.DEFAULT,
          KubernetesLimits.DEFAULT);

  public KubernetesSettings {
    storageClass.ifPresent(name -> Texts.checkName("storage class", name));
    if (cacheDirectory.filter(NodePath::readOnly).isPresent()) {
      throw new IllegalArgumentException("the cache directory is written to; it cannot be ':ro'");
    }
  }

  public KubernetesSettings withAccess(Access changed) {
    return new KubernetesSettings(
        changed, images, offer, storageClass, cacheDirectory, allowed, usage, retention, limits);
  }

  public KubernetesSettings withImages(TaskImages changed) {
    return new KubernetesSettings(
        access, changed, offer, storageClass, cacheDirectory, allowed, usage, retention, limits);
  }

  public KubernetesSettings withOffer(Offer changed) {
    return new KubernetesSettings(
        access, images, changed, storageClass, cacheDirectory, allowed, usage, retention, limits);
  }

  public KubernetesSettings withStorageClass(String name) {
    return new KubernetesSettings(
        access,
        images,
        offer,
        Optional.of(name),
        cacheDirectory,
        allowed,
        usage,
        retention,
        limits);
  }

  /// @param directory absolute, on each node; made there when it is missing
  public KubernetesSettings withCacheDirectory(String directory) {
    return new KubernetesSettings(
        access,
        images,
        offer,
        storageClass,
        Optional.of(NodePath.parse(directory)),
        allowed,
        usage,
        retention,
        limits);
  }

  public KubernetesSettings withAllowed(Allowed changed) {
    return new KubernetesSettings(
        access, images, offer, storageClass, cacheDirectory, changed, usage, retention, limits);
  }

  public KubernetesSettings withUsage(KubeletTrust trust) {
    return new KubernetesSettings(
        access, images, offer, storageClass, cacheDirectory, allowed, trust, retention, limits);
  }

  public KubernetesSettings withLimits(KubernetesLimits changed) {
    return new KubernetesSettings(
        access, images, offer, storageClass, cacheDirectory, allowed, usage, retention, changed);
  }

  /// What apps may ask for beyond the baseline of the Pod Security Standards.
  ///
  /// @param privileged whether an app's container may be given all rights of its node
  /// @param paths the directories of nodes that apps may mount
  public record Allowed(boolean privileged, List<NodePath> paths) {
    public static final Allowed NOTHING = new Allowed(false, List.of());

    public Allowed {
      paths = List.copyOf(paths);
    }
  }
}
