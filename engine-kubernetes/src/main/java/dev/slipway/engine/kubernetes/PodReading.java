package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.engine.kubernetes.Reading.Hopeless;
import dev.slipway.engine.kubernetes.Reading.Memory;
import dev.slipway.engine.kubernetes.Reading.Observed;
import dev.slipway.engine.kubernetes.Reading.Patience;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads from a pod what its task is: staging, running, ended and how.
///
/// A task runs once its container does, and ended once its container did, or once its pod is over
/// and the container never started. That a pod is over (`phase: Failed`) is not enough: a kubelet
/// says so before it ends the containers. Kubelets before 1.22 then often never tell how they
/// ended, and of evicted pods they forget the containers; there the task counts as running for the
/// grace that its container is given, and a little more, and as ended afterwards.
final class PodReading {
  /// How long an image that cannot be had is tried for: kubelets try again after 10 s, 20 s and so
  /// on, so a registry's short failure is lived through.
  static final Duration IMAGE_PATIENCE = Duration.ofSeconds(30);

  /// The same for a container that cannot be made.
  static final Duration CONTAINER_PATIENCE = Duration.ofMinutes(1);

  /// What a kubelet may take, beside the grace, to end a container that it was told to end.
  static final Duration END_MARGIN = Duration.ofSeconds(5);

  /// What a kubelet gives pods that say nothing.
  private static final long USUAL_GRACE_SECONDS = 30;

  private static final Set<String> FINAL_PHASES = Set.of("Failed", "Succeeded");

  /// Why a kubelet ends a pod that runs; for any other reason it never let it start.
  private static final Set<String> ENDS_OF_RUNNING =
      Set.of(
          "Evicted",
          "DeadlineExceeded",
          "Preempting",
          "Shutdown",
          "NodeShutdown",
          "Terminated",
          "NodeLost");

