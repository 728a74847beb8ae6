package dev.slipway.core.control;

import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How far the emptying of a node is, for those who ask what it waits for.
///
/// @param remaining what still stands there, and why
public record DrainProgress(List<Remaining> remaining) {
  public DrainProgress {
    remaining = List.copyOf(remaining);
  }

  /// An instance that is still there.
  ///
  /// @param stays whether it does not leave at all
  /// @param why in a sentence without its beginning: `waits until its replacement is ready`
  public record Remaining(Instance instance, boolean stays, String why) {}

  /// Nothing where the node is not known or gives nothing up.
  public static Optional<DrainProgress> of(State state, NodeId id) {
    return state.node(id).filter(NodeRecord::givesUp).map(node -> of(state, node));
  }

  private static DrainProgress of(State state, NodeRecord node) {
    List<Remaining> remaining = new ArrayList<>();
    for (InstanceId id : node.instances().keys()) {
      state
          .instance(id)
          .map(instance -> remaining(state, node, instance))
          .ifPresent(remaining::add);
    }
    return new DrainProgress(remaining);
  }

  private static Remaining remaining(State state, NodeRecord node, Instance instance) {
    if (instance.condition() == Condition.KILLING) {
      String why =
          node.silent() ? "is to be ended if the node returns" : "is being ended, within its grace";
      return new Remaining(instance, false, why);
    }
    if (!instance.place().map(Instance.Place::volumes).orElse(List.of()).isEmpty()) {
      return new Remaining(
          instance,
          true,
          "stays: its volumes are here and cannot move; end or scale it to free it");
    }
    if (node.silent()) {
      return new Remaining(instance, false, "waits until something is heard of the node");
    }
    if (Daemons.staysForOthers(state, instance)) {
      return new Remaining(
          instance, false, "is a daemon: ends when all that is none is gone from the node");
    }
    return new Remaining(instance, false, waits(state, instance));
  }

  private static String waits(State state, Instance instance) {
    Formation formation = state.formation(instance.app()).orElse(null);
    if (formation == null) {
      return "is about to be ended";
    }
    Census census = Census.of(state, formation);
    if (census.unplaced() > 0) {
      return "waits until a node takes its replacement; %d of %d instances are ready"
          .formatted(census.ready(census.current()), state.wanted(formation));
    }
    int ready = census.ready(census.current()) + census.ready(census.replaced());
    return "waits until its replacement is ready; %d instances are, %d wanted"
        .formatted(ready, state.wanted(formation));
  }
}
