package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.Spot;
import dev.slipway.core.rebalancing.Move;
import dev.slipway.core.rebalancing.UnderWay;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings the move of one of an app's instances to its end. The instance that moves counts as
/// leaving, so that the arithmetic of replacing is that of a node which is emptied: another comes
/// first where more may run than are wanted, or else as few are missing as the app allows.
///
/// A move is given up as soon as it cannot be, or need not be, made any more; what stands then
/// stays.
public final class MovePass {
  /// A replacement that is not ready after so long has failed, unless its app says otherwise by a
  /// progress deadline.
  public static final Duration DEADLINE = Duration.ofMinutes(5);

  /// Where an instance goes that waits for a place.
  enum Arrival {
    /// It was placed where a move wants it.
    THERE,
    /// No move has to do with it.
    ELSEWHERE,
    /// The move does not need it any more.
    GIVEN_UP
  }

  private MovePass() {}

  /// Records that the app's move is over, if it is; tells when to look again otherwise.
  static Optional<Instant> look(Draft draft, PathId app) {
    UnderWay move = draft.state().rebalancing().moving().get(app);
    if (move == null) {
      return Optional.empty();
    }
    Optional<String> obstacle = obstacle(draft.state(), app, move, draft.now());
    if (obstacle.isPresent()) {
      end(draft, move.move(), false, obstacle.get());
      return Optional.empty();
    }
    if (isDone(draft.state(), move)) {
      end(draft, move.move(), true, "");
      return Optional.empty();
    }
    return Optional.of(move.since().plus(deadline(draft.state(), app)));
  }

  private static void end(Draft draft, Move move, boolean done, String reason) {
    draft.record(new Event.InstanceMoveEnded(move.instance(), done, reason, draft.now()));
  }

  private static boolean isDone(State state, UnderWay move) {
    return state.instance(move.move().instance()).isEmpty()
        && move.replacement()
            .flatMap(state::instance)
            .filter(instance -> isReady(state, instance))
            .isPresent();
  }

  private static boolean isReady(State state, Instance instance) {
    return instance.isReady(state.checkedVersions(instance.app()).contains(instance.version()));
  }

  private static Optional<String> obstacle(State state, PathId app, UnderWay move, Instant now) {
    if (state.formation(app).filter(one -> one.instances() > 0).isEmpty()) {
      return Optional.of("its app is not wanted any more");
    }
    if (state.locks().containsKey(app)) {
      return Optional.of("a deployment holds its app");
    }
    Instance old = state.instance(move.move().instance()).orElse(null);
    if (old != null
        && old.condition() == Condition.KILLING
        && old.kill().filter(one -> one.reason() == KillReason.REBALANCED).isPresent()) {
      return Census.isOnSilentNode(state, old)
          ? Optional.of("nothing is heard of the node that it leaves")
          : Optional.empty();
    }
    return departed(state, app, move, old)
        .or(() -> replacement(state, move))
        .or(() -> late(state, app, move, now));
  }

  private static Optional<String> departed(
      State state, PathId app, UnderWay move, @Nullable Instance old) {
    if (old == null) {
      // Where it went first, another follows.
      boolean alone = move.replacement().isEmpty() && isReplacementFirst(state, app);
      return alone ? Optional.of("it ended before another had its place") : Optional.empty();
    }
    if (old.condition() == Condition.KILLING) {
      return Optional.of("it was ended for another reason");
    }
    // Nobody is ended because a node went silent: that is waited for.
    if (!isReady(state, old) && old.condition() != Condition.UNREACHABLE) {
      return Optional.of("it is not ready any more");
    }
    boolean emptied =
        old.place()
            .flatMap(place -> state.node(place.node()))
            .filter(NodeRecord::givesUp)
            .isPresent();
    return emptied ? Optional.of("its node is being emptied") : Optional.empty();
  }

