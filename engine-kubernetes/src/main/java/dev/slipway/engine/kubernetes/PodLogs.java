package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The logs of pods that somebody reads now: copies that follow them, given up a while after the
/// last reader. Any thread may call.
final class PodLogs implements AutoCloseable {
  /// Logs that are followed at once; the one that was read longest ago goes for a new one. Each
  /// holds a connection to the API server.
  static final int MOST = 64;

  static final Duration UNREAD = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final String namespace;
  private final Path directory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, PodLog> followed = new HashMap<>();

  /// @param directory for the copies, ours alone
  PodLogs(KubernetesClient client, String namespace, Path directory) throws IOException {
    this.client = client;
    this.namespace = namespace;
    this.directory = directory;
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, "*.log")) {
      for (Path leftover : leftovers) {
        Files.deleteIfExists(leftover);
      }
    }
  }

  /// The pod's log with all that was written before this call.
  ///
  /// @throws IOException why it cannot be had
  PodLog of(String pod) throws IOException {
    PodLog log = opened(pod);
    log.catchUp();
    return log;
  }

  private PodLog opened(String pod) throws IOException {
    lock.lock();
    try {
      PodLog known = followed.get(pod);
      if (known != null) {
        return known;
      }
      if (followed.size() >= MOST) {
        followed.entrySet().stream()
            .max(Map.Entry.comparingByValue(java.util.Comparator.comparing(PodLog::sinceLastRead)))
            .map(Map.Entry::getKey)
            .ifPresent(this::drop);
      }
      PodLog log = PodLog.open(directory, pod, () -> follow(pod));
      followed.put(pod, log);
      return log;
    } finally {
      lock.unlock();
    }
  }

  private InputStream follow(String pod) throws IOException {
    try {
      LogWatch watch =
          client
              .pods()
              .inNamespace(namespace)
              .withName(pod)
              .inContainer(Names.TASK_CONTAINER)
              .watchLog();
      return new FilterInputStream(watch.getOutput()) {
        @Override
        public void close() throws IOException {
          watch.close();
        }
      };
    } catch (KubernetesClientException failure) {
      throw new IOException(Failures.line(failure), failure);
    }
  }

  /// Gives up what nobody reads, and what broke off: the task may run on, so that its log has to be
  /// opened anew.
  void tidy() {
    lock.lock();
    try {
      followed.entrySet().stream()
          .filter(
              entry ->
                  entry.getValue().isOver()
                      || entry.getValue().sinceLastRead().compareTo(UNREAD) > 0)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(this::drop);
    } finally {
      lock.unlock();
    }
  }

  private void drop(String pod) {
    PodLog log = followed.remove(pod);
    if (log != null) {
      log.close();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      followed.values().forEach(PodLog::close);
      followed.clear();
    } finally {
      lock.unlock();
    }
  }
}
