package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/// Looks whether a PostgreSQL database is fit for a journal, and makes the schema and the tables
/// where there are none. Whatever is wrong is told before anything is changed.
final class PostgresStart {
  private static final int OLDEST_VERSION = 14;

  /// Beyond the first, times in the journal's events mislead people; beyond the second somebody has
  /// to set a clock before anything is recorded.
  private static final Duration CLOCK_WARNING = Duration.ofSeconds(5);

  private static final Duration CLOCK_LIMIT = Duration.ofMinutes(5);

  private static final Set<String> COLUMNS =
      Set.of(
          "journal: batch crc epoch format id sequence",
          "events: batch body crc epoch format sequence time type",
          "snapshots: bytes crc epoch format parts sequence",
          "snapshot_parts: body crc part snapshot",
          "sealed_values: body changed crc created key_id name revision",
          "leadership: address crc epoch id lease_millis name released renewal server");

  /// A database that is busy, or starts at the same time, gets so long to answer first.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final PostgresPlace place;
  private final List<String> warnings = new ArrayList<>();

  private PostgresStart(PostgresPlace place) {
    this.place = place;
  }

  /// @return what is unusual and does no harm
  /// @throws JournalRefused when it is not fit
  static List<String> prepare(PostgresPlace place) {
    var start = new PostgresStart(place);
    try (Connection connection = connect(place)) {
      start.checkServer(connection);
      connection.setAutoCommit(false);
      start.checkSchema(connection);
      connection.commit();
      start.checkRights(connection);
    } catch (SQLException problem) {
      throw PostgresTls.refusal(place, problem).orElseGet(() -> Postgres.failure(place, problem));
    }
    return start.warnings;
  }

  private static Connection connect(PostgresPlace place) throws SQLException {
    long began = System.nanoTime();
    while (true) { // Ends with the patience.
      try {
        return Postgres.connect(place);
      } catch (SQLException problem) {
        boolean patient = System.nanoTime() - began < PATIENCE.toNanos();
        if (!Postgres.isAway(problem) || !patient || Thread.currentThread().isInterrupted()) {
          throw problem;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void checkServer(Connection connection) throws SQLException {
    long asked = System.nanoTime();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_setting('server_version_num')::int, pg_is_in_recovery(),"
                    + " extract(epoch FROM clock_timestamp()) * 1000")) {
      row.next();
      Instant now = Instant.now();
      Duration answer = Duration.ofNanos(System.nanoTime() - asked);
      checkVersion(place, row.getInt(1));
      if (row.getBoolean(2)) {
        throw new JournalRefused(
            place.toString(),
            "this server is a replica, which takes no writes. Name all hosts in the URL and add"
                + " targetServerType=primary, so that the one that takes writes is found");
      }
      var theirs = Instant.ofEpochMilli(row.getLong(3));
      checkClock(place, Duration.between(now.minus(answer.dividedBy(2)), theirs), warnings);
    }
  }

  /// @param version as the server tells it, 140002 for 14.2
  static void checkVersion(PostgresPlace place, int version) {
    if (version < OLDEST_VERSION * 10_000) {
      throw new JournalRefused(
          place.toString(),
          "the server is PostgreSQL %d.%d, and the oldest one that is tested and still looked after is"
                  .formatted(version / 10_000, version % 10_000)
              + " %d. Upgrade the database server".formatted(OLDEST_VERSION));
    }
  }

  /// @param ahead how far the database's clock is ahead of this machine's
  static void checkClock(PostgresPlace place, Duration ahead, List<String> warnings) {
    Duration apart = ahead.abs();
    if (apart.compareTo(CLOCK_WARNING) <= 0) {
      return;
    }
    String what =
        "the clock of the database is %d s %s this machine's"
            .formatted(apart.toSeconds(), ahead.isNegative() ? "behind" : "ahead of");
    if (apart.compareTo(CLOCK_LIMIT) > 0) {
      throw new JournalRefused(
          place.toString(),
          what
              + ", more than %d s. Times of events and of timeouts that were recorded would be wrong"
                  .formatted(CLOCK_LIMIT.toSeconds())
              + " by as much. Set the clock that is wrong, and keep both by NTP");
    }
    warnings.add(what + ": times that are shown are wrong by as much");
  }

  private void checkSchema(Connection connection) throws SQLException {
    // Two servers that start at the same time do it one after the other.
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtext(?))")) {
      lock.setString(1, place.channel());
      lock.execute();
    }
    Set<String> found = tables(connection);
    if (found.isEmpty()) {
      create(connection);
      return;
    }
    if (found.stream().noneMatch(table -> table.startsWith("journal: "))) {
      throw new JournalRefused(
          place.toString(),
          "there are tables of something else in this schema ("
              + names(found)
              + "). Give the journal a schema of its own by --journal-schema NAME");
    }
    Postgres.execute(connection, Postgres.greeting(place));
    checkFormat(connection);
    var missing = new TreeSet<>(COLUMNS);
    missing.removeAll(found);
    if (!missing.isEmpty()) {
      throw new JournalRefused(
          place.toString(),
          "its tables do not have the form of a journal (expected "
              + String.join("; ", missing)
              + "). Another program's tables may be in this schema: give the journal one of its own"
              + " by --journal-schema NAME; or a migration of it was interrupted: restore a"
              + " backup");
    }
  }

  private void checkFormat(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT format FROM journal WHERE id = 1")) {
      if (row.next() && row.getInt(1) > Tables.FORMAT) {
        throw new NewerFormat(place.toString(), row.getInt(1));
      }
    } catch (SQLException problem) {
      if (!"42703".equals(problem.getSQLState())) { // There is no such column.
        throw problem;
      }
      throw new JournalRefused(
          place.toString(),
          "its table 'journal' is another program's. Give the journal a schema of its own by"
              + " --journal-schema NAME");
    }
  }

  private void create(Connection connection) throws SQLException {
    Postgres.execute(connection, "CREATE SCHEMA IF NOT EXISTS " + place.quotedSchema());
    Postgres.execute(connection, Postgres.greeting(place));
    Tables.create(connection, Dialect.POSTGRES);
    Tables.insert(connection, new Tables.Head(Tables.FORMAT, new Epoch(0), 0, 0));
  }

  private void checkRights(Connection connection) throws SQLException {
    List<String> lacking = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.relname, p.name FROM pg_class c"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p(name)"
                + " WHERE n.nspname = ? AND c.relkind = 'r'"
                + " AND NOT has_table_privilege(c.oid, p.name) ORDER BY 1, 2")) {
      statement.setString(1, place.schema());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lacking.add(row.getString(2) + " on " + row.getString(1));
        }
      }
    }
    if (!lacking.isEmpty()) {
      throw new JournalRefused(
          place.toString(),
          "the user lacks rights: "
              + String.join(", ", lacking)
              + ". GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "
              + place.schema()
              + " TO user, or let the user own them");
    }
  }

  /// The tables of the schema, each as its name and its columns in order.
  private Set<String> tables(Connection connection) throws SQLException {
    Set<String> found = new TreeSet<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT c.relname || ': ' || string_agg(a.attname::text, ' ' ORDER BY a.attname)"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                + " AND NOT a.attisdropped"
                + " WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
                + " GROUP BY c.relname")) {
      statement.setString(1, place.schema());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          found.add(row.getString(1));
        }
      }
    }
    return found;
  }

  private static String names(Set<String> tables) {
    List<String> names = tables.stream().map(table -> table.split(":", 2)[0]).toList();
    return names.size() <= 5
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, 5)) + " and " + (names.size() - 5) + " more";
  }
}
