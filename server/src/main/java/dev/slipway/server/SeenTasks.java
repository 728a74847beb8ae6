package dev.slipway.server;

import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.State;

/// The tasks of a journal that an engine has shown and that have not ended: wherever they are, that
/// place was claimed before.
final class SeenTasks {
  private SeenTasks() {}

  /// Finds out whether the platform may lead where the engine is.
  ///
  /// @throws dev.slipway.core.engine.ForeignPlatform when it may not; says how to mend it
  static void check(Fenced fenced, State known) {
    fenced.check(known.platform().id(), () -> count(known));
  }

  private static int count(State known) {
    int seen = 0;
    for (PersistentMap<InstanceId, Instance> ofApp : known.instances().values()) {
      for (Instance instance : ofApp.values()) {
        seen += wasSeen(instance) && !instance.condition().isTerminal() ? 1 : 0;
      }
    }
    return seen;
  }

  private static boolean wasSeen(Instance instance) {
    return instance.stagedAt().isPresent() || instance.startedAt().isPresent();
  }
}
