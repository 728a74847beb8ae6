package dev.slipway.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Tells followers that there may be something new.
interface Bell {
  /// Rings everywhere when this transaction is committed, where the database can do that.
  void announce(Connection connection) throws SQLException;

  /// The same, when this transaction changed who leads.
  void announceLease(Connection connection) throws SQLException;

  /// Rings for the other threads of this process, where the database does not do it.
  void ring();

  Listener listen();

  /// One follower's ear.
  interface Listener extends AutoCloseable {
    /// Returns when there was a ring since it returned last, at the latest after this time.
    ///
    /// @return whether it was rung because of the lease, as far as that can be told
    boolean await(Duration atMost) throws InterruptedException;

    /// Any thread may do it, also while another one waits, which then opens nothing any more.
    @Override
    void close();
  }
}