  private static final Set<String> NO_SUCH_IMAGE = Set.of("InvalidImageName", "ErrImageNeverPull");
  private static final Set<String> IMAGE_TROUBLE =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ImageInspectError",
          "RegistryUnavailable",
          "SignatureValidationFailed");
  private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

  private PodReading() {}

  /// @param now by our own clock
  static Reading read(Pod pod, Memory memory, Instant now) {
    Optional<ContainerStateTerminated> task =
        status(pod, Names.TASK_CONTAINER).map(ContainerState::getTerminated);
    if (task.isPresent()) {
      return new Observed(new Status.Ended(PodEnding.ofContainer(pod, task.get())));
    }
    Optional<ContainerStateTerminated> fetch =
        status(pod, Names.FETCH_CONTAINER)
            .map(ContainerState::getTerminated)
            .filter(end -> end.getExitCode() != 0);
    if (fetch.isPresent()) {
      return new Observed(new Status.Ended(PodEnding.ofFetch(pod, fetch.get())));
    }
    if (FINAL_PHASES.contains(String.valueOf(podStatus(pod).getPhase()))) {
      return over(pod, memory, now);
    }
    if (runs(pod, Names.TASK_CONTAINER)) {
      return new Observed(running(pod));
    }
    Optional<ContainerStateWaiting> waiting =
        Stream.of(Names.FETCH_CONTAINER, Names.TASK_CONTAINER)
            .flatMap(name -> status(pod, name).map(ContainerState::getWaiting).stream())
            .filter(wait -> wait.getReason() != null && !ON_ITS_WAY.contains(wait.getReason()))
            .findFirst();
    return waiting.isPresent()
        ? waiting(pod, waiting.get(), memory, now)
        : new Observed(new Status.Staging());
  }

  /// How the task of a pod ended that is not there any more, from the last that was seen of it.
  static TaskEnd removed(Pod pod, Memory memory, Instant now) {
    if (read(pod, memory, now) instanceof Observed(Status.Ended(TaskEnd end))) {
      return end;
    }
    return PodEnding.removed(pod);
  }

  /// The pod is over, and nobody says how its task's container ended.
  private static Reading over(Pod pod, Memory memory, Instant now) {
    boolean known = status(pod, Names.TASK_CONTAINER).isPresent();
    boolean alive = runs(pod, Names.TASK_CONTAINER) || runs(pod, Names.FETCH_CONTAINER);
    boolean forgotten =
        !known
            && (memory.ran()
                || ENDS_OF_RUNNING.contains(String.valueOf(podStatus(pod).getReason())));
    TaskEnd end = PodEnding.ofPod(pod);
    if (!alive && !forgotten) {
      return new Observed(new Status.Ended(end));
    }
    Instant until = memory.changed().plusSeconds(graceSeconds(pod)).plus(END_MARGIN);
    if (now.isBefore(until)) {
      boolean ran = memory.ran() || runs(pod, Names.TASK_CONTAINER);
      return new Patience(ran ? running(pod) : new Status.Staging(), until, end.message());
    }
    return new Observed(new Status.Ended(end));
  }

  private static Reading waiting(
      Pod pod, ContainerStateWaiting waiting, Memory memory, Instant now) {
    String reason = waiting.getReason();
    String detail = Lines.one(String.valueOf(waiting.getMessage()), PodEnding.LONGEST_DETAIL);
    if (EndOrder.of(pod).isPresent()) {
      return new Observed(new Status.Staging());
    }
    if (NO_SUCH_IMAGE.contains(reason)) {
      return new Hopeless(
          TaskEnd.of(Reason.IMAGE_UNAVAILABLE, "the image cannot be had: " + detail));
    }
    boolean image = IMAGE_TROUBLE.contains(reason);
    // While it is backing off, a kubelet does not say what went wrong.
    boolean silent = reason.equals("ImagePullBackOff") && !memory.cause().isEmpty();
    String cause = silent ? memory.cause() : detail;
    Instant until = begun(pod, memory).plus(image ? IMAGE_PATIENCE : CONTAINER_PATIENCE);
    if (now.isBefore(until)) {
      return new Patience(new Status.Staging(), until, cause);
    }
    return new Hopeless(
        image
            ? TaskEnd.of(Reason.IMAGE_UNAVAILABLE, "the image cannot be had: " + cause)
            : PodEnding.unmakable(reason, cause));
  }

  private static Status running(Pod pod) {
    return new Status.Running(addresses(pod));
  }

  /// The pod's own addresses; none as long as it has none, or where it shares its node's.
  static List<String> addresses(Pod pod) {
    if (pod.getSpec() != null && Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      return List.of();
    }
    PodStatus status = podStatus(pod);
    List<String> all =
        status.getPodIPs() == null
            ? List.of()
            : status.getPodIPs().stream().map(PodIP::getIp).filter(ip -> ip != null).toList();
    if (all.isEmpty() && status.getPodIP() != null) {
      return List.of(status.getPodIP());
    }
    return all.stream().limit(Status.Running.MOST_ADDRESSES).toList();
  }

  private static boolean runs(Pod pod, String container) {
    return status(pod, container).filter(state -> state.getRunning() != null).isPresent();
  }

  private static Optional<ContainerState> status(Pod pod, String container) {
    return Stream.concat(
            podStatus(pod).getInitContainerStatuses().stream(),
            podStatus(pod).getContainerStatuses().stream())
        .filter(status -> status.getName().equals(container))
        .map(ContainerStatus::getState)
        .filter(state -> state != null)
        .findFirst();
  }

  private static PodStatus podStatus(Pod pod) {
    return pod.getStatus() == null ? new PodStatus() : pod.getStatus();
  }

  private static Instant begun(Pod pod, Memory memory) {
    return time(podStatus(pod).getStartTime()).orElse(memory.changed());
  }

  private static long graceSeconds(Pod pod) {
    Long grace = pod.getSpec() == null ? null : pod.getSpec().getTerminationGracePeriodSeconds();
    return grace == null ? USUAL_GRACE_SECONDS : Math.max(0, grace);
  }

  /// A time as Kubernetes writes it.
  static Optional<Instant> time(@org.jspecify.annotations.Nullable String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }
}
