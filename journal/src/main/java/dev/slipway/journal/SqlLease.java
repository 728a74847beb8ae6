package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.core.leadership.Lease;
import dev.slipway.core.leadership.ServerId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The lease in its table: one row, the last leadership that was taken. A row that is damaged or of
/// another epoch than the head's stands for a leader of whom nothing is known: it is never renewed,
/// so that its lease ends.
final class SqlLease {
  static final String DEFINITION =
      """
      CREATE TABLE IF NOT EXISTS leadership (
        id BIGINT NOT NULL PRIMARY KEY,
        epoch BIGINT NOT NULL,
        server TEXT NOT NULL,
        name TEXT NOT NULL,
        address TEXT NOT NULL,
        lease_millis BIGINT NOT NULL,
        renewal BIGINT NOT NULL,
        released BIGINT NOT NULL,
        crc BIGINT NOT NULL)\
      """;

  private static final ServerId NOBODY = new ServerId(new UUID(0, 0));
  private static final Duration UNKNOWN_LENGTH = ElectionRules.LONGEST_LEASE;

  private SqlLease() {}

  /// Journals that were made before there were leases have no such table.
  static void addIfMissing(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(DEFINITION);
    }
  }

  /// @param head the epoch in the head's row
  static Optional<Lease> read(Connection connection, Epoch head) throws SQLException {
    return row(connection)
        .map(
            row -> row.isSound() && row.lease().epoch().equals(head) ? row.lease() : unknown(head));
  }

  private static Lease unknown(Epoch epoch) {
    return new Lease(epoch, new Candidate(NOBODY, "", ""), 0, UNKNOWN_LENGTH, false);
  }

  static void remove(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM leadership");
    }
  }

  /// Replaces whatever lease there was.
  static void take(Connection connection, Lease lease) throws SQLException {
    remove(connection);
    insert(connection, lease);
  }

  /// Whether the lease of this epoch is known to be another server's.
  ///
  /// @param server the one that asks; without one nothing is asked
  static boolean isOfAnother(Connection connection, Epoch epoch, @Nullable ServerId server)
      throws SQLException {
    return server != null
        && row(connection)
            .filter(Row::isSound)
            .map(Row::lease)
            .filter(lease -> lease.epoch().equals(epoch) && !lease.holder().id().equals(server))
            .isPresent();
  }

  /// @param server whose it has to be
  /// @throws StaleEpoch when it is not this epoch's lease any more, another server's, or was
  ///     released
  static void renew(Connection connection, Epoch epoch, Epoch head, @Nullable ServerId server)
      throws SQLException {
    boolean other = isOfAnother(connection, epoch, server);
    Lease lease =
        read(connection, head)
            .filter(found -> found.epoch().equals(epoch) && !found.released() && !other)
            .orElseThrow(() -> new StaleEpoch(epoch, head));
    replace(connection, lease.renewal() + 1, false, lease);
  }

  static void release(Connection connection, Epoch epoch, Epoch head, @Nullable ServerId server)
      throws SQLException {
    Optional<Lease> lease = read(connection, head).filter(found -> found.epoch().equals(epoch));
    if (lease.isPresent() && !isOfAnother(connection, epoch, server)) {
      replace(connection, lease.get().renewal(), true, lease.get());
    }
  }

  private static void replace(Connection connection, long renewal, boolean released, Lease lease)
      throws SQLException {
    take(connection, new Lease(lease.epoch(), lease.holder(), renewal, lease.length(), released));
  }

  private static void insert(Connection connection, Lease lease) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO leadership"
                + " (id, epoch, server, name, address, lease_millis, renewal, released, crc)"
                + " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      Candidate holder = lease.holder();
      statement.setLong(1, lease.epoch().value());
      statement.setString(2, holder.id().toString());
      statement.setString(3, holder.name());
      statement.setString(4, holder.address());
      statement.setLong(5, lease.length().toMillis());
      statement.setLong(6, lease.renewal());
      statement.setLong(7, lease.released() ? 1 : 0);
      statement.setLong(8, crc(lease));
      statement.executeUpdate();
    }
  }

  private record Row(Lease lease, long crc) {
    boolean isSound() {
      return SqlLease.crc(lease) == crc;
    }
  }

  private static Optional<Row> row(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT epoch, server, name, address, lease_millis, renewal, released, crc"
                    + " FROM leadership WHERE id = 1")) {
      if (!row.next()) {
        return Optional.empty();
      }
      var holder =
          new Candidate(
              server(Tables.text(row.getString(2))),
              Tables.text(row.getString(3)),
              Tables.text(row.getString(4)));
      var lease =
          new Lease(
              new Epoch(row.getLong(1)),
              holder,
              row.getLong(6),
              Duration.ofMillis(row.getLong(5)),
              row.getLong(7) == 1);
      return Optional.of(new Row(lease, row.getLong(8)));
    }
  }

  private static ServerId server(String text) {
    try {
      return new ServerId(UUID.fromString(text));
    } catch (IllegalArgumentException damaged) {
      return NOBODY; // Then the checksum is wrong too.
    }
  }

  private static long crc(Lease lease) {
    Candidate holder = lease.holder();
    String text = holder.id() + "\n" + holder.name() + "\n" + holder.address();
    return Tables.crc(
        text.getBytes(StandardCharsets.UTF_8),
        lease.epoch().value(),
        lease.length().toMillis(),
        lease.renewal(),
        lease.released() ? 1 : 0);
  }
}
