package dev.slipway.server.marathon.json;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.state.State;

/// The `instances` that clients read of daemons: the number of nodes that they are for. A client
/// that writes back what it read means one on each node, as before.
@FunctionalInterface
public interface ShownInstances {
  /// Of no daemon.
  ShownInstances NONE = app -> 0;

  /// @return 0 of an app that is no daemon, is suspended, or does not exist
  int ofDaemon(PathId app);

  static ShownInstances in(State state) {
    return id ->
        state.app(id).filter(ShownInstances::isDaemon).map(app -> of(state, app)).orElse(0);
  }

  /// Of any app. At least 1 of a daemon that is for no node now: 0 would mean that it is suspended.
  static int of(State state, App app) {
    return isDaemon(app)
        ? Math.max(1, state.roster(app.id()).posts().size())
        : app.spec().instances();
  }

  private static boolean isDaemon(App app) {
    return app.spec().scheduling().daemon() && app.spec().instances() > 0;
  }
}
