package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.PathId;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What is known of one task.
///
/// @param grace how long its pod may take to end
/// @param status as it was told last
/// @param at when it came into that status
/// @param ordered why it is to end, once that was ordered
/// @param exists whether its pod is there to be looked at
/// @param since when it became known here: a list that was begun before may lack it
/// @param claims the persistent volumes that its pod mounts, by the names of their claims
/// @param secretPaths files below the sandbox that hold secrets
/// @param memLimitBytes the memory that its pod may use, 0 without a limit
record Known(
    TaskId task,
    NodeId node,
    Duration grace,
    Status status,
    Instant at,
    Optional<EndOrder> ordered,
    boolean exists,
    long since,
    Set<String> claims,
    Set<String> secretPaths,
    long memLimitBytes) {
  Known {
    claims = Set.copyOf(claims);
    secretPaths = Set.copyOf(secretPaths);
  }

  /// A task that was ordered just now.
  static Known launched(TaskId task, NodeId node, Duration grace, Set<String> claims, Instant at) {
    return new Known(
        task,
        node,
        grace,
        new Status.Staging(),
        at,
        Optional.empty(),
        false,
        System.nanoTime(),
        claims,
        Set.of(),
        0);
  }

  /// A task of which a pod was found.
  static Known of(TaskId task, Pod pod, Status status, Instant at) {
    Long seconds = pod.getSpec().getTerminationGracePeriodSeconds();
    return new Known(
        task,
        new NodeId(pod.getSpec().getNodeName()),
        Duration.ofSeconds(seconds == null ? 0 : seconds),
        status,
        at,
        EndOrder.of(pod),
        true,
        System.nanoTime(),
        claims(pod),
        secretPaths(pod),
        memLimitBytes(pod));
  }

  private static long memLimitBytes(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .filter(container -> Names.TASK_CONTAINER.equals(container.getName()))
        .map(container -> container.getResources())
        .filter(resources -> resources != null && resources.getLimits() != null)
        .map(resources -> resources.getLimits().get("memory"))
        .filter(limit -> limit != null)
        .mapToLong(limit -> Quantity.getAmountInBytes(limit).longValue())
        .findFirst()
        .orElse(0);
  }

  private static Set<String> claims(Pod pod) {
    Set<String> names = new TreeSet<>();
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getPersistentVolumeClaim() != null) {
        names.add(volume.getPersistentVolumeClaim().getClaimName());
      }
    }
    return names;
  }

  /// Every file that is mounted from a Secret, by its path below the sandbox.
  private static Set<String> secretPaths(Pod pod) {
    Set<String> volumes = new TreeSet<>();
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getSecret() != null || volume.getProjected() != null) {
        volumes.add(volume.getName());
      }
    }
    Set<String> paths = new TreeSet<>();
    String below = Names.SANDBOX + "/";
    for (var container : pod.getSpec().getContainers()) {
      for (VolumeMount mount : container.getVolumeMounts()) {
        if (volumes.contains(mount.getName()) && mount.getMountPath().startsWith(below)) {
          paths.add(mount.getMountPath().substring(below.length()));
        }
      }
    }
    return paths;
  }

  String pod() {
    return Names.podName(task);
  }

  PathId app() {
    return task.instance().app();
  }

  boolean isOver() {
    return status instanceof Status.Ended;
  }

  boolean isRunning() {
    return status instanceof Status.Running;
  }

  TaskObservation observation() {
    return new TaskObservation(task, node, at, status);
  }

  Known in(Status next, Instant when) {
    return new Known(task, node, grace, next, when, ordered, exists, since, claims, secretPaths, memLimitBytes);
  }

  Known ended(TaskEnd end, Instant when) {
    return in(new Status.Ended(end), when);
  }

  Known ordered(EndOrder order) {
    return new Known(
        task, node, grace, status, at, Optional.of(order), exists, since, claims, secretPaths, memLimitBytes);
  }

  /// Its pod is not there any more.
  Known vanished() {
    return new Known(task, node, grace, status, at, ordered, false, since, claims, secretPaths, memLimitBytes);
  }
}
