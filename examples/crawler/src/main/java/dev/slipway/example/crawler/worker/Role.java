package dev.slipway.example.crawler.worker;

import java.time.Duration;

/// One running role of the crawler. `close` ends it gently: what is at hand is finished, the rest
/// given back, within [#CLOSE_LIMIT].
public interface Role extends AutoCloseable {
  /// A role that takes longer to close is left to be killed.
  Duration CLOSE_LIMIT = Duration.ofSeconds(9);

  /// The port that it listens on.
  int port();

  /// Waits until the role has ended.
  ///
  /// @return whether it ended because it was closed; otherwise something is broken
  boolean awaitEnd() throws InterruptedException;

  @Override
  void close();
}
