package dev.slipway.cli.server;

import dev.slipway.core.node.PortRange;
import dev.slipway.engine.kubernetes.Access;
import dev.slipway.engine.kubernetes.KubeletTrust;
import dev.slipway.engine.kubernetes.KubernetesSettings;
import dev.slipway.engine.kubernetes.KubernetesSettings.Allowed;
import dev.slipway.engine.kubernetes.NodePath;
import dev.slipway.engine.kubernetes.Offer;
import dev.slipway.engine.kubernetes.TaskImages;
import dev.slipway.server.EngineChoice;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where and how a server runs tasks on Kubernetes. Each option may also come from the environment,
/// `--kubernetes-namespace` as SLIPWAY_KUBERNETES_NAMESPACE, lists with commas between.
final class KubernetesOptions {
  static final String PREFIX = "--kubernetes-";

  @Option(
      names = "--kubernetes-kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig; that of KUBECONFIG, ~/.kube/config, or the pod's own.")
  @Nullable String kubeconfig;

  @Option(
      names = "--kubernetes-context",
      paramLabel = "NAME",
      description = "The context of the kubeconfig; its current one.")
  @Nullable String context;

  @Option(
      names = "--kubernetes-namespace",
      paramLabel = "NAME",
      description = "Where tasks run; the context's namespace, or slipway.")
  @Nullable String namespace;

  @Option(
      names = "--kubernetes-image",
      paramLabel = "IMAGE",
      description = "Slipway's own image, which fetches for tasks; slipway:latest.")
  @Nullable String image;

  @Option(
      names = "--kubernetes-base-image",
      paramLabel = "IMAGE",
      description = "What apps without an image run in; Slipway's own.")
  @Nullable String baseImage;

  @Option(
      names = "--kubernetes-pull-secret",
      paramLabel = "NAME",
      description = "A secret of the namespace to pull images with. May be repeated.")
  List<String> pullSecrets = new ArrayList<>();

  @Option(
      names = "--kubernetes-storage-class",
      paramLabel = "NAME",
      description = "Where persistent volumes come from; without it there are none.")
  @Nullable String storageClass;

  @Option(
      names = "--kubernetes-cache",
      paramLabel = "DIR",
      description = "A directory of each node that keeps what apps fetch; without it none is kept.")
  @Nullable String cache;

  @Option(
      names = "--kubernetes-gpu",
      paramLabel = "NAME",
      description = "The resource that counts a node's GPUs; nvidia.com/gpu.")
  @Nullable String gpu;

  @Option(
      names = "--kubernetes-ports",
      paramLabel = "FIRST-LAST",
      description = "Where host ports are chosen for apps that ask for any; 20000-29999.")
  @Nullable String ports;

  @Option(
      names = "--kubernetes-fixed-ports",
      paramLabel = "FIRST-LAST",
      description = "The host ports that apps may require; 1024-9999.")
  @Nullable String fixedPorts;

  @Option(
      names = "--kubernetes-usage",
      paramLabel = "HOW",
      description =
          "How kubelets are asked what tasks use: verified, insecure (any certificate) or off.")
  @Nullable String usage;

  @Option(
      names = "--kubernetes-allow-privileged",
      description = "Apps may ask for privileged containers.")
  boolean privileged;

  @Option(
      names = "--kubernetes-server",
      paramLabel = "URL",
      description = "Where pods reach this server; for apps that fetch stored artifacts.")
  @Nullable String server;

  /// @param hostPaths directories of nodes that apps may mount, as they were written
  /// @throws IllegalArgumentException saying what is wrong
  EngineChoice.Kubernetes choice(Reading read, List<String> hostPaths) {
    KubernetesSettings settings =
        KubernetesSettings.DEFAULT
            .withAccess(
                new Access(
                    read.text(PREFIX + "kubeconfig", kubeconfig).map(Path::of),
                    read.text(PREFIX + "context", context),
                    read.text(PREFIX + "namespace", namespace)))
            .withImages(images(read))
            .withOffer(offer(read))
            .withAllowed(
                new Allowed(
                    privileged
                        || read.text(PREFIX + "allow-privileged", null)
                            .filter("true"::equals)
                            .isPresent(),
                    hostPaths.stream().map(NodePath::parse).toList()));
    settings =
        read.text(PREFIX + "storage-class", storageClass)
            .map(settings::withStorageClass)
            .orElse(settings);
    settings =
        read.text(PREFIX + "cache", cache).map(settings::withCacheDirectory).orElse(settings);
    settings =
        read.text(PREFIX + "usage", usage)
            .map(KubernetesOptions::trust)
            .map(settings::withUsage)
            .orElse(settings);
    return new EngineChoice.Kubernetes(
        settings, read.text(PREFIX + "server", server).map(KubernetesOptions::address));
  }

  private TaskImages images(Reading read) {
    TaskImages images = TaskImages.DEFAULT;
    images = read.text(PREFIX + "image", image).map(images::withOwn).orElse(images);
    images = read.text(PREFIX + "base-image", baseImage).map(images::withBase).orElse(images);
    return images.withPullSecrets(read.list(PREFIX + "pull-secret", pullSecrets));
  }

  private Offer offer(Reading read) {
    Offer usual = Offer.DEFAULT;
    return new Offer(
        read.text(PREFIX + "gpu", gpu).orElse(usual.gpuResource()),
        read.text(PREFIX + "ports", ports)
            .map(KubernetesOptions::range)
            .orElse(usual.dynamicPorts()),
        read.text(PREFIX + "fixed-ports", fixedPorts)
            .map(KubernetesOptions::range)
            .orElse(usual.fixedPorts()));
  }

  private static PortRange range(String text) {
    String[] ends = text.split("-", -1);
    try {
      if (ends.length == 2) {
        return new PortRange(Integer.parseInt(ends[0].strip()), Integer.parseInt(ends[1].strip()));
      }
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException(noRange(text), wrong);
    }
    throw new IllegalArgumentException(noRange(text));
  }

  private static String noRange(String text) {
    return "'" + text + "' is no range of ports; write FIRST-LAST, such as 20000-29999";
  }

  private static KubeletTrust trust(String text) {
    for (KubeletTrust trust : KubeletTrust.values()) {
      if (trust.name().equalsIgnoreCase(text)) {
        return trust;
      }
    }
    throw new IllegalArgumentException(
        "--kubernetes-usage is verified, insecure or off, not '" + text + "'");
  }

  private static URI address(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(noAddress(text), wrong);
    }
    throw new IllegalArgumentException(noAddress(text));
  }

  private static String noAddress(String text) {
    return "--kubernetes-server is an address such as http://10.0.0.5:8080, not '" + text + "'";
  }
}
