package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.Post;
import dev.slipway.core.placement.Reason;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.State;
import java.util.NavigableSet;
import java.util.TreeSet;

/// What the next instance of an app needs of a node, for those who ask why it waits.
public final class LaunchRequest {
  private LaunchRequest() {}

  /// The request that placement gets for an instance that is waiting now or would be next, the
  /// volumes included that it would take up.
  ///
  /// A daemon's is bound to the nodes that lack one.
  public static Request of(State state, AppSpec app) {
    if (app.scheduling().daemon()) {
      NavigableSet<NodeId> open = new TreeSet<>();
      state.roster(app.id()).open().keys().forEach(open::add);
      return Post.request(app, state.platform().firstPort())
          .boundTo(
              new Request.Bound(
                  open,
                  Reason.NOT_NEEDED,
                  "the daemon has an instance here, or is not for this node"));
    }
    return Residence.of(state, app).next(Request.of(app, state.platform().firstPort()));
  }
}
