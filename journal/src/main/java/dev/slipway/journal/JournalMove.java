package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.leadership.Lease;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Moves all that a journal holds to another place or out of a backup, in one transaction, and
/// compares every row afterwards.
final class JournalMove {
  /// A large journal takes its time.
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Database target;
  private final boolean replace;

  /// @param replace whether what the target holds is given up
  JournalMove(Database target, boolean replace) {
    this.target = target;
    this.replace = replace;
  }

  Report from(Database source) {
    JournalRows.Sum sum =
        target.write(
            PATIENCE,
            into ->
                source.readOnce(
                    from -> {
                      Tables.Head head = Replay.head(from, source.place());
                      empty(into);
                      try (var inserter = new JournalRows.Inserter(into)) {
                        for (JournalRows.Table table : JournalRows.TABLES) {
                          JournalRows.each(from, table, inserter);
                        }
                      }
                      return finish(into, head, JournalRows.Sum.of(from), source.place());
                    }));
    return report(source.place(), sum);
  }

  /// @throws IOException when the file cannot be read
  Report from(Path backup) throws IOException {
    BackupFile reader = BackupFile.open(backup);
    JournalRows.Sum sum =
        target.write(
            PATIENCE,
            into -> {
              empty(into);
              try (var inserter = new JournalRows.Inserter(into)) {
                reader.each(inserter);
              }
              return finish(into, reader.head(), reader.sum(), backup.toString());
            });
    return report(backup.toString(), sum);
  }

  private void empty(Connection into) throws SQLException {
    boolean empty = head(into).sequence() == 0 && JournalRows.Sum.of(into).rows() == 0;
    if (!empty && !replace) {
      throw new JournalRefused(
          target.place(),
          "it is not empty, and its events would be lost. Name an empty place: another data"
              + " directory or --journal-schema; or restore with --replace if it is to be given"
              + " up");
    }
    for (JournalRows.Table table : JournalRows.TABLES) {
      try (Statement statement = into.createStatement()) {
        statement.executeUpdate("DELETE FROM " + table.name());
      }
    }
  }

  /// Sets the head and proves the rows. The epoch never falls, so that no leader of the place's
  /// former content writes into it.
  private JournalRows.Sum finish(
      Connection into, Tables.Head head, JournalRows.Sum expected, String from)
      throws SQLException {
    Tables.Head before = head(into);
    Epoch epoch = head.epoch().compareTo(before.epoch()) > 0 ? head.epoch() : before.epoch();
    var next = new Tables.Head(Tables.FORMAT, epoch, head.sequence(), head.batch());
    if (!Tables.advance(into, before, next)) {
      throw new IllegalStateException("the head changed under the lock");
    }
    SqlLease.remove(into);
    JournalRows.Sum found = JournalRows.Sum.of(into);
    if (!found.equals(expected)) {
      throw new JournalDamaged(
          target.place(),
          "its rows",
          "after the move from %s there are %d of %d, with checksum %s and not %s"
              .formatted(from, found.rows(), expected.rows(), found.digest(), expected.digest()));
    }
    return found;
  }

  private Tables.Head head(Connection connection) throws SQLException {
    return Replay.head(connection, target.place());
  }

  private Report report(String from, JournalRows.Sum sum) {
    return new Report(
        true,
        List.of(
            "moved from " + from,
            "to " + target.place(),
            sum.rows() + " rows, every one compared, SHA-256 " + sum.digest()));
  }

  /// Refuses a shared journal whose leader is alive: it renews its lease.
  static void refuseLed(Database database) {
    Optional<Lease> first = lease(database);
    if (first.isEmpty() || first.get().released()) {
      return;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(first.get().length().toMillis());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    Optional<Lease> second = lease(database);
    if (!second.equals(first)) {
      throw new JournalRefused(
          database.place(),
          "the server '"
              + second.map(lease -> lease.holder().name()).orElse("")
              + "' leads with it. Stop all servers of this platform first");
    }
  }

  private static Optional<Lease> lease(Database database) {
    return database.read(
        connection -> SqlLease.read(connection, Replay.head(connection, database.place()).epoch()));
  }
}
