package dev.slipway.core.state;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.InstanceId;
import java.time.Instant;

/// What became of the instances of a run-once app that ended and are not followed by others.
///
/// @param generation the app's generation that they were of
/// @param succeeded how many ended with exit code 0
/// @param failed how many ended otherwise
/// @param last the one that ended last, and how
public record Finished(Instant generation, int succeeded, int failed, Last last) {

  /// How an instance ended.
  public record Last(InstanceId instance, Instant version, TaskEnd end, Instant at) {}

  /// Instances that are done, well or not.
  public int all() {
    return succeeded + failed;
  }
}
