package dev.slipway.core.scenario;

import dev.slipway.core.control.Effect;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.scenario.Sabotage.Spoilt;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Nomination;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Ways to break how instances make room for others.
final class YieldingSabotage {
  private YieldingSabotage() {}

  private static Event kill(InstanceId instance, String detail, Instant at) {
    return new Event.KillOrdered(instance, new Instance.Kill(KillReason.PREEMPTED, detail, at));
  }

  private static Event.RoomNominated with(
      Event.RoomNominated nominated, int priority, List<InstanceId> victims) {
    Nomination known = nominated.nomination();
    return new Event.RoomNominated(
        nominated.instance(),
        new Nomination(
            known.place(), priority, known.version(), victims, known.at(), known.until()));
  }

  static Spoilt endsEquals(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.RoomNominated nominated
                ? List.of(with(nominated, -10, nominated.nomination().victims()))
                : List.of(event));
  }

  static Spoilt doesNotSayForWhom(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.KillOrdered order
                    && order.kill().reason() == KillReason.PREEMPTED
                ? List.of(kill(order.instance(), "", good.now()))
                : List.of(event));
  }

  static Spoilt countsNoVictims(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.KillOrdered order
                    && order.kill().reason() == KillReason.PREEMPTED
                ? List.of(
                    kill(
                        order.instance(),
                        order.kill().detail(),
                        good.now().minus(Duration.ofHours(1))))
                : List.of(event));
  }

  /// Whoever is placed is placed where room is kept.
  static Spoilt stealsRoom(Spoilt good) {
    Optional<NodeId> kept = Optional.empty();
    for (Nomination nomination : good.before().nominations().byInstance().values()) {
      kept = Optional.of(nomination.place().node());
    }
    if (kept.isEmpty()) {
      return good;
    }
    NodeId node = kept.get();
    var free = good.before().node(node).orElseThrow().free();
    return good.effects(effect -> effect instanceof Effect.Launch ? List.of() : List.of(effect))
        .events(
            event ->
                event instanceof Event.InstancePlaced placed
                        && good.before().nominations().of(placed.instance()).isEmpty()
                        && placed.place().volumes().isEmpty()
                        && placed.place().resources().fitsIn(free)
                    ? List.of(
                        new Event.InstancePlaced(
                            placed.instance(),
                            placed.version(),
                            placed.generation(),
                            new Instance.Place(
                                node, placed.place().hostPorts(), placed.place().resources()),
                            placed.portCursor(),
                            placed.at()))
                    : List.of(event));
  }

  /// Room is kept on a node that is emptied.
  static Spoilt keepsTooLong(Spoilt good) {
    Spoilt spoilt = good;
    for (var one : good.before().nominations().byInstance()) {
      boolean gone = !good.decision().after().nominations().byInstance().containsKey(one.getKey());
      boolean waits =
          good.decision()
              .after()
              .instance(one.getKey())
              .filter(instance -> instance.condition() == Condition.SCHEDULED)
              .isPresent();
      if (gone && waits) {
        spoilt = spoilt.and(new Event.RoomNominated(one.getKey(), one.getValue()));
      }
    }
    return spoilt;
  }

  /// All instances of the victims' apps make room.
  static Spoilt endsTheLast(Spoilt good) {
    var after = good.decision().after();
    return good.events(
        event -> {
          if (!(event instanceof Event.RoomNominated nominated)) {
            return List.of(event);
          }
          List<InstanceId> victims = new ArrayList<>(nominated.nomination().victims());
          List<Event> kills = new ArrayList<>();
          for (InstanceId id :
              after.node(nominated.nomination().place().node()).orElseThrow().instances().keys()) {
            Instance instance = after.instance(id).orElseThrow();
            boolean lower =
                Yielding.priority(after, instance.app()) < nominated.nomination().priority();
            if (instance.condition() == Condition.RUNNING
                && lower
                && instance.place().orElseThrow().volumes().isEmpty()) {
              victims.add(id);
              kills.add(
                  kill(
                      id,
                      "makes room for " + nominated.instance().value(),
                      nominated.nomination().at()));
            }
          }
          kills.addFirst(with(nominated, nominated.nomination().priority(), victims));
          return kills;
        });
  }
}
