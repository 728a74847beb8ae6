package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.SignalNames;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Tells how a task ended from what its pod says: our own order first, then what Kubernetes did to
/// the pod, then what the container's code tells.
final class PodEnding {
  static final int LONGEST_DETAIL = 300;

  private static final int FIRST_SIGNAL_CODE = 128;
  private static final int LAST_SIGNAL = 64;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final String LOG_TROUBLE = "Error on reading termination message from logs";
  private static final String PROGRAM = "exec: ";

  private PodEnding() {}

  /// How the task's container ended.
  static TaskEnd ofContainer(Pod pod, ContainerStateTerminated end) {
    int code = end.getExitCode() == null ? 0 : end.getExitCode();
    Optional<Integer> signal = signal(end, code);
    Optional<Integer> exit = Optional.of(code).filter(number -> signal.isEmpty());
    Cause cause =
        EndOrder.of(pod)
            .map(order -> new Cause(order.reason(), order.message()))
            .or(() -> byRuntime(pod, end, code))
            .or(() -> byPod(pod))
            .or(() -> byDeletion(pod, end))
            .or(() -> unrunnable(pod, end, code))
            .orElseGet(() -> byItself(code, signal));
    boolean started = cause.reason() != Reason.COMMAND_INVALID || code != FIRST_SIGNAL_CODE;
    return new TaskEnd(
        cause.reason(),
        exit.filter(number -> started),
        signal.filter(number -> started),
        cause.message());
  }

  /// How the init container failed.
  static TaskEnd ofFetch(Pod pod, ContainerStateTerminated end) {
    Optional<EndOrder> order = EndOrder.of(pod);
    if (order.isPresent()) {
      return TaskEnd.of(order.get().reason(), order.get().message());
    }
    Optional<Cause> byPod = byPod(pod);
    if (byPod.isPresent()) {
      return TaskEnd.of(byPod.get().reason(), byPod.get().message());
    }
    String said = message(end);
    String why =
        said.isEmpty()
            ? "the init container ended with code "
                + end.getExitCode()
                + " ("
                + end.getReason()
                + ")"
            : Lines.one(said, LONGEST_DETAIL);
    String task = Names.task(pod).map(id -> id.value()).orElse(pod.getMetadata().getName());
    return TaskEnd.of(
        Reason.FETCH_FAILED, "Failed to fetch all URIs for container '" + task + "': " + why);
  }

  /// How a task ended whose pod is over, and whose container says nothing.
  static TaskEnd ofPod(Pod pod) {
    return EndOrder.of(pod)
        .map(order -> new Cause(order.reason(), order.message()))
        .or(() -> byPod(pod))
        .orElseGet(() -> refused(pod))
        .end();
  }

  /// How a task ended whose pod was removed before anybody saw it end.
  static TaskEnd removed(Pod pod) {
    return EndOrder.of(pod)
        .map(order -> new Cause(order.reason(), order.message()))
        .or(() -> byPod(pod))
        .orElseGet(() -> new Cause(Reason.GONE, "its pod was deleted, and nobody saw the task end"))
        .end();
  }

  /// A container that cannot be made for so long that it never will be.
  static TaskEnd unmakable(String reason, String cause) {
    boolean command = cause.contains(PROGRAM) || cause.contains("unable to find user");
    return TaskEnd.of(
        command ? Reason.COMMAND_INVALID : Reason.LAUNCH_FAILED,
        "the container could not be made (" + reason + "): " + cause);
  }

  private record Cause(Reason reason, String message) {
    TaskEnd end() {
      return TaskEnd.of(reason, message);
    }
  }

  /// What the container runtime says.
  private static Optional<Cause> byRuntime(Pod pod, ContainerStateTerminated end, int code) {
    return switch (String.valueOf(end.getReason())) {
      case "OOMKilled" ->
          code == 0
              ? Optional.empty()
              : Optional.of(new Cause(Reason.OUT_OF_MEMORY, outOfMemory(pod)));
      case "StartError", "ContainerCannotRun" -> Optional.of(neverStarted(pod, end));
      case "ContainerStatusUnknown", "Unknown" ->
          Optional.of(
              new Cause(Reason.GONE, "its node restarted, and nobody saw the container end"));
      default -> Optional.empty();
    };
  }

  private static Cause neverStarted(Pod pod, ContainerStateTerminated end) {
    String said = message(end).replaceFirst(": unknown$", "");
    int program = said.indexOf(PROGRAM);
    if (program < 0) {
      return new Cause(
          Reason.LAUNCH_FAILED,
          "the container could not be started: " + Lines.one(said, LONGEST_DETAIL));
    }
    return new Cause(
        Reason.COMMAND_INVALID,
        program(pod).map(name -> "the program '" + name + "'").orElse("the image's program")
            + " could not be run: "
            + Lines.one(said.substring(program + PROGRAM.length()), LONGEST_DETAIL));
  }

  /// What Kubernetes did to the whole pod.
  private static Optional<Cause> byPod(Pod pod) {
    String reason = pod.getStatus() == null ? "" : String.valueOf(pod.getStatus().getReason());
    return switch (reason) {
      case "Evicted" -> Optional.of(evicted(podMessage(pod)));
      case "DeadlineExceeded" ->
          Optional.of(
              new Cause(Reason.KILLED, "somebody else set its pod a deadline, which is over"));
      case "Preempting" ->
          Optional.of(
              new Cause(
                  Reason.EVICTED, "its node made room for a critical pod: " + podMessage(pod)));
      case "Shutdown", "NodeShutdown", "Terminated" ->
          Optional.of(new Cause(Reason.EVICTED, "its node shut down: " + podMessage(pod)));
      case "NodeLost" ->
          Optional.of(new Cause(Reason.GONE, "its node was lost: " + podMessage(pod)));
      default -> disrupted(pod);
    };
  }

