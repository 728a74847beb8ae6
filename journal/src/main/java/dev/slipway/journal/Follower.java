package dev.slipway.journal;

import java.time.Duration;

/// Reads on in a journal that another server writes. For one thread; another may close it.
///
/// ```java
/// Recovered recovered = journal.recover();
/// try (Follower follower = journal.follow(recovered.position())) {
///   while (following) {
///     switch (follower.next()) {
///       case News.Next next -> state = applied(state, next.events());
///       case News.RecoverAnew gone -> recoverAnew();
///     }
///     follower.awaitNews(Duration.ofMillis(500));
///   }
/// }
/// ```
public interface Follower extends AutoCloseable {
  /// How many events one call gives at most.
  int MAX_EVENTS = 5_000;

  /// What comes after the events that were given so far. The last of those is looked at again, so
  /// that a database that lost it is found out.
  ///
  /// @throws JournalUnreachable when the database does not answer; the next call goes on from the
  ///     same place
  /// @throws JournalDamaged when an event is damaged
  News next();

  /// Waits until there may be something new: events, a leadership taken or one released. It may
  /// return early for nothing, and news can be missed while the database is away, so that whoever
  /// waits looks again afterwards in any case.
  ///
  /// @return whether the database told that the lease changed
  boolean awaitNews(Duration atMost) throws InterruptedException;

  /// Where it stands.
  Position position();

  @Override
  void close();
}
