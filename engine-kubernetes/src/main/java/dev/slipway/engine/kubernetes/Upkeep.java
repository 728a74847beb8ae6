package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.ForeignPlatform;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.engine.TaskObservation.Status;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Clears away what is not needed any more: the pods of tasks that ended long ago, copies of logs
/// that nobody reads, Secrets whose pod never came to be, names that were taken long enough.
final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration ROUND = Duration.ofSeconds(10);

  /// Pods that are deleted at once at most, so that orders need not wait.
  private static final int MOST_DELETIONS = 50;

  /// So many rounds lie between two looks at Secrets and tombstones.
  private static final int ROUNDS_A_LOOK = 60;

  /// So old is a Secret at least that nobody will come for any more.
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);

  /// A task that stages for so long may lack a volume.
  private static final Duration SUSPICIOUS = Duration.ofSeconds(30);

  /// Pods whose events one round reads at most.
  private static final int MOST_LOOKS = 20;

  private final KubernetesSettings settings;
  private final Connection connection;
  private final TaskBook tasks;
  private final ClusterSights sights;
  private final PodKill ending;
  private final Tombstones tombstones;
  private final PodLogs logs;
  private final Executor workers;
  private final Thread thread =
      Thread.ofPlatform().name("kubernetes-upkeep").daemon().unstarted(this::run);
  private final Set<String> deleting = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// What is looked through.
  record Sources(TaskBook tasks, ClusterSights sights, PodLogs logs) {}

  Upkeep(
      KubernetesSettings settings,
      Connection connection,
      Sources sources,
      PodKill ending,
      Tombstones tombstones,
      Executor workers) {
    this.settings = settings;
    this.connection = connection;
    this.tasks = sources.tasks();
    this.sights = sources.sights();
    this.logs = sources.logs();
    this.ending = ending;
    this.tombstones = tombstones;
    this.workers = workers;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (int round = 0; !closed; round++) {
        logs.tidy();
        List<Known> expired = tasks.expired(settings.retention(), Instant.now());
        expired.stream()
            .limit(Math.max(0, MOST_DELETIONS - deleting.size()))
            .forEach(known -> delete(known.pod()));
        lookForVolumes();
        if (round % ROUNDS_A_LOOK == 0) {
          removeSecrets();
          removeTombstones();
        }
        Thread.sleep(ROUND);
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException fault) {
      // A client that was closed meanwhile says so.
      if (!closed) {
        throw fault;
      }
    }
  }

  /// While the API is away, deletions take long: none is begun twice.
  private void delete(String pod) {
    if (deleting.add(pod)) {
      workers.execute(
          () -> {
            try {
              ending.delete(pod, 1);
            } finally {
              deleting.remove(pod);
            }
          });
    }
  }

  /// Only events say that a volume does not come. They are read of pods alone that have been
  /// staging for a while, and that mount any.
  private void lookForVolumes() {
    Instant now = Instant.now();
    tasks.all().stream()
        .filter(known -> known.exists() && known.status() instanceof Status.Staging)
        .filter(known -> !known.claims().isEmpty() && known.at().plus(SUSPICIOUS).isBefore(now))
        .limit(MOST_LOOKS)
        .forEach(known -> lookAtEvents(known, now));
  }

  private void lookAtEvents(Known known, Instant now) {
    try {
      connection
          .client()
          .v1()
          .events()
          .inNamespace(connection.namespace())
          .withField("involvedObject.name", known.pod())
          .list()
          .getItems()
          .stream()
          .flatMap(event -> EventReading.read(event, known.at(), now).stream())
          .flatMap(
              reading ->
                  reading instanceof Reading.Hopeless(var end) ? Stream.of(end) : Stream.of())
          .findFirst()
          .ifPresent(end -> sights.post(() -> tasks.hopeless(known, end)));
    } catch (KubernetesClientException failure) {
      log.warn("events.unseen pod={} cause=\"{}\"", known.pod(), Failures.line(failure));
    }
  }

  private void removeSecrets() {
    try {
      List<Secret> ours =
          connection
              .client()
              .secrets()
              .inNamespace(connection.namespace())
              .withLabels(Names.OURS)
              .list()
              .getItems();
      for (Secret secret : ours) {
        boolean owned = !secret.getMetadata().getOwnerReferences().isEmpty();
        boolean old =
            Instant.parse(secret.getMetadata().getCreationTimestamp())
                .plus(LEFT_BEHIND)
                .isBefore(Instant.now());
        // Also one whose pod is still to be made, for which the order is given again and again.
        boolean wanted =
            Names.task(secret)
                .flatMap(tasks::of)
                .filter(known -> known.exists() || !known.isOver())
                .isPresent();
        if (!owned && old && !wanted) {
          ending.delete(secret);
          log.info("secret.left.behind.removed name={}", secret.getMetadata().getName());
        }
      }
    } catch (EngineUnavailable | StaleEpoch | ForeignPlatform kept) {
      log.warn("secrets.kept message=\"{}\"", kept.getMessage());
    } catch (KubernetesClientException failure) {
      if (!closed) {
        log.warn("secrets.unseen cause=\"{}\"", Failures.line(failure));
      }
    }
  }

  private void removeTombstones() {
    try {
      for (String name : tombstones.old(Instant.now())) {
        delete(name);
      }
    } catch (KubernetesClientException failure) {
      if (!closed) {
        log.warn("tombstones.unseen cause=\"{}\"", Failures.line(failure));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
