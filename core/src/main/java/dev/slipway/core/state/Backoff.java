package dev.slipway.core.state;

import dev.slipway.core.app.BackoffPolicy;
import dev.slipway.core.instance.InstanceId;
import java.time.Duration;
import java.time.Instant;

/// The delay before an app's next launch, as Marathon's `RateLimiter.scala` keeps it.
///
/// @param generation the app's generation that failed; another generation starts without delay
/// @param delay the delay now in force, without the policy's jitter
/// @param until before when nothing is launched
/// @param lastEvent the last failure or launch
public record Backoff(Instant generation, Duration delay, Instant until, Instant lastEvent) {

  /// After the first failure.
  public static Backoff first(
      Instant generation, BackoffPolicy policy, InstanceId failed, Instant now) {
    Duration delay = shorter(policy.initial(), policy.limit());
    return of(generation, delay, policy, failed, now);
  }

  /// After another failure: longer by the policy's factor.
  public Backoff raised(BackoffPolicy policy, InstanceId failed, Instant now) {
    long millis = Math.round(Math.min(delay.toMillis() * policy.factor(), Long.MAX_VALUE / 4.0));
    Duration longer = shorter(Duration.ofMillis(millis), policy.limit());
    return of(generation, longer, policy, failed, now);
  }

  /// After a launch: the same delay, from now on.
  public Backoff renewed(BackoffPolicy policy, InstanceId launched, Instant now) {
    return of(generation, delay, policy, launched, now);
  }

  /// Whether the delay has been over for longer than the policy's limit. Marathon counts from the
  /// last failure or launch; but then a delay that has reached the limit is forgotten by whoever
  /// looks a moment after it is over, and an app that crashes for ever is soon launched fast again.
  public boolean isForgotten(BackoffPolicy policy, Instant now) {
    return now.isAfter(until.plus(policy.limit()));
  }

  private static Backoff of(
      Instant generation, Duration delay, BackoffPolicy policy, InstanceId instance, Instant now) {
    long more = Math.round(delay.toMillis() * policy.jitter() * fraction(instance));
    return new Backoff(generation, delay, now.plus(delay).plusMillis(more), now);
  }

  /// From 0 to 1, evenly spread over instances and always the same for one: deciding is free of
  /// randomness.
  private static double fraction(InstanceId instance) {
    int mixed = instance.value().hashCode() * 0x9E3779B9;
    return (mixed >>> 1) / (double) Integer.MAX_VALUE;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
