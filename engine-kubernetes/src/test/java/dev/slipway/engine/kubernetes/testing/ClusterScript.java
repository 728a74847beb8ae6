package dev.slipway.engine.kubernetes.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The script that keeps a cluster on this machine: `up N`, `down`, `image TAR...`, `partition`,
/// `heal`, `kill` and `start NODE`, and `env`, which prints `KUBECONFIG` and `KUBEBUILDER_ASSETS`.
/// Beside the kubeconfig lie the process ids of its programs (`kube-apiserver.pid`).
///
/// Whatever disturbs the cluster is a [Disturbance]: closing it brings the cluster back to health.
public final class ClusterScript {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern EXPORT = Pattern.compile("([A-Z_]+)=(\\S+)");

  private final Path file;
  private final Path kubeconfig;
  private final Path assets;

  private ClusterScript(Path file) {
    this.file = file;
    String environment = run("env");
    this.kubeconfig = Path.of(exported(environment, "KUBECONFIG"));
    this.assets = Path.of(exported(environment, "KUBEBUILDER_ASSETS"));
  }

  /// The script that `slipway.kubernetes` or `SLIPWAY_KUBERNETES` names, if they name one.
  static Optional<ClusterScript> named() {
    String name =
        System.getProperty(
            "slipway.kubernetes", System.getenv().getOrDefault("SLIPWAY_KUBERNETES", ""));
    return name.isBlank() ? Optional.empty() : Optional.of(new ClusterScript(Path.of(name)));
  }

  private static String exported(String environment, String name) {
    Matcher matcher = EXPORT.matcher(environment);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return matcher.group(2);
      }
    }
    throw new IllegalStateException("the cluster script exports no " + name + ": " + environment);
  }

  /// The script itself.
  public Path file() {
    return file;
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  /// Where `etcd`, `kube-apiserver`, `kube-scheduler` and `kubectl` are.
  public Path assets() {
    return assets;
  }

  /// Loads an image, a docker-archive or OCI tar, into every node.
  public void load(Path tar) {
    run("image", tar.toString());
  }

  /// Cuts a node off the network: what runs there goes on.
  public Disturbance partition(String node) {
    run("partition", node);
    return new Disturbance(
        () -> {
          run("heal", node);
          awaitReady(node);
        });
  }

  /// Ends a node's kubelet and all its containers.
  public Disturbance kill(String node) {
    run("kill", node);
    return new Disturbance(
        () -> {
          run("start", node);
          awaitReady(node);
        });
  }

  /// Ends the API server's process; the end of the disturbance starts it again.
  public Disturbance stopApiServer() {
    ServerProcess server = ServerProcess.recorded(kubeconfig.resolveSibling("kube-apiserver.pid"));
    server.stop();
    return new Disturbance(
        () -> {
          server.start();
          awaitAnswer();
        });
  }

  private static void awaitAnswer() {
    await("the API server answers")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> !KubernetesCluster.get().client().nodes().list().getItems().isEmpty());
  }

  private static void awaitReady(String node) {
    await(node + " is ready")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              Node found = KubernetesCluster.get().client().nodes().withName(node).get();
              return found != null && KubernetesCluster.isReady(found);
            });
  }

  private String run(String... arguments) {
    List<String> words = new ArrayList<>(List.of(file.toString()));
    words.addAll(List.of(arguments));
    Path output = null;
    try {
      // What the script starts keeps its output open: a pipe would not end with the script.
      output = Files.createTempFile("cluster-", ".log");
      Process process =
          new ProcessBuilder(words)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      String said = Files.readString(output, StandardCharsets.UTF_8);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", words) + " failed: " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stop);
    } finally {
      remove(output);
    }
  }

  private static void remove(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
