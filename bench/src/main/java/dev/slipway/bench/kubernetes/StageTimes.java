package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// When the last instance reached each stage, from the moment of the request on.
///
/// Used by one thread.
public final class StageTimes {
  private final long began = System.nanoTime();
  private final Instant clock = Instant.now();
  private final Map<Stage, Duration> times = new EnumMap<>(Stage.class);
  private long mostOnANode;

  /// The stage is reached now.
  public void reached(Stage stage) {
    times.put(stage, Duration.ofNanos(System.nanoTime() - began));
  }

  /// The stage was reached by the last of these, told in nanoseconds of [System#nanoTime].
  public void reached(Stage stage, Collection<Long> moments) {
    moments.stream()
        .max(Long::compare)
        .ifPresent(last -> times.put(stage, Duration.ofNanos(last - began)));
  }

  /// The stage was reached by the last of these, told by a clock of this machine. One before the
  /// request is a matter of whole seconds and counts as at once.
  public void reachedAt(Stage stage, Collection<Instant> moments) {
    moments.stream()
        .max(Instant::compareTo)
        .map(last -> Duration.between(clock, last))
        .ifPresent(taken -> times.put(stage, taken.isNegative() ? Duration.ZERO : taken));
  }

  /// What the pods say themselves when all run.
  public void read(List<Pod> pods) {
    reachedAt(Stage.TAKEN_UP, moments(pods, pod -> pod.getStatus().getStartTime()));
    reachedAt(Stage.STARTED, moments(pods, StageTimes::started));
    mostOnANode =
        pods.stream()
            .collect(
                Collectors.groupingBy(pod -> pod.getSpec().getNodeName(), Collectors.counting()))
            .values()
            .stream()
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
  }

  private static List<Instant> moments(List<Pod> pods, Function<Pod, @Nullable String> moment) {
    return pods.stream()
        .flatMap(pod -> Optional.ofNullable(moment.apply(pod)).stream())
        .map(Instant::parse)
        .toList();
  }

  private static @Nullable String started(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .map(ContainerStatus::getState)
        .flatMap(state -> Optional.ofNullable(state.getRunning()).stream())
        .map(running -> running.getStartedAt())
        .findFirst()
        .orElse(null);
  }

  /// The time of a stage; nothing where nobody tells it.
  public Optional<Duration> time(Stage stage) {
    return Optional.ofNullable(times.get(stage));
  }

  /// How many pods the fullest node has.
  public long mostOnANode() {
    return mostOnANode;
  }
}
