package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Plays the kubelets of nodes that are objects alone: a pod that has a node is said to run, one
/// that is to end is removed. It counts what was there, so that whatever was made twice shows.
public final class RunningPods implements AutoCloseable {
  private static final String TASK = "slipway.dev/task";
  private static final String APP = "slipway.dev/app";

  private final KubernetesClient client;
  private final SharedIndexInformer<Pod> informer;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Set<String>> podsOfTasks = new ConcurrentHashMap<>();
  private final Map<String, String> running = new ConcurrentHashMap<>();

  private RunningPods(KubernetesClient client, String namespace) {
    this.client = client;
    this.informer = client.pods().inNamespace(namespace).inform(new Play());
  }

  public static RunningPods open(KubernetesClient client, String namespace) {
    return new RunningPods(client, namespace);
  }

  /// How many pods were made for a task that had one already.
  public int doubled() {
    return podsOfTasks.values().stream().mapToInt(pods -> pods.size() - 1).sum();
  }

  /// The pods of an app that run now: task and identity.
  public Map<String, String> running(String app) {
    Map<String, String> found = new TreeMap<>();
    running.forEach(
        (uid, taskOfApp) -> {
          String prefix = app + " ";
          if (taskOfApp.startsWith(prefix)) {
            found.put(taskOfApp.substring(prefix.length()), uid);
          }
        });
    return found;
  }

  private final class Play implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      seen(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      running.remove(pod.getMetadata().getUid());
    }
  }

  private void seen(Pod pod) {
    Map<String, String> notes = pod.getMetadata().getAnnotations();
    if (notes == null || !notes.containsKey(TASK) || pod.getSpec().getNodeName() == null) {
      return;
    }
    String uid = pod.getMetadata().getUid();
    String task = notes.get(TASK);
    podsOfTasks.computeIfAbsent(task, _ -> ConcurrentHashMap.newKeySet()).add(uid);
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      running.remove(uid);
      threads.execute(() -> attempt(() -> remove(pod)));
    } else if (!"Running".equals(pod.getStatus().getPhase())) {
      threads.execute(() -> attempt(() -> run(pod)));
    } else {
      running.put(uid, notes.getOrDefault(APP, "") + " " + task);
    }
  }

  private void remove(Pod pod) {
    client.resource(pod).withGracePeriod(0).delete();
  }

  private void run(Pod pod) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    client
        .resource(pod)
        .editStatus(
            old -> {
              var status =
                  old.edit()
                      .editOrNewStatus()
                      .withPhase("Running")
                      .withPodIP("127.0.0.1")
                      .withStartTime(now)
                      .withContainerStatuses();
              old.getSpec()
                  .getContainers()
                  .forEach(
                      container ->
                          status.addToContainerStatuses(
                              new ContainerStatusBuilder()
                                  .withName(container.getName())
                                  .withImage(container.getImage())
                                  .withImageID(container.getImage())
                                  .withContainerID("bench://" + old.getMetadata().getUid())
                                  .withReady(true)
                                  .withStarted(true)
                                  .withRestartCount(0)
                                  .withNewState()
                                  .withNewRunning(now)
                                  .endState()
                                  .build()));
              return status
                  .addNewCondition()
                  .withType("Ready")
                  .withStatus("True")
                  .withLastTransitionTime(now)
                  .endCondition()
                  .endStatus()
                  .build();
            });
  }

  /// The API may be away, and the pod may have changed: then it is seen again.
  private static void attempt(Runnable call) {
    try {
      call.run();
    } catch (KubernetesClientException seenAgain) {
      return;
    }
  }

  @Override
  public void close() {
    informer.close();
    threads.close();
  }
}
