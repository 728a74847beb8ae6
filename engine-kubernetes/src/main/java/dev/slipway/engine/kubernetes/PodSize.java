package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Resources;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Keeps pods within what the cluster's store takes: etcd refuses 1.5 MiB, and Kubernetes adds who
/// set which field, and later the pod's status.
final class PodSize {
  static final long MOST_BYTES = Resources.MEBIBYTE;

  /// What the API server notes of each variable beside its name and value.
  private static final int NOTE = 100;

  private PodSize() {}

  /// @throws Refusal when the pod's command and variables are too long together
  static void check(Pod pod) {
    long bytes = 0;
    for (Container container : pod.getSpec().getContainers()) {
      bytes += texts(container.getCommand()) + texts(container.getArgs());
      for (EnvVar variable : container.getEnv()) {
        // Names are kept twice.
        bytes += NOTE + 2 * bytes(variable.getName());
        bytes += variable.getValue() == null ? 0 : bytes(variable.getValue());
      }
    }
    if (bytes > MOST_BYTES) {
      throw new Refusal(
          ("the app's command and environment take %d KiB in a pod, and Kubernetes keeps no more"
                  + " than %d KiB of them; put what is long into a file that the app fetches")
              .formatted(bytes / 1024, MOST_BYTES / 1024));
    }
  }

  private static long texts(List<String> texts) {
    return texts.stream().mapToLong(PodSize::bytes).sum();
  }

  /// As the request's JSON has it: some characters take six there.
  private static long bytes(String text) {
    long escaped = text.chars().filter(PodSize::isEscaped).count();
    return text.getBytes(StandardCharsets.UTF_8).length + 5 * escaped;
  }

  private static boolean isEscaped(int character) {
    return character < ' ' || character == '"' || character == '\\';
  }
}
