package dev.slipway.engine.kubernetes.testing;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/// The Kubernetes cluster that tests run on. It is either one that a script keeps on this machine,
/// which can also cut nodes off and stop the API server, or any cluster that `KUBECONFIG` names
/// when the build was asked for it with `-Pkubernetes`. Without one, tests are skipped and say so.
///
/// | what | where it is said |
/// |---|---|
/// | the script | `-Dslipway.kubernetes=FILE` or `SLIPWAY_KUBERNETES=FILE` |
/// | any cluster | `-Pkubernetes`, which sets `slipway.kubernetes.any`, and `KUBECONFIG` |
/// | image of small tasks | `-Dslipway.kubernetes.image=NAME`; it has a shell, `httpd` and `wget` |
///
/// There is one in a JVM; it may be used from any thread.
public final class KubernetesCluster {
  private static final String NONE =
      "no Kubernetes cluster: name a cluster script by SLIPWAY_KUBERNETES, or run the build with"
          + " -Pkubernetes and KUBECONFIG";
  // Tests that run at the same time leave little to each.
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String ANY = "slipway.kubernetes.any";
  private static final String IMAGE = "slipway.kubernetes.image";
  private static final String LOCAL_IMAGE = "docker.io/local/busybox:1";
  private static final String PUBLIC_IMAGE = "docker.io/library/busybox:1.36";

  private final Path kubeconfig;
  private final Optional<ClusterScript> script;
  private final KubernetesClient client;

  private KubernetesCluster(Path kubeconfig, Optional<ClusterScript> script) {
    this.kubeconfig = kubeconfig;
    this.script = script;
    this.client = connect(kubeconfig);
  }

  private static KubernetesClient connect(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestTimeout(Math.toIntExact(PATIENCE.toMillis()));
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /// Made at the first use.
  private static final class Found {
    static final Optional<KubernetesCluster> CLUSTER = look();

    private static Optional<KubernetesCluster> look() {
      Optional<ClusterScript> script = ClusterScript.named();
      Optional<Path> kubeconfig = script.map(ClusterScript::kubeconfig).or(Found::kubeconfigOfAny);
      if (kubeconfig.isEmpty()) {
        System.out.println("Tests on Kubernetes are skipped: " + NONE);
      }
      return kubeconfig.map(file -> new KubernetesCluster(file, script).answering());
    }

    private static Optional<Path> kubeconfigOfAny() {
      if (!Boolean.getBoolean(ANY)) {
        return Optional.empty();
      }
      String files = System.getenv().getOrDefault("KUBECONFIG", "");
      if (files.isBlank()) {
        throw new IllegalStateException("-Pkubernetes needs KUBECONFIG: the file of the cluster");
      }
      return Optional.of(Path.of(files.split(File.pathSeparator, 2)[0]));
    }
  }

  /// The cluster, if there is one.
  ///
  /// @throws IllegalStateException when one is named that does not answer: that is no reason to
  ///     skip tests
  public static Optional<KubernetesCluster> find() {
    return Found.CLUSTER;
  }

  /// The cluster. Without one the test is skipped.
  public static KubernetesCluster get() {
    return find().orElseThrow(() -> new TestAbortedException(NONE));
  }

  /// Why there is none.
  public static String reason() {
    return NONE;
  }

  private KubernetesCluster answering() {
    try {
      client.nodes().list();
      return this;
    } catch (KubernetesClientException silent) {
      throw new IllegalStateException(
          "the cluster of "
              + kubeconfig
              + " does not answer"
              + script.map(s -> "; start it: " + s.file() + " up 3").orElse(""),
          silent);
    }
  }

  /// A client with all rights. It is closed with the JVM.
  public KubernetesClient client() {
    return client;
  }

  public Path kubeconfig() {
    return kubeconfig;
  }

  /// Where the API is.
  public URI api() {
    return URI.create(client.getConfiguration().getMasterUrl());
  }

  /// What only a cluster on this machine can do. Without it the test is skipped.
  public ClusterScript script() {
    return script.orElseThrow(
        () -> new TestAbortedException("only a cluster that a script keeps can be disturbed"));
  }

  /// Ends all nodes but one, where a script keeps the cluster. Its kubelets share one directory of
  /// logs, and each throws away what it does not know: only one that is alone keeps the logs of its
  /// pods for longer than a minute.
  public List<Disturbance> leaveAlone(String node) {
    return script.stream()
        .flatMap(keeper -> nodes().stream().filter(other -> !other.equals(node)).map(keeper::kill))
        .toList();
  }

  /// The nodes that tasks may run on, by name.
  public List<String> nodes() {
    return client.nodes().list().getItems().stream()
        .filter(KubernetesCluster::isReady)
        .filter(node -> !Boolean.TRUE.equals(node.getSpec().getUnschedulable()))
        .filter(node -> !node.getMetadata().getName().startsWith("hollow"))
        .map(node -> node.getMetadata().getName())
        .sorted()
        .toList();
  }

  /// As many nodes as a test needs. With fewer the test is skipped.
  public List<String> nodes(int wanted) {
    List<String> nodes = nodes();
    if (nodes.size() < wanted) {
      throw new TestAbortedException("needs " + wanted + " nodes, and there are " + nodes);
    }
    return nodes.subList(0, wanted);
  }

  static boolean isReady(Node node) {
    return node.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  /// The address of a node, which pods and this machine reach.
  public String address(String node) {
    return client.nodes().withName(node).get().getStatus().getAddresses().stream()
        .filter(address -> address.getType().equals("InternalIP"))
        .findFirst()
        .orElseThrow()
        .getAddress();
  }

  /// The address of this machine, as pods reach it: that of the interface which leads to the API.
  public String addressOfThisMachine() {
    int port = api().getPort() < 0 ? 443 : api().getPort();
    try (var socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(api().getHost(), port));
      return socket.getLocalAddress().getHostAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An image that every node has or can pull.
  public String image() {
    return System.getProperty(IMAGE, script.isPresent() ? LOCAL_IMAGE : PUBLIC_IMAGE);
  }

  /// The program `kubectl` as a word of a command.
  public String kubectl() {
    return script.map(s -> s.assets().resolve("kubectl").toString()).orElse("kubectl");
  }
}
