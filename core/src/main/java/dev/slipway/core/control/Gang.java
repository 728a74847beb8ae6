package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Places the waiting instances of a gang all in one decision, or none of them. It is tried on a
/// draft of its own, which is thrown away where one does not fit, so that nothing is held by what
/// waits: two gangs that each fit alone never wait for each other.
///
/// Members that run go on when others are lost; those that are missing are placed together. While
/// instances are replaced, by an update or because their node is emptied, the others run all the
/// while, and the new ones are placed one by one as for any app.
public final class Gang {
  private Gang() {}

  /// What a trial finds out.
  ///
  /// @param waiting how many instances stand nowhere
  /// @param fitting how many of them find a place before the first that finds none
  /// @param then the state in which that one finds none
  public record Trial(int waiting, int fitting, State then) {}

  static boolean isAllOrNone(Census census) {
    return census.formation().app().spec().scheduling().gang()
        && !census.isReplacing()
        && census.wanted() <= Limits.ORDERS_AT_ONCE;
  }

  /// Whether the waiting instances of an app are placed all or none now.
  public static boolean isAllOrNone(State state, App app) {
    return state
        .formation(app.id())
        .map(formation -> Census.of(state, formation))
        .filter(Gang::isAllOrNone)
        .isPresent();
  }

  /// How far the waiting instances of a gang come now; for those who ask why it waits.
  public static Trial attempt(State state, App app, Instant now) {
    var draft = new Draft(state, now, new Memory());
    List<Instance> waiting = AppPass.waiting(state, app.id());
    return new Trial(waiting.size(), tried(draft, app, waiting), draft.state());
  }

  /// @return when to look again, because launches are delayed or there is more to do
  static Optional<Instant> place(Draft draft, App app) {
    List<Instance> waiting = AppPass.waiting(draft.state(), app.id());
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    Optional<Backoff> backoff = AppPass.backoff(draft, app);
    if (backoff.isPresent() && backoff.get().until().isAfter(draft.now())) {
      return Optional.of(backoff.get().until());
    }
    // Those that are still to be scheduled belong to it.
    if (draft.isFull() || !draft.takeLaunches(waiting.size())) {
      return Optional.of(draft.now());
    }
    Draft trial = draft.fork();
    boolean whole = tried(trial, app, waiting) == waiting.size();
    draft.pay(trial);
    if (!whole) {
      draft.giveBack(waiting.size());
      return Optional.empty();
    }
    draft.adopt(trial);
    backoff.ifPresent(delayed -> AppPass.renew(draft, app, waiting.getFirst(), delayed));
    return Optional.empty();
  }

  private static int tried(Draft draft, App app, List<Instance> waiting) {
    Residence residence = Residence.of(draft.state(), app.spec());
    int placed = 0;
    for (Instance instance : waiting) {
      if (residence.takeWaiting()
          || !AppPass.placeOne(
              draft, app, instance, AppPass.request(draft, app, residence), residence)) {
        return placed;
      }
      placed++;
    }
    return placed;
  }
}
