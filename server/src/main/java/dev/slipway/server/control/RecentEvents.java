package dev.slipway.server.control;

import dev.slipway.journal.Replayed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// The last events that the journal held when the server started, for those who were told the ones
/// before. There are fewer right after a snapshot. Used by one thread.
public final class RecentEvents implements Consumer<Replayed> {
  /// Each holds what it changed of the state, some kilobytes at most.
  public static final int MAX_EVENTS = 2000;

  private final Deque<Transition> last = new ArrayDeque<>();

  @Override
  public void accept(Replayed replayed) {
    if (last.size() == MAX_EVENTS) {
      last.removeFirst();
    }
    last.addLast(
        new Transition(replayed.sequence(), replayed.event(), replayed.before(), replayed.after()));
  }

  /// Oldest first.
  public List<Transition> all() {
    return List.copyOf(last);
  }
}
