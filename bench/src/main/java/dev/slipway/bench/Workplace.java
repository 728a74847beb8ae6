package dev.slipway.bench;

import dev.slipway.bench.kubernetes.FreshCluster;
import dev.slipway.bench.kubernetes.MissingException;
import dev.slipway.bench.kubernetes.PodPattern;
import dev.slipway.bench.kubernetes.PodTemplate;
import dev.slipway.journal.PostgresPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Where benchmarks work: a directory of their own and the servers in it. Closing it, or ending the
/// process with Ctrl-C, leaves neither servers nor tasks nor files.
final class Workplace implements AutoCloseable {
  /// Of the directories; the number of the process follows.
  static final String PREFIX = "slipway-bench-";

  private final Path directory;
  private final Installation installation;
  private final Path traces;
  private final KubernetesMeans kubernetes;
  private final Consumer<String> note;
  private final List<ServerProcess> servers = new CopyOnWriteArrayList<>();
  private final Thread onInterrupt = Thread.ofPlatform().name("bench-end").unstarted(this::clean);

  private Workplace(
      Path directory,
      Installation installation,
      Path traces,
      KubernetesMeans kubernetes,
      Consumer<String> note) {
    this.directory = directory;
    this.installation = installation;
    this.traces = traces;
    this.kubernetes = kubernetes;
    this.note = note;
  }

  /// @param home the checkout whose build is measured
  /// @param traces where published workloads are, which need not be there
  /// @param kubernetes what may be used of Kubernetes
  /// @param note told what goes on
  static Workplace open(Path home, Path traces, KubernetesMeans kubernetes, Consumer<String> note)
      throws IOException {
    // Others may pass through, since tasks run under accounts of their own.
    var walkable = PosixFilePermissions.fromString("rwx--x--x");
    String prefix = PREFIX + ProcessHandle.current().pid() + "-";
    Path directory = Files.createTempDirectory(prefix).toRealPath();
    Files.setPosixFilePermissions(directory, walkable);
    try {
      var installation = new Installation(home, directory, note);
      var workplace = new Workplace(directory, installation, traces, kubernetes, note);
      Runtime.getRuntime().addShutdownHook(workplace.onInterrupt);
      return workplace;
    } catch (IOException failure) {
      remove(directory);
      throw failure;
    }
  }

  Installation installation() {
    return installation;
  }

  /// Where published workloads are, if they are.
  Path traces() {
    return traces;
  }

  /// What may be used of Kubernetes.
  KubernetesMeans kubernetes() {
    return kubernetes;
  }

  void note(String line) {
    note.accept(line);
  }

  /// A new, empty directory.
  Path freshDirectory(String name) throws IOException {
    Path made = Files.createTempDirectory(directory, name + "-");
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx--x--x"));
    return made;
  }

  /// The same for those who cannot go on without it.
  Path fresh(String name) {
    try {
      return freshDirectory(name);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// A control plane with so many nodes for so many pods, not yet started.
  ///
  /// @throws MissingException without Kubernetes' programs
  FreshCluster freshCluster(int nodes, int pods) {
    return new FreshCluster(
        kubernetes.requiredAssets(),
        () -> fresh("kubernetes"),
        new PodPattern(PodTemplate.IMAGE),
        nodes,
        pods);
  }

  /// A server on a data directory of its own, not yet started.
  ServerProcess server(boolean cached) throws IOException {
    return added(
        new ServerProcess(
            words -> installation.server(cached, words),
            freshDirectory("server"),
            ServerProcess.Tasks.ENDED));
  }

  /// A server with an engine of simulated nodes, not yet started.
  ServerProcess simulated(int nodes) throws IOException {
    Path directory = freshDirectory("simulated");
    return added(
        new ServerProcess(
            _ -> installation.simulated(directory.resolve("data"), nodes),
            directory,
            ServerProcess.Tasks.ENDED));
  }

  /// A server that runs tasks as pods of a namespace, not yet started. Closing it leaves the pods.
  ServerProcess onKubernetes(Path kubeconfig, String namespace) throws IOException {
    return onKubernetes(kubeconfig, namespace, List.of());
  }

  /// One of several servers on a journal, whose tasks are pods of a namespace, not yet started.
  ///
  /// @param keys the directory of what they have in common
  ServerProcess among(PostgresPlace journal, Path keys, Path kubeconfig, String namespace)
      throws IOException {
    Path password = freshDirectory("password").resolve("password");
    Files.writeString(password, journal.password().orElseThrow());
    return onKubernetes(
        kubeconfig,
        namespace,
        List.of(
            "--keys=" + keys,
            "--journal=" + journal.url(),
            "--journal-schema=" + journal.schema(),
            "--journal-password-file=" + password));
  }

  private ServerProcess onKubernetes(Path kubeconfig, String namespace, List<String> more)
      throws IOException {
    List<String> options =
        List.of(
            "--engine=kubernetes",
            "--kubernetes-kubeconfig=" + kubeconfig,
            "--kubernetes-namespace=" + namespace,
            "--kubernetes-usage=off");
    return added(
        new ServerProcess(
            words -> installation.server(true, both(words, both(options, more))),
            freshDirectory("server"),
            ServerProcess.Tasks.LEFT));
  }

  private static List<String> both(List<String> words, List<String> more) {
    return Stream.concat(words.stream(), more.stream()).toList();
  }

  private ServerProcess added(ServerProcess server) {
    servers.add(server);
    return server;
  }

  @Override
  public void close() {
    clean();
    Runtime.getRuntime().removeShutdownHook(onInterrupt);
  }

  private void clean() {
    for (ServerProcess server : servers) {
      try {
        server.close();
      } catch (RuntimeException failure) {
        note.accept("Not cleaned up: " + failure.getMessage());
      }
    }
    servers.clear();
    remove(directory);
  }

  private static void remove(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException inUse) {
      // What an interrupted run still writes is found below the directory for temporary files.
      return;
    }
  }
}
