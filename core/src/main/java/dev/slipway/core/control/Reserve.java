package dev.slipway.core.control;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.Finished;
import dev.slipway.core.state.Formation;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an app can do without, now.
///
/// @param priority the app's
/// @param gives whether any of its instances may be ended for others: not while fewer are ready
///     than its `minimumHealthCapacity` asks for
/// @param spare how many of its ready instances are more than that
/// @param checked the versions whose instances are asked whether they are well
record Reserve(int priority, boolean gives, int spare, Set<Instant> checked) {
  /// Of an app that is being removed, and looks after its instances itself.
  private static final Reserve NONE = new Reserve(Integer.MAX_VALUE, false, 0, Set.of());

  static Reserve of(State state, @Nullable Formation formation) {
    if (formation == null || formation.instances() == 0) {
      return NONE;
    }
    var spec = formation.app().spec();
    int wanted = wanted(state, formation);
    int minimum = (int) Math.ceil(wanted * spec.upgradeStrategy().minimumHealthCapacity());
    int spare = state.ready(spec.id()) - minimum;
    return new Reserve(
        spec.scheduling().priority(),
        spare >= 0,
        Math.max(0, spare),
        state.checkedVersions(spec.id()));
  }

  private static int wanted(State state, Formation formation) {
    if (formation.isDaemon()) {
      return state.roster(formation.app().id()).posts().size();
    }
    int done = state.finished(formation).map(Finished::all).orElse(0);
    return Math.max(0, formation.instances() - done);
  }

  boolean isReady(Instance instance) {
    return instance.isReady(checked.contains(instance.version()));
  }

  /// Whether more may be ended than by the other.
  boolean isMoreThan(Reserve other) {
    return priority < other.priority
        || (gives && !other.gives)
        || (gives && spare > other.spare)
        || !checked.equals(other.checked);
  }
}
