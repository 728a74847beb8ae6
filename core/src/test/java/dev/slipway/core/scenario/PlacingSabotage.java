package dev.slipway.core.scenario;

import dev.slipway.core.app.Scheduling;
import dev.slipway.core.control.Effect;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.scenario.Sabotage.Spoilt;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Formation;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Ways to break where daemons and gangs are put.
final class PlacingSabotage {
  private PlacingSabotage() {}

  /// Of several that are placed together the last one is left out.
  static Spoilt splitsGang(Spoilt good) {
    List<InstanceId> members =
        placed(good, Scheduling::gang).map(Event.InstancePlaced::instance).toList();
    return members.size() < 2 ? good : without(good, members.getLast());
  }

  private static Stream<Event.InstancePlaced> placed(Spoilt good, Predicate<Scheduling> which) {
    return good.decision().events().stream()
        .filter(Event.InstancePlaced.class::isInstance)
        .map(Event.InstancePlaced.class::cast)
        .filter(
            event ->
                good.decision()
                    .after()
                    .formation(event.instance().app())
                    .filter(held -> which.test(held.app().spec().scheduling()))
                    .isPresent());
  }

  private static Spoilt without(Spoilt good, InstanceId left) {
    return good.events(
            event ->
                event instanceof Event.InstancePlaced one && one.instance().equals(left)
                    ? List.of()
                    : List.of(event))
        .effects(
            effect ->
                effect instanceof Effect.Launch(var launch) && launch.id().instance().equals(left)
                    ? List.of()
                    : List.of(effect));
  }

  /// One that is to start on a node starts where another stands.
  static Spoilt doublesDaemon(Spoilt good) {
    List<Event.InstancePlaced> placed = placed(good, Scheduling::daemon).toList();
    if (placed.size() < 2
        || !placed.get(0).instance().app().equals(placed.get(1).instance().app())) {
      return good;
    }
    Event.InstancePlaced moved = placed.get(0);
    var there =
        new Instance.Place(placed.get(1).place().node(), List.of(), moved.place().resources());
    var doubled =
        new Event.InstancePlaced(
            moved.instance(),
            moved.version(),
            moved.generation(),
            there,
            moved.portCursor(),
            moved.at());
    return good.events(event -> List.of(event.equals(moved) ? doubled : event))
        .effects(effect -> effect instanceof Effect.Launch ? List.of() : List.of(effect));
  }

  static Spoilt losesDaemon(Spoilt good) {
    return good.events(
        event ->
            event instanceof Event.InstanceScheduled one
                    && good.decision()
                        .after()
                        .formation(one.instance().app())
                        .filter(Formation::isDaemon)
                        .isPresent()
                ? List.of()
                : List.of(event));
  }
}
