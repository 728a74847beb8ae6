package dev.slipway.journal;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/// All in which PostgreSQL differs from other databases but the definitions of tables: how it is
/// connected to, and its errors.
final class Postgres {
  /// A transaction that waits for its client is ended after this time, so that a server that stands
  /// still holds no row for longer. It is less than a lease.
  private static final int IDLE_MILLIS = 3_000;

  private static final int LOCK_MILLIS = 1_000;

  /// The password or the user is wrong, or `pg_hba.conf` does not let this one in.
  private static final Set<String> UNWELCOME = Set.of("28P01", "28000");

  private static final String NO_DATABASE = "3D000";
  private static final String NO_RIGHT = "42501";
  private static final String DISK_FULL = "53100";

  /// The server is a replica, or was made one.
  private static final String READ_ONLY = "25006";

  /// Locks that were not had in time, transactions that were in each other's way.
  private static final Set<String> OCCUPIED = Set.of("55P03", "40001", "40P01", "25P03", "57014");

  private Postgres() {}

  static Connection connect(PostgresPlace place) throws SQLException {
    return DriverManager.getConnection(place.url(), place.properties());
  }

  /// What every connection is told first. A commit is always waited for; where the database says
  /// that replicas have to have it too, that stays so.
  static String greeting(PostgresPlace place) {
    return "SET search_path TO "
        + place.quotedSchema()
        + "; SET idle_in_transaction_session_timeout = "
        + IDLE_MILLIS
        + "; SET lock_timeout = "
        + LOCK_MILLIS
        + "; SELECT set_config('synchronous_commit', 'on', false)"
        + " WHERE current_setting('synchronous_commit') IN ('off', 'local')";
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Whether a call that failed so may succeed a moment later, on another connection.
  static boolean isPassing(SQLException problem) {
    String state = String.valueOf(problem.getSQLState());
    return isAway(problem) || OCCUPIED.contains(state);
  }

  /// Whether the connection is of no use any more.
  static boolean isAway(SQLException problem) {
    String state = problem.getSQLState();
    if (state == null) {
      return true; // The pool's and the driver's own words for no connection.
    }
    return state.startsWith("08")
        || state.startsWith("57P")
        || (state.startsWith("53") && !state.equals(DISK_FULL))
        || state.equals(READ_ONLY);
  }

  /// What an error says about the journal.
  static JournalException failure(PostgresPlace place, SQLException problem) {
    String state = String.valueOf(problem.getSQLState());
    String text = text(problem);
    if (UNWELCOME.contains(state)) {
      return new JournalRefused(
          place.toString(),
          "the database does not let this user in ("
              + text
              + "). Give the user as ?user=NAME in the URL and the password in"
              + " SLIPWAY_JOURNAL_PASSWORD, the file of --journal-password-file or ~/.pgpass, and"
              + " let the user in in the server's pg_hba.conf");
    }
    if (state.equals(NO_DATABASE)) {
      return new JournalRefused(
          place.toString(),
          "there is no such database (" + text + "). Make it: CREATE DATABASE name OWNER user");
    }
    if (state.equals(NO_RIGHT)) {
      return new JournalRefused(
          place.toString(),
          "the user may not do what a journal needs ("
              + text
              + "). The user has to own the schema: CREATE SCHEMA "
              + place.schema()
              + " AUTHORIZATION user");
    }
    if (state.equals(DISK_FULL)) {
      return new JournalFull(place.toString(), text);
    }
    if (isPassing(problem)) {
      return new JournalUnreachable(place.toString(), text);
    }
    // What remains are errors in our SQL: it is tested, so the tables are not those we made; or the
    // server says itself that its data is damaged.
    return new JournalDamaged(place.toString(), "its tables", text);
  }

  /// The error and what it comes from, on one line.
  private static String text(SQLException problem) {
    var text = new StringBuilder(line(problem));
    Throwable cause = problem.getCause();
    for (int depth = 0; cause != null && depth < 3; depth++) {
      text.append(": ").append(line(cause));
      cause = cause.getCause();
    }
    return text.toString();
  }

  private static String line(Throwable problem) {
    return String.valueOf(problem.getMessage()).replaceAll("\\s*\\n\\s*", ", ");
  }
}
