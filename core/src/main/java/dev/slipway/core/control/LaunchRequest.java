package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.State;

/// What the next instance of an app needs of a node, for those who ask why it waits.
public final class LaunchRequest {
  private LaunchRequest() {}

  /// The request that placement gets for an instance that is waiting now or would be next, the
  /// volumes included that it would take up.
  public static Request of(State state, AppSpec app) {
    return Residence.of(state, app).next(Request.of(app, state.platform().firstPort()));
  }
}
