package dev.slipway.server.forward;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// What the way of a request depends on: who leads, and how old the state is that this server keeps
/// warm. Asked for each request; none waits but [#await].
public interface Surroundings {
  /// Whether this server leads and may act.
  boolean leads();

  /// Where the leader's API is, if another server leads and told so.
  Optional<URI> leader();

  /// Where this server's own is.
  URI self();

  /// The time since this server last knew that it had read the whole journal.
  Duration lag();

  /// Whether the journal cannot be read now.
  boolean blind();

  /// The number of the last event that readers see here.
  long sequence();

  /// Waits until that event is read here.
  ///
  /// @return whether it was within that time
  boolean await(long sequence, Duration atMost) throws InterruptedException;
}
