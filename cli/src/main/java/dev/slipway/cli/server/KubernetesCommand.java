package dev.slipway.cli.server;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Session;
import dev.slipway.engine.kubernetes.Access;
import dev.slipway.engine.kubernetes.KubeletTrust;
import dev.slipway.engine.kubernetes.KubernetesSettings;
import dev.slipway.engine.kubernetes.Manifest;
import dev.slipway.engine.kubernetes.ManifestServers;
import dev.slipway.engine.kubernetes.NodePath;
import dev.slipway.engine.kubernetes.TaskImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Prepares a Kubernetes cluster for Slipway; asks neither a server nor the cluster.
@Command(
    name = "kubernetes",
    description = "Prints what Slipway needs in a Kubernetes cluster, or builds its image.",
    footer = {
      "",
      "Examples:",
      "  slipway kubernetes manifest --replicas 1 | kubectl apply -f -",
      "  slipway kubernetes keys | kubectl create -f -",
      "  slipway kubernetes manifest --namespace shop --storage-class local-path",
      "  slipway kubernetes image --to tar:slipway.tar"
    })
public final class KubernetesCommand implements Runnable {
  private final Session session;

  @Spec @Nullable CommandSpec spec;

  public KubernetesCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(),
        "Say what to do: manifest, keys or image.");
  }

  /// The names are those of the server's options.
  @Command(
      name = "manifest",
      description = "Prints namespace, rights, and Slipway itself, for kubectl apply -f -.")
  int manifest(
      @Option(
              names = "--namespace",
              paramLabel = "NAME",
              description = "Where Slipway and its tasks run; slipway.")
          @Nullable String namespace,
      @Option(
              names = "--image",
              paramLabel = "IMAGE",
              description = "Slipway's own image; slipway:latest.")
          @Nullable String image,
      @Option(
              names = "--storage-class",
              paramLabel = "NAME",
              description = "Where persistent volumes come from; without it tasks have none.")
          @Nullable String storageClass,
      @Option(
              names = "--cache",
              paramLabel = "DIR",
              description = "A directory of each node that keeps what apps fetch.")
          @Nullable String cache,
      @Option(
              names = "--no-host-ports",
              description = "Tasks get no ports of nodes; Kubernetes holds all to the baseline.")
          boolean noHostPorts,
      @Option(names = "--allow-privileged", description = "Apps may ask for privileged containers.")
          boolean privileged,
      @Option(
              names = "--allow-host-path",
              paramLabel = "DIR[:ro]",
              description = "A directory of nodes that apps may mount. May be repeated.")
          @Nullable List<String> hostPaths,
      @Option(
              names = "--usage",
              paramLabel = "HOW",
              description = "How kubelets are asked what tasks use: verified, insecure or off.")
          @Nullable KubeletTrust usage,
      @Option(
              names = "--replicas",
              paramLabel = "N",
              description = {
                "Servers; 3, with their journal in PostgreSQL, as the Secret slipway-journal names"
                    + " it.",
                "1 keeps it on a volume."
              })
          @Nullable Integer replicas,
      @Option(
              names = "--cluster-version",
              paramLabel = "MAJOR.MINOR",
              description = "The cluster's version, where it is older than 1.21.")
          @Nullable String clusterVersion) {
    try {
      List<String> paths = hostPaths == null ? new ArrayList<>() : hostPaths;
      var manifest =
          new Manifest(
              namespace == null ? Access.USUAL_NAMESPACE : namespace,
              image == null ? TaskImages.USUAL : image,
              Optional.ofNullable(storageClass),
              Optional.ofNullable(cache).map(NodePath::parse),
              !noHostPorts,
              new KubernetesSettings.Allowed(
                  privileged, paths.stream().map(NodePath::parse).toList()),
              usage == null ? KubeletTrust.VERIFIED : usage,
              servers(replicas, clusterVersion));
      session.print(manifest.text().stripTrailing());
      return Exit.OK.code();
    } catch (IllegalArgumentException wrong) {
      throw Complaint.of(Exit.USAGE, String.valueOf(wrong.getMessage()));
    }
  }

  private static ManifestServers servers(
      @Nullable Integer replicas, @Nullable String clusterVersion) {
    var servers = replicas == null ? ManifestServers.USUAL : new ManifestServers(replicas, false);
    return clusterVersion == null ? servers : servers.onCluster(clusterVersion);
  }

  /// Several servers need them before they start.
  @Command(
      name = "keys",
      description = {
        "Makes the keys that several servers have in common: prints a Secret for kubectl create",
        "-f -, and the access token beside it. Nothing keeps them but the cluster."
      })
  int keys(
      @Option(
              names = "--namespace",
              paramLabel = "NAME",
              description = "Where Slipway runs; slipway.")
          @Nullable String namespace) {
    try {
      KeysSecret keys = KeysSecret.make(namespace == null ? Access.USUAL_NAMESPACE : namespace);
      session.note("The access token, shown this once: " + keys.token().value());
      session.print(keys.yaml());
      return Exit.OK.code();
    } catch (IllegalArgumentException wrong) {
      throw Complaint.of(Exit.USAGE, String.valueOf(wrong.getMessage()));
    } catch (IOException unwritten) {
      throw Complaint.of(
          Exit.FAILED, "The keys cannot be made on this machine: " + unwritten.getMessage());
    }
  }
}
