package dev.slipway.core.state;

import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import java.time.Instant;
import java.util.List;

/// Room that is kept for an instance that waits, while others that stand there end.
///
/// @param place where it is to stand, and what of the node is kept for it
/// @param priority the app's when the room was made: who has more may take the room, nobody else
/// @param version the app's version that the room was made for
/// @param victims the instances that were ended for it; none where enough was on its way out
/// @param until when it is given up if the room has not come
public record Nomination(
    Instance.Place place,
    int priority,
    Instant version,
    List<InstanceId> victims,
    Instant at,
    Instant until) {
  public Nomination {
    victims = List.copyOf(victims);
  }

  /// Whether it has been waited for long enough. One that seems to be still to come says only that
  /// the clock was set back, and is over, too.
  public boolean isOver(Instant now) {
    return !now.isBefore(until) || now.isBefore(at);
  }
}
