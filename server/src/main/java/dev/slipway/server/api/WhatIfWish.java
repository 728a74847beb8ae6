package dev.slipway.server.api;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.WhatIf;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is to be supposed: more instances of apps, more nodes, and fewer. What stands on a node
/// that is taken away is asked for first, so that the answer says whether it fits elsewhere.
///
/// @param asks with the nodes that each has to leave; none for what is new
/// @param nodes those that are left, and those that are added
record WhatIfWish(List<Asked> asks, Nodes nodes, Set<String> added) {

  /// @param from the node that it stands on now, if it would be taken away
  record Asked(PathId app, Optional<String> from, WhatIf.Ask ask) {}

  private record Leaving(PathId app, Instant version) {}

  /// The nodes without some of them.
  static Nodes without(Nodes nodes, List<NodeRecord> removed) {
    Nodes left = nodes;
    for (NodeRecord gone : removed) {
      left = WhatIf.without(left, gone);
    }
    return left;
  }

  /// What stands on a node, to be placed elsewhere. What is on its way out is
  /// not, nor are daemons, which go with their node.
  static List<Asked> leaving(State state, NodeRecord gone) {
    Map<Leaving, Integer> counts = new LinkedHashMap<>();
    for (var id : gone.instances().keys()) {
      Instance instance = state.instance(id).orElse(null);
      if (instance != null
          && !instance.condition().isTerminal()
          && instance.condition() != Condition.KILLING) {
        counts.merge(new Leaving(instance.app(), instance.version()), 1, Integer::sum);
      }
    }
    List<Asked> asks = new ArrayList<>();
    counts.forEach(
        (leaving, count) ->
            state
                .app(leaving.app(), leaving.version())
                .or(() -> state.formation(leaving.app()).map(Formation::app))
                .map(App::spec)
                .filter(spec -> !spec.scheduling().daemon())
                .ifPresent(
                    spec ->
                        asks.add(
                            new Asked(
                                leaving.app(),
                                Optional.of(gone.id().value()),
                                new WhatIf.Ask(
                                    elsewhere(state, spec, gone),
                                    Math.min(count, WhatIf.MOST_INSTANCES))))));
    return asks;
  }

  private static Request elsewhere(State state, AppSpec spec, NodeRecord gone) {
    Request request = request(state, spec);
    return spec.persistentVolumes().isEmpty()
        ? request
        : request.boundTo(
            new Request.Bound(
                Set.of(), "its volumes are on %s, which would be gone".formatted(gone.id())));
  }

  static Request request(State state, AppSpec spec) {
    return Request.of(spec, state.platform().firstPort());
  }

  int instances() {
    return asks.stream().mapToInt(asked -> asked.ask().count()).sum();
  }
}
