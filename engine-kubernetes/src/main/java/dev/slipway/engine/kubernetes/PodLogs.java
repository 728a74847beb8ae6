package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The logs of pods that somebody reads now: copies that follow them, given up a while after the
/// last reader. Any thread may call.
final class PodLogs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodLogs.class);

  /// Logs that are followed at once; the one that was read longest ago goes for a new one. Each
  /// holds a connection to the API server.
  static final int MOST = 64;

  static final Duration UNREAD = Duration.ofMinutes(1);

  /// Logs of tasks that were ended by order; the oldest goes for a new one.
  static final int MOST_KEPT = 256;

  static final Duration KEPT = Duration.ofHours(1);

  /// So many lines are kept of each, and what the task writes while it ends.
  private static final int LAST_LINES = 1000;

  /// How long the end of a task waits for the first of its log.
  private static final Duration FIRST_LINES = Duration.ofMillis(300);

  private final KubernetesClient client;
  private final String namespace;
  private final Path directory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, PodLog> followed = new HashMap<>();

  // In the order in which they came.
  private final Map<String, PodLog> kept = new LinkedHashMap<>();

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
  /// @param running whether the task still writes
  /// @throws IOException why it cannot be had
  PodLog of(String pod, boolean running) throws IOException {
    PodLog log = known(pod).orElse(null);
    if (log == null || (running && log.isOver() && !isKept(pod))) {
      return opened(pod, running);
    }
    log.catchUp();
    return log;
  }

  /// Copies the last of a log that is about to vanish with its pod.
  void keep(String pod) {
    lock.lock();
    try {
      if (kept.containsKey(pod)) {
        return;
      }
      if (kept.size() >= MOST_KEPT) {
        forget(kept.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
    try {
      PodLog log = PodLog.open(directory, pod, ending(pod), true);
      lock.lock();
      try {
        kept.put(pod, log);
      } finally {
        lock.unlock();
      }
      log.awaitFirst(FIRST_LINES);
    } catch (IOException full) {
      LOG.warn("log.not.kept pod={} cause=\"{}\"", pod, full.getMessage());
    }
  }

  /// Whether the log of a pod that may be gone can still be read.
  boolean isKept(String pod) {
    lock.lock();
    try {
      return kept.containsKey(pod);
    } finally {
      lock.unlock();
    }
  }

  private PodLog.Source ending(String pod) {
    return new PodLog.Source() {
      @Override
      public InputStream now() {
        return InputStream.nullInputStream();
      }

      @Override
      public InputStream follow() throws IOException {
        return following(() -> container(pod).tailingLines(LAST_LINES).watchLog());
      }
    };
  }

  private Optional<PodLog> known(String pod) {
    lock.lock();
    try {
      PodLog ended = kept.get(pod);
      return ended != null ? Optional.of(ended) : Optional.ofNullable(followed.get(pod));
    } finally {
      lock.unlock();
    }
  }

  private PodLog opened(String pod, boolean running) throws IOException {
    PodLog log = PodLog.open(directory, pod, source(pod), running);
    lock.lock();
    try {
      drop(pod);
      if (followed.size() >= MOST) {
        followed.entrySet().stream()
            .max(Map.Entry.comparingByValue(Comparator.comparing(PodLog::sinceLastRead)))
            .map(Map.Entry::getKey)
            .ifPresent(this::drop);
      }
      followed.put(pod, log);
      return log;
    } finally {
      lock.unlock();
    }
  }

  private PodLog.Source source(String pod) {
    return new PodLog.Source() {
      @Override
      public InputStream now() throws IOException {
        try {
          return container(pod).getLogInputStream();
        } catch (KubernetesClientException failure) {
          throw new IOException(Failures.line(failure), failure);
        }
      }

      @Override
      public InputStream follow() throws IOException {
        return following(container(pod)::watchLog);
      }
    };
  }

  private ContainerResource container(String pod) {
    return client
        .pods()
        .inNamespace(namespace)
        .withName(pod)
        .inContainer(Names.TASK_CONTAINER);
  }

  private static InputStream following(Supplier<LogWatch> opened) throws IOException {
    try {
      LogWatch watch = opened.get();
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
      kept.entrySet().stream()
          .filter(entry -> entry.getValue().age().compareTo(KEPT) > 0)
          .map(Map.Entry::getKey)
          .toList()
          .forEach(this::forget);
    } finally {
      lock.unlock();
    }
  }

  private void forget(String pod) {
    PodLog log = kept.remove(pod);
    if (log != null) {
      log.close();
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
      kept.values().forEach(PodLog::close);
      kept.clear();
    } finally {
      lock.unlock();
    }
  }
}
