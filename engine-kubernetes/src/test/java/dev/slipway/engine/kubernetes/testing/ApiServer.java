package dev.slipway.engine.kubernetes.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/// A Kubernetes API without any node: `etcd` and `kube-apiserver` on free ports of 127.0.0.1, with
/// the programs of `KUBEBUILDER_ASSETS`, the convention of that field, or those of the cluster
/// script. Nothing runs the pods, no controller removes what is left over, and rights are those
/// that RBAC gives. A start takes some seconds. Without the programs the test is skipped.
public final class ApiServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");
  private static final String ADMIN = "token-of-admin";

  /// The token of [#clientWithoutRights]'s user.
  private static final String NOBODY = "token-of-nobody";

  /// The user that has no rights but those which a test gives.
  public static final String USER_WITHOUT_RIGHTS = "nobody";

  private final Path directory;
  private final int etcdPort = freePort();
  private final int port = freePort();
  private final ServerProcess etcd;
  private final ServerProcess server;
  private final List<KubernetesClient> clients = new ArrayList<>();

  private ApiServer(Path assets, List<String> options) throws IOException {
    directory = Files.createTempDirectory("slipway-api-");
    Files.writeString(
        directory.resolve("tokens.csv"),
        ADMIN + ",admin,admin,system:masters\n" + NOBODY + "," + USER_WITHOUT_RIGHTS + ",nobody\n");
    etcd = ServerProcess.of(directory.resolve("etcd.log"), etcd(assets));
    server = ServerProcess.of(directory.resolve("server.log"), server(assets, options));
  }

  /// Starts one.
  ///
  /// @param options more options of kube-apiserver: `--max-mutating-requests-inflight=1`
  public static ApiServer start(String... options) {
    Path assets =
        assets()
            .orElseThrow(
                () ->
                    new TestAbortedException(
                        "no API server: KUBEBUILDER_ASSETS names no directory with etcd and"
                            + " kube-apiserver"));
    try {
      var api = new ApiServer(assets, List.of(options));
      api.begin();
      return api;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> assets() {
    String named = System.getenv().getOrDefault("KUBEBUILDER_ASSETS", "");
    Optional<Path> assets =
        named.isBlank()
            ? ClusterScript.named().map(ClusterScript::assets)
            : Optional.of(Path.of(named));
    return assets
        .filter(a -> Files.isExecutable(a.resolve("kube-apiserver")))
        .filter(a -> Files.isExecutable(a.resolve("etcd")));
  }

  private List<String> etcd(Path assets) {
    String peer = "http://127.0.0.1:" + freePort();
    return List.of(
        assets.resolve("etcd").toString(),
        "--data-dir=" + directory.resolve("etcd"),
        "--unsafe-no-fsync",
        "--log-level=error",
        "--listen-client-urls=" + etcdAddress(),
        "--advertise-client-urls=" + etcdAddress(),
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer);
  }

  private List<String> server(Path assets, List<String> options) throws IOException {
    Path key = ServiceAccountKey.write(directory);
    List<String> words =
        new ArrayList<>(
            List.of(
                assets.resolve("kube-apiserver").toString(),
                "--etcd-servers=" + etcdAddress(),
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--secure-port=" + port,
                "--service-cluster-ip-range=10.96.0.0/16",
                "--cert-dir=" + directory.resolve("certificates"),
                "--token-auth-file=" + directory.resolve("tokens.csv"),
                "--authorization-mode=RBAC",
                "--allow-privileged=true",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--service-account-issuer=https://kubernetes.default.svc",
                "--disable-admission-plugins=ServiceAccount"));
    words.addAll(options);
    return words;
  }

  private String etcdAddress() {
    return "http://127.0.0.1:" + etcdPort;
  }

  private void begin() {
    try {
      etcd.start();
      server.start();
      awaitAnswer();
    } catch (RuntimeException | AssertionError failed) {
      String said = server.tail();
      close();
      throw new IllegalStateException("the API server does not start:\n" + said, failed);
    }
  }

  private void awaitAnswer() {
    await("the API server answers")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsMatching(e -> server.isAlive())
        .until(() -> client().namespaces().withName("default").get() != null);
  }

  /// Ends the API server at once; what is stored stays. Connections are cut.
  public void stopServer() {
    server.kill();
  }

  /// Starts it again at the same port.
  public void startServer() {
    server.start();
    awaitAnswer();
  }

  /// Makes the store forget all changes until now: only what is, is known. A server that is started
  /// after it cannot tell anybody what came before.
  public void compact() throws IOException, InterruptedException {
    // The empty key with an end of zero is every key; only the revision is wanted.
    String answer = askStore("range", "{\"key\":\"AA==\",\"limit\":1}");
    Matcher matcher = REVISION.matcher(answer);
    if (!matcher.find()) {
      throw new IllegalStateException("the store tells no revision: " + answer);
    }
    askStore("compaction", "{\"physical\":true,\"revision\":\"" + matcher.group(1) + "\"}");
  }

  /// The store speaks JSON beside its own protocol.
  private String askStore(String operation, String body) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(etcdAddress() + "/v3/kv/" + operation))
              .timeout(PATIENCE)
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(operation + " answered " + answer.body());
      }
      return answer.body();
    }
  }

  /// A client with all rights.
  public synchronized KubernetesClient client() {
    if (clients.isEmpty()) {
      clients.add(connect(configuration(ADMIN)));
    }
    return clients.getFirst();
  }

  /// A client of the user [#USER_WITHOUT_RIGHTS].
  public synchronized KubernetesClient clientWithoutRights() {
    KubernetesClient client = connect(configuration(NOBODY));
    clients.add(client);
    return client;
  }

  private static KubernetesClient connect(Config configuration) {
    return new KubernetesClientBuilder().withConfig(configuration).build();
  }

  /// How a program with all rights finds it.
  public Config configuration() {
    return configuration(ADMIN);
  }

  /// How a program of the user [#USER_WITHOUT_RIGHTS] finds it.
  public Config configurationWithoutRights() {
    return configuration(NOBODY);
  }

  private Config configuration(String token) {
    // Nothing of the surroundings gets in, like the kubeconfig of whoever runs the tests.
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://127.0.0.1:" + port)
        .withTrustCerts(true)
        .withDisableHostnameVerification(true)
        .withOauthToken(token)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  /// A file that names this API, for programs that read kubeconfigs.
  public Path kubeconfig() {
    try {
      return Files.writeString(
          directory.resolve("kubeconfig"),
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
          users: [{name: admin, user: {token: %s}}]
          contexts: [{name: test, context: {cluster: test, user: admin}}]
          current-context: test
          """
              .formatted(port, ADMIN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /// Makes a node that is ready and has room, on which nothing ever runs.
  public void addNode(String name, int cpus, int gibibytes, int pods) {
    Map<String, Quantity> room =
        Map.of(
            "cpu", new Quantity(Integer.toString(cpus)),
            "memory", new Quantity(gibibytes + "Gi"),
            "ephemeral-storage", new Quantity("100Gi"),
            "pods", new Quantity(Integer.toString(pods)));
    var node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels("kubernetes.io/hostname", name)
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .withNewStatus()
            .withCapacity(room)
            .withAllocatable(room)
            .addNewAddress("10.0.0.1", "InternalIP")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .withReason("KubeletReady")
            .endCondition()
            .endStatus()
            .build();
    var created = client().resource(node).create();
    // The admission of nodes taints each as not ready, until a controller that is not here sees it.
    created.getSpec().setTaints(List.of());
    client().resource(created).update();
  }

  @Override
  public void close() {
    synchronized (this) {
      clients.forEach(KubernetesClient::close);
    }
    server.kill();
    etcd.kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
