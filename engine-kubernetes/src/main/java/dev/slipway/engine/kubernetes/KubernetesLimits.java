package dev.slipway.engine.kubernetes;

import java.time.Duration;

/// What one engine may ask of its cluster, and for how long it waits.
///
/// @param writesInFlight writes that the API server is asked for at once: enough to hide its
///     latency, and a small part of the hundreds that it takes of everybody
/// @param writesPerSecond writes started within a second at most, pods, secrets and all
/// @param requestPatience how long one answer of the API server is waited for
/// @param writePatience how long a write is tried again before its order counts as failed
/// @param longestPause the longest wait between two tries; the first ones are much shorter
/// @param execsAtOnce commands that run in tasks at once, each of which holds a connection
/// @param capacityHold how long a node's capacity stays as told before other pods change it again,
///     so that a busy cluster does not make the journal grow
/// @param silencePatience how long a node that was heard of has to be silent before it is told so:
///     some rounds of a kubelet, which posts its status each 10 s at the latest
/// @param usageInterval how often each kubelet is asked what tasks use
/// @param kubeletsAtOnce kubelets asked at once
/// @param kubeletBytes how much one kubelet may answer: some 4 kB a pod, of 250 pods at most
/// @param fenceFreshness how long ago the reading of the Lease may have begun that an order needs:
///     so long a leadership that was followed by another may still give orders. A busy API server
///     takes hundreds of milliseconds to answer; with less than that no order would get through
public record KubernetesLimits(
    int writesInFlight,
    int writesPerSecond,
    Duration requestPatience,
    Duration writePatience,
    Duration longestPause,
    int execsAtOnce,
    Duration capacityHold,
    Duration silencePatience,
    Duration usageInterval,
    int kubeletsAtOnce,
    int kubeletBytes,
    Duration fenceFreshness) {
  public static final KubernetesLimits DEFAULT =
      new KubernetesLimits(
          16,
          1000,
          Duration.ofSeconds(15),
          Duration.ofMinutes(1),
          Duration.ofSeconds(5),
          32,
          Duration.ofSeconds(15),
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          16,
          16 * 1024 * 1024,
          Duration.ofSeconds(1));

  public KubernetesLimits {
    if (writesInFlight < 1
        || writesPerSecond < 1
        || execsAtOnce < 1
        || kubeletsAtOnce < 1
        || kubeletBytes < 1) {
      throw new IllegalArgumentException("a limit is too small to run anything");
    }
    if (!usageInterval.isPositive()
        || !requestPatience.isPositive()
        || !fenceFreshness.isPositive()) {
      throw new IllegalArgumentException("a limit leaves no time to run anything");
    }
  }

  /// How long is waited: for one answer, for a write in all, and between two tries at most.
  public KubernetesLimits withPatience(Duration request, Duration write, Duration pause) {
    return new KubernetesLimits(
        writesInFlight,
        writesPerSecond,
        request,
        write,
        pause,
        execsAtOnce,
        capacityHold,
        silencePatience,
        usageInterval,
        kubeletsAtOnce,
        kubeletBytes,
        fenceFreshness);
  }
}
