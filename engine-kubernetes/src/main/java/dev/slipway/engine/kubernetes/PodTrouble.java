package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// Says for people why a command did not run in a pod. The API refuses a connection with a bare
/// HTTP code, so the pod is looked at once it did.
final class PodTrouble {
  private final KubernetesClient client;
  private final String namespace;

  PodTrouble(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  IOException explained(String podName, Throwable failed) {
    Throwable cause = failed;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof WebSocketHandshakeException refused) {
      return new IOException(refused(podName, refused), cause);
    }
    return new IOException(
        cause.getMessage() == null
            ? "the API server was not reached: " + cause
            : cause.getMessage(),
        cause);
  }

  private String refused(String podName, WebSocketHandshakeException refused) {
    int code = refused.getResponse() == null ? 0 : refused.getResponse().code();
    if (code == 401 || code == 403) {
      return "the API server does not let Slipway run commands in pods (HTTP "
          + code
          + "): its role needs the verbs get and create on pods/exec in namespace "
          + namespace;
    }
    if (code == 429) {
      return "the API server is busy (HTTP 429); try again later";
    }
    return standing(podName)
        .orElse(
            "the API server refused to run a command in pod " + podName + " (HTTP " + code + ")");
  }

  private Optional<String> standing(String podName) {
    try {
      Pod pod = client.pods().inNamespace(namespace).withName(podName).get();
      if (pod == null) {
        return Optional.of("there is no pod " + podName + "; the task is gone or not started yet");
      }
      return standing(pod);
    } catch (KubernetesClientException unknown) {
      return Optional.empty();
    }
  }

  private static Optional<String> standing(Pod pod) {
    Optional<ContainerState> state =
        pod.getStatus().getContainerStatuses().stream()
            .filter(status -> status.getName().equals(Names.TASK_CONTAINER))
            .findFirst()
            .map(status -> status.getState());
    if (state.map(ContainerState::getRunning).isPresent()) {
      return Optional.empty();
    }
    String name = pod.getMetadata().getName();
    if (state.map(ContainerState::getTerminated).isPresent()) {
      return Optional.of("the task of pod " + name + " has ended");
    }
    return Optional.of(
        "the task of pod "
            + name
            + " does not run"
            + state
                .map(ContainerState::getWaiting)
                .map(waiting -> " yet: " + waiting.getReason())
                .orElse(" (the pod is " + pod.getStatus().getPhase() + ")"));
  }
}