  private static Cause evicted(String message) {
    boolean disk =
        message.contains("ephemeral local storage usage exceeds")
            || message.contains("exceeded its local ephemeral storage limit")
            || message.contains("Usage of EmptyDir volume");
    return disk
        ? new Cause(Reason.DISK_LIMIT, "its files take more than the disk it requested: " + message)
        : new Cause(Reason.EVICTED, "its node evicted it: " + message);
  }

  private static Optional<Cause> disrupted(Pod pod) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("DisruptionTarget"))
        .filter(condition -> condition.getStatus().equals("True"))
        .findFirst()
        .map(
            condition ->
                new Cause(
                    Reason.EVICTED,
                    "Kubernetes took its pod away (%s): %s"
                        .formatted(
                            condition.getReason(),
                            Lines.one(String.valueOf(condition.getMessage()), LONGEST_DETAIL))));
  }

  /// A pod may be deleted long after its task ended; only what ended since was ended by that.
  private static Optional<Cause> byDeletion(Pod pod, ContainerStateTerminated end) {
    Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
    Optional<Instant> deleted =
        PodReading.time(pod.getMetadata().getDeletionTimestamp())
            .map(time -> time.minus(Duration.ofSeconds(grace == null ? 0 : grace)));
    Optional<Instant> finished = PodReading.time(end.getFinishedAt());
    if (deleted.isEmpty() || finished.filter(deleted.get()::isAfter).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(new Cause(Reason.KILLED, "somebody else deleted its pod"));
  }

  /// A program may exit with 126 and 127 by itself; what could not be run is told by the last line
  /// of the log, which names it.
  private static Optional<Cause> unrunnable(Pod pod, ContainerStateTerminated end, int code) {
    String last = Lines.last(message(end), LONGEST_DETAIL);
    if ((code != NOT_FOUND && code != NOT_EXECUTABLE) || last.isEmpty()) {
      return Optional.empty();
    }
    if (isShell(pod)) {
      return Optional.of(
          new Cause(Reason.COMMAND_INVALID, "the command could not be run: " + last));
    }
    return program(pod)
        .filter(last::contains)
        .map(
            name ->
                new Cause(
                    Reason.COMMAND_INVALID,
                    "the program '" + name + "' could not be run: " + last));
  }

  private static Cause byItself(int code, Optional<Integer> signal) {
    return signal
        .map(number -> new Cause(Reason.SIGNALED, "ended by " + SignalNames.of(number)))
        .orElseGet(() -> new Cause(Reason.EXITED, "exited with code " + code));
  }

  /// A kubelet did not let the pod start.
  private static Cause refused(Pod pod) {
    String reason = pod.getStatus() == null ? "" : String.valueOf(pod.getStatus().getReason());
    String message = podMessage(pod);
    if (reason.equals("NodePorts") || message.contains("NodePorts")) {
      return new Cause(
          Reason.PORT_IN_USE, "another pod on the node has one of its host ports: " + message);
    }
    return new Cause(
        Reason.LAUNCH_FAILED, "the node did not let the pod start (" + reason + "): " + message);
  }

  /// Runtimes tell a signal as code 128 + n.
  private static Optional<Integer> signal(ContainerStateTerminated end, int code) {
    if (end.getSignal() != null && end.getSignal() > 0) {
      return Optional.of(end.getSignal());
    }
    int number = code - FIRST_SIGNAL_CODE;
    return number > 0 && number <= LAST_SIGNAL ? Optional.of(number) : Optional.empty();
  }

  private static String outOfMemory(Pod pod) {
    return task(pod)
        .flatMap(container -> Optional.ofNullable(container.getResources()))
        .flatMap(resources -> Optional.ofNullable(resources.getLimits()))
        .flatMap(limits -> Optional.ofNullable(limits.get("memory")))
        .map(Quantity::getAmountInBytes)
        .map(
            limit ->
                "used more memory than its limit of "
                    + limit.longValue() / Resources.MEBIBYTE
                    + " MiB")
        .orElse("used more memory than its node had for it");
  }

  private static boolean isShell(Pod pod) {
    return task(pod)
        .map(Container::getCommand)
        .filter(command -> command.size() > 1)
        .filter(command -> command.subList(0, 2).equals(List.of("/bin/sh", "-c")))
        .isPresent();
  }

  private static Optional<String> program(Pod pod) {
    return task(pod)
        .flatMap(
            container ->
                container.getCommand().stream()
                    .findFirst()
                    .or(() -> container.getArgs().stream().findFirst()))
        .map(name -> name.replace("$$", "$"));
  }

  private static Optional<Container> task(Pod pod) {
    return pod.getSpec() == null
        ? Optional.empty()
        : pod.getSpec().getContainers().stream()
            .filter(container -> container.getName().equals(Names.TASK_CONTAINER))
            .findFirst();
  }

  private static String message(ContainerStateTerminated end) {
    String message = end.getMessage() == null ? "" : end.getMessage().strip();
    return message.startsWith(LOG_TROUBLE) ? "" : message;
  }

  private static String podMessage(Pod pod) {
    String message = pod.getStatus() == null ? null : pod.getStatus().getMessage();
    return message == null ? "" : Lines.one(message, LONGEST_DETAIL);
  }
}