  private static Optional<String> replacement(State state, UnderWay move) {
    if (move.replacement().isEmpty()) {
      return Optional.empty();
    }
    Instance instance = state.instance(move.replacement().get()).orElse(null);
    boolean lost =
        instance == null
            || switch (instance.condition()) {
              case SCHEDULED, PROVISIONED, STAGING, RUNNING, UNREACHABLE -> false;
              case UNREACHABLE_INACTIVE, KILLING, FINISHED, FAILED, KILLED, GONE, DROPPED -> true;
            };
    return lost
        ? Optional.of(
            "%s, which was to replace it, did not live".formatted(move.replacement().get()))
        : Optional.empty();
  }

  private static Optional<String> late(State state, PathId app, UnderWay move, Instant now) {
    if (move.since().isAfter(now)) {
      return Optional.of("the clock was set back");
    }
    Duration deadline = deadline(state, app);
    return move.since().plus(deadline).isAfter(now)
        ? Optional.empty()
        : Optional.of("its replacement was not ready within %d s".formatted(deadline.toSeconds()));
  }

  private static Duration deadline(State state, PathId app) {
    return state
        .formation(app)
        .flatMap(formation -> formation.app().spec().rollout().progressDeadline())
        .orElse(DEADLINE);
  }

  /// Whether more instances than are wanted may run for a while, so that none is missing.
  static boolean isReplacementFirst(State state, PathId app) {
    return state
        .formation(app)
        .filter(
            formation -> {
              UpgradeStrategy strategy = formation.app().spec().upgradeStrategy();
              int wanted = formation.instances();
              return strategy.maximumOverCapacity() > 0
                  || Math.ceil(wanted * strategy.minimumHealthCapacity()) >= wanted;
            })
        .isPresent();
  }

  /// Ends an instance whose replacement is ready, or may come later.
  static void leave(Draft draft, Instance instance) {
    UnderWay move = draft.state().rebalancing().moveOf(instance).orElseThrow();
    if (draft.takeKill()) {
      String detail = "%s; moved to %s".formatted(move.move().why(), move.move().to());
      Decider.kill(draft, instance, KillReason.REBALANCED, detail);
    }
  }

  /// Puts an instance that waits for a place where the app's move wants it.
  static Arrival place(Draft draft, App app, Instance instance) {
    UnderWay move = draft.state().rebalancing().moving().get(app.id());
    boolean kept = draft.state().nominations().of(instance.id()).isPresent();
    if (move == null || move.replacement().isPresent() || kept) {
      return Arrival.ELSEWHERE;
    }
    InstanceId leaving = move.move().instance();
    Spot spot = spot(draft.state(), move.move(), app.spec());
    if (spot instanceof Spot.Free(Instance.Place place)) {
      draft.record(new Event.InstanceMoveBegun(leaving, instance.id(), draft.now()));
      AppPass.launch(draft, app, instance, place);
      return Arrival.THERE;
    }
    end(draft, move.move(), false, refusal(move.move(), spot));
    return draft.state().instance(leaving).isPresent() ? Arrival.GIVEN_UP : Arrival.ELSEWHERE;
  }

  /// The place that a move wants, as things stand now; where the instance itself goes first, as if
  /// it were gone.
  static Spot spot(State state, Move move, AppSpec spec) {
    var room = KeptRoom.of(state, spec);
    Nodes nodes = room.nodes();
    List<Instance> siblings = new ArrayList<>();
    room.instancesOf(spec.id()).forEach(siblings::add);
    Instance old = state.instance(move.instance()).orElse(null);
    if (old != null && old.place().isPresent() && !isReplacementFirst(state, spec.id())) {
      nodes = nodes.vacated(old.id(), old.place().get());
      siblings.remove(old);
    }
    Request request = Request.of(spec, state.platform().firstPort());
    Spot spot = Spot.on(move.to(), nodes, request, siblings);
    boolean keptOff =
        spot instanceof Spot.Free(Instance.Place place)
            && Prospects.isKeptOff(state, request)
            && !Prospects.headroom(state).allows(nodes, request, place);
    return keptOff ? new Spot.Refused("its room is kept free as headroom") : spot;
  }

  static String refusal(Move move, Spot spot) {
    return switch (spot) {
      case Spot.Refused(String why) -> "%s takes it no more: %s".formatted(move.to(), why);
      case Spot.Free _ -> "";
    };
  }
}
