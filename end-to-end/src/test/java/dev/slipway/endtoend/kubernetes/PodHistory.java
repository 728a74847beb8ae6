package dev.slipway.endtoend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// What anybody sees of the pods in a namespace, from the beginning on. It asks Kubernetes alone:
/// nothing of the product is asked what the product did.
public final class PodHistory implements AutoCloseable {
  private static final String TASK = "slipway.dev/task";
  private static final String APP = "slipway.dev/app";
  private static final String TOMBSTONE = "slipway.dev/tombstone";

  /// A pod that was there at some time.
  ///
  /// @param containers the ids of all containers that its task ever ran in; one if it never
  ///     restarted
  public record Seen(String uid, String name, String app, String task, Set<String> containers) {}

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final SharedIndexInformer<Pod> informer;
  private final KubernetesClient client;
  private final String namespace;

  public PodHistory(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.informer = client.pods().inNamespace(namespace).inform(new Notes());
  }

  private final class Notes implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      note(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      note(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      note(pod);
    }
  }

  /// Keeps the name of a task that never ran, and never runs itself.
  private static boolean isTombstone(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null && labels.containsKey(TOMBSTONE);
  }

  private void note(Pod pod) {
    if (isTombstone(pod)) {
      assertThat(pod.getSpec().getNodeName()).as("the node of a tombstone").isNull();
      return;
    }
    Map<String, String> annotations =
        Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
    Seen entry =
        seen.computeIfAbsent(
            pod.getMetadata().getUid(),
            uid ->
                new Seen(
                    uid,
                    pod.getMetadata().getName(),
                    annotations.getOrDefault(APP, ""),
                    annotations.getOrDefault(TASK, ""),
                    ConcurrentHashMap.newKeySet()));
    for (ContainerStatus status : pod.getStatus().getContainerStatuses()) {
      if (status.getContainerID() != null && !status.getContainerID().isEmpty()) {
        entry.containers().add(status.getContainerID());
      }
      if (status.getRestartCount() != null && status.getRestartCount() > 0) {
        entry.containers().add("restart " + status.getRestartCount());
      }
    }
  }

  /// All pods of an app that were ever there.
  public List<Seen> of(String app) {
    return seen.values().stream().filter(pod -> pod.app().equals(app)).toList();
  }

  /// The pods of an app whose task ever began.
  public List<Seen> begun(String app) {
    return of(app).stream().filter(pod -> !pod.containers().isEmpty()).toList();
  }

  /// The pods that run now, by task: their identity. Two that are equal have not restarted.
  public Map<String, Seen> running(String app) {
    Map<String, Seen> running = new TreeMap<>();
    for (Pod pod : client.pods().inNamespace(namespace).list().getItems()) {
      note(pod);
      if (isTombstone(pod)) {
        continue;
      }
      Seen entry = Objects.requireNonNull(seen.get(pod.getMetadata().getUid()));
      // Old kubelets leave the container of a pod that they have ended as it was.
      boolean runs =
          pod.getStatus().getPhase().equals("Running")
              && pod.getStatus().getContainerStatuses().stream()
                  .anyMatch(status -> status.getState().getRunning() != null);
      if (runs && entry.app().equals(app)) {
        running.put(
            entry.task(),
            new Seen(
                entry.uid(),
                entry.name(),
                entry.app(),
                entry.task(),
                new TreeSet<>(entry.containers())));
      }
    }
    return running;
  }

  /// Where the pods of an app run, by task.
  public Map<String, String> nodes(String app) {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getAnnotations().getOrDefault(APP, "").equals(app))
        .filter(pod -> pod.getStatus().getPhase().equals("Running"))
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getAnnotations().getOrDefault(TASK, ""),
                pod -> pod.getSpec().getNodeName()));
  }

  /// Every task had one pod at most, and no container began a second time.
  public void assertNothingRanTwice() {
    Map<String, List<Seen>> byTask =
        seen.values().stream().collect(Collectors.groupingBy(Seen::task));
    assertThat(byTask).as("pods without a task").doesNotContainKey("");
    assertThat(byTask.values())
        .as("one pod for each task")
        .allSatisfy(pods -> assertThat(pods).hasSize(1));
    assertThat(seen.values())
        .as("one container for each pod")
        .allSatisfy(pod -> assertThat(pod.containers()).hasSizeLessThanOrEqualTo(1));
  }

  @Override
  public void close() {
    informer.close();
  }
}
