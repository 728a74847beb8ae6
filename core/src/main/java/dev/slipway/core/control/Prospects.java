package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.placement.Headroom;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.Survey;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;

/// What the nodes say to one more instance of an app, what is kept free of it included, for those
/// who ask why it waits.
public final class Prospects {
  private Prospects() {}

  /// One verdict a node.
  public static List<NodeVerdict> explain(State state, AppSpec app) {
    return explain(state, app, 0, Integer.MAX_VALUE);
  }

  /// The same of some nodes only.
  ///
  /// @param offset nodes that are passed over
  /// @param most nodes of which a verdict is given
  public static List<NodeVerdict> explain(State state, AppSpec app, int offset, int most) {
    Request request = LaunchRequest.of(state, app);
    KeptRoom room = KeptRoom.of(state, app);
    List<Instance> siblings = new ArrayList<>();
    room.instancesOf(app.id()).forEach(siblings::add);
    if (!isKeptOff(state, request)) {
      return Placement.explain(room.nodes(), request, siblings, offset, most);
    }
    return headroom(state).explain(room.nodes(), siblings, request).stream()
        .skip(offset)
        .limit(most)
        .toList();
  }

  /// How many nodes say what.
  public static Survey survey(State state, AppSpec app, Placer placer) {
    Request request = LaunchRequest.of(state, app);
    KeptRoom room = KeptRoom.of(state, app);
    return isKeptOff(state, request)
        ? headroom(state).survey(room.nodes(), room::instancesOf, request, placer)
        : placer.survey(room.nodes(), room::instancesOf, request);
  }

  /// Whether there is headroom that the request may not take.
  static boolean isKeptOff(State state, Request request) {
    return Headroom.concerns(request) && !state.placementPolicy().headroom().isEmpty();
  }

  static Headroom headroom(State state) {
    return new Headroom(state.placementPolicy().headroom(), state.root().apps(), new Placer());
  }
}
