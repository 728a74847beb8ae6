package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.Sorted;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskLaunch;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// A launch with all that had to be looked up for it.
///
/// @param taints of the node as it is now, which the task's placement there has taken into account
/// @param secrets the values by the app's own names for them
/// @param artifacts what the launch fetches, with the platform's own addresses resolved
record PodRequest(
    TaskLaunch launch,
    List<Taint> taints,
    SortedMap<String, SecretValue> secrets,
    List<Fetch> artifacts) {
  PodRequest {
    taints = List.copyOf(taints);
    secrets = Sorted.copyOf(secrets);
    artifacts = List.copyOf(artifacts);
  }

  /// A launch that needs nothing looked up but its node's taints.
  static PodRequest of(TaskLaunch launch, List<Taint> taints) {
    return new PodRequest(
        launch, taints, Sorted.copyOf(Map.<String, SecretValue>of()), launch.fetch());
  }
}
