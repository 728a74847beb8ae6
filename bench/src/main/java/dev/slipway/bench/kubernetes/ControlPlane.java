package dev.slipway.bench.kubernetes;

import dev.slipway.bench.Wait;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// A Kubernetes API of its own on free ports of the loopback address: etcd and kube-apiserver, and
/// nothing that would act on what they hold. Closing it ends both; their data goes with the
/// directory.
///
/// Etcd does not wait for the disk, so that the disk is not what is measured. The admission plugin
/// that calls each new node not ready is off, since nobody is there who would take that back.
public final class ControlPlane implements AutoCloseable {
  private static final Duration START_DEADLINE = Duration.ofMinutes(2);
  private static final String TOKEN = "bench";

  private final Path directory;
  private final Deque<Daemon> daemons = new ArrayDeque<>();
  private final Path kubeconfig;

  private ControlPlane(Path directory) {
    this.directory = directory;
    this.kubeconfig = directory.resolve("kubeconfig");
  }

  /// Starts both and returns once the API answers.
  ///
  /// @param directory empty, for all their files
  public static ControlPlane start(Assets assets, Path directory)
      throws IOException, InterruptedException {
    assets.require("etcd", "kube-apiserver");
    var plane = new ControlPlane(directory);
    try {
      plane.start(assets);
      return plane;
    } catch (IOException | InterruptedException | RuntimeException failure) {
      plane.close();
      throw failure;
    }
  }

  private void start(Assets assets) throws IOException, InterruptedException {
    List<Integer> ports = FreePorts.find(3);
    String store = "http://127.0.0.1:" + ports.get(0);
    String api = "https://127.0.0.1:" + ports.get(2);
    Files.writeString(kubeconfig, kubeconfig(api));
    Path tokens = Files.writeString(directory.resolve("tokens.csv"), tokens());
    String key = ServiceAccountKey.make(directory).toString();
    daemons.push(
        Daemon.start("etcd", directory, assets.program("etcd"), etcd(store, ports.get(1))));
    daemons.push(
        Daemon.start(
            "kube-apiserver",
            directory,
            assets.program("kube-apiserver"),
            List.of(
                "--etcd-servers=" + store,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + ports.get(2),
                "--service-cluster-ip-range=10.96.0.0/16",
                "--cert-dir=" + directory.resolve("certificates"),
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--service-account-issuer=https://kubernetes.default.svc",
                "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition")));
    awaitReady();
  }

  private List<String> etcd(String store, int peers) {
    String peer = "http://127.0.0.1:" + peers;
    return List.of(
        "--data-dir=" + directory.resolve("etcd"),
        "--unsafe-no-fsync",
        "--log-level=error",
        "--listen-client-urls=" + store,
        "--advertise-client-urls=" + store,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer);
  }

  private void awaitReady() throws InterruptedException {
    try (KubernetesClient client = client()) {
      Wait.until(
          "kube-apiserver answers",
          START_DEADLINE,
          () -> {
            daemons.forEach(Daemon::requireAlive);
            return answers(client);
          });
    }
  }

  private static boolean answers(KubernetesClient client) {
    try {
      return "ok".equals(client.raw("/readyz"))
          && client.namespaces().withName("default").get() != null;
    } catch (KubernetesClientException notYet) {
      return false;
    }
  }

  /// Names the API and an administrator's token.
  public Path kubeconfig() {
    return kubeconfig;
  }

  /// A new client, which the caller closes.
  public KubernetesClient client() {
    return client(kubeconfig);
  }

  /// A new client of the API that a file names, with no pauses between retries, which would be
  /// measured as the API's.
  public static KubernetesClient client(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /// What etcd and kube-apiserver have used together.
  public Duration processorTime() {
    return daemons.stream().map(Daemon::processorTime).reduce(Duration.ZERO, Duration::plus);
  }

  private static String tokens() {
    return TOKEN + ",admin,admin,system:masters\n";
  }

  private static String kubeconfig(String api) {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: bench, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
        users: [{name: admin, user: {token: %s}}]
        contexts: [{name: bench, context: {cluster: bench, user: admin}}]
        current-context: bench
        """
        .formatted(api, TOKEN);
  }

  @Override
  public void close() {
    while (!daemons.isEmpty()) {
      daemons.pop().close();
    }
  }
}
