package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.leadership.ServerId;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Keeps writers out that do not lead: within the transaction that writes, the head has to have the
/// writer's epoch.
///
/// A head with an older epoch than the writer's is that of a database which lost that the epoch was
/// taken, as a replica does that is promoted before it had everything. Such a database gives the
/// same epoch out again, perhaps to another server, so that the lease is asked as well.
final class Fence {
  private final String place;

  // Who took the lead here last.
  private volatile @Nullable ServerId leader;

  Fence(String place) {
    this.place = place;
  }

  /// Says that this server took the lead.
  void leads(ServerId me) {
    leader = me;
  }

  /// The server that took the lead here last.
  @Nullable ServerId leader() {
    return leader;
  }

  /// Takes the head's row for this transaction, if the epoch is still that of this leader: whoever
  /// takes a higher one at the same time waits, or was first.
  ///
  /// @throws StaleEpoch when a higher epoch was taken since
  /// @throws HistoryLost when the journal does not know this leader
  void hold(Connection connection, Epoch epoch) throws SQLException {
    if (!Tables.hold(connection, epoch)) {
      throw refused(epoch, Replay.head(connection, place).epoch());
    }
    requireLease(connection, epoch);
  }

  /// The same for a transaction that has read the head and advances it.
  ///
  /// @param head the epoch in the head's row
  void require(Connection connection, Epoch epoch, Epoch head) throws SQLException {
    if (!epoch.equals(head)) {
      throw refused(epoch, head);
    }
    requireLease(connection, epoch);
  }

  private void requireLease(Connection connection, Epoch epoch) throws SQLException {
    if (SqlLease.isOfAnother(connection, epoch, leader)) {
      throw new HistoryLost(
          place,
          "it gave epoch %d to another server, and not to this one".formatted(epoch.value()));
    }
  }

  /// Why a writer of the one epoch does not write under a head of the other.
  RuntimeException refused(Epoch given, Epoch head) {
    return given.compareTo(head) < 0
        ? new StaleEpoch(given, head)
        : new HistoryLost(
            place,
            "it does not know epoch %d, its last one is %d".formatted(given.value(), head.value()));
  }
}
