package dev.slipway.journal;

import java.util.List;

/// What a {@link Follower} finds when it looks.
public sealed interface News {
  /// The events that come next.
  ///
  /// @param events in order, without a gap; none when there is nothing new
  /// @param atEnd whether these are all there were when it looked
  record Next(List<Recorded> events, boolean atEnd) implements News {
    public Next {
      events = List.copyOf(events);
    }
  }

  /// What was read so far is no beginning of what the journal holds, or the events that come next
  /// are forgotten: whoever follows has to recover anew and follow from there.
  ///
  /// @param why for people
  record RecoverAnew(String why) implements News {}
}
