package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.TaskEnd;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;

/// What becomes of a launch in Kubernetes' words.
sealed interface PodPlan {

  /// What to make: the Secrets first, which the pod is made to own afterwards.
  ///
  /// @param secret what the task is given and told to fetch, where it is given anything
  /// @param pullSecret the credentials for its image, where the app brings its own
  record PodOrder(Pod pod, Optional<Secret> secret, Optional<Secret> pullSecret)
      implements PodPlan {}

  /// Kubernetes has no words for the launch, or the operator does not allow it: the task ended
  /// before it began.
  record Refused(TaskEnd end) implements PodPlan {}

  /// Thrown while a plan is made, and told as {@link Refused}.
  final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final TaskEnd.Reason reason;

    Refusal(String message) {
      this(TaskEnd.Reason.LAUNCH_FAILED, message);
    }

    Refusal(TaskEnd.Reason reason, String message) {
      super(message);
      this.reason = reason;
    }

    Refused refused() {
      return new Refused(TaskEnd.of(reason, String.valueOf(getMessage())));
    }
  }
}
