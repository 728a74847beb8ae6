package dev.slipway.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/// All in which SQLite differs from other databases: how it is opened, its transactions, its column
/// types, its errors and its checks. The rest of the module speaks portable SQL.
final class Sqlite {
  /// `Slip`, by which the `file` command and this module know a journal from other databases.
  static final int APPLICATION_ID = 0x536c6970;

  static final int PAGE_BYTES = 4096;

  /// How long another process may hold the database before a write is given up.
  private static final int BUSY_MILLIS = 5_000;

  /// The write-ahead log is cut back to this once its content is in the database.
  private static final int LOG_BYTES = 16 << 20;

  private static final int MAX_PROBLEMS = 20;

  private Sqlite() {}

  /// Opens for reading and writing. Every commit is on the disk before it returns.
  static Connection open(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setPageSize(PAGE_BYTES);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setJournalSizeLimit(LOG_BYTES);
    config.setBusyTimeout(BUSY_MILLIS);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  static Connection openForReading(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout(BUSY_MILLIS);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /// Marks a new database as a journal of this format.
  static void mark(Connection connection, int format) throws SQLException {
    execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
    execute(connection, "PRAGMA user_version = " + format);
  }

  /// Locks out other writers at once, so that what the transaction reads stays true.
  static void beginWriting(Connection connection) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
  }

  /// Sees the database as it is now until the end of the transaction.
  static void beginReading(Connection connection) throws SQLException {
    execute(connection, "BEGIN");
  }

  static void commit(Connection connection) throws SQLException {
    execute(connection, "COMMIT");
  }

  /// Ends a transaction that failed. SQLite may have ended it by itself already.
  static void rollBack(Connection connection, Exception cause) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException problem) {
      cause.addSuppressed(problem);
    }
  }

  /// What SQLite finds wrong with the structure of the file; nothing when it is sound.
  ///
  /// @param thorough whether indexes are compared with their tables too
  static List<String> problems(Connection connection, boolean thorough) throws SQLException {
    List<String> problems = new ArrayList<>();
    String check = thorough ? "integrity_check" : "quick_check";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + check + "(" + MAX_PROBLEMS + ")")) {
      while (rows.next()) {
        problems.add(rows.getString(1).replace('\n', ' '));
      }
    }
    problems.removeIf("ok"::equals);
    return problems;
  }

  /// What an error says about the journal.
  static JournalException failure(Path file, SQLException problem) {
    SQLiteErrorCode code =
        problem instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.SQLITE_ERROR;
    return switch (primary(code)) {
      case SQLITE_FULL,
          SQLITE_IOERR,
          SQLITE_BUSY,
          SQLITE_LOCKED,
          SQLITE_READONLY,
          SQLITE_CANTOPEN ->
          new JournalFull(file.toString(), String.valueOf(problem.getMessage()));
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new JournalDamaged(
              file.toString(),
              "a place that SQLite does not tell",
              String.valueOf(problem.getMessage()));
      // What remains are errors in our SQL: it is tested, so the tables are not those we made.
      default ->
          new JournalDamaged(file.toString(), "its tables", String.valueOf(problem.getMessage()));
    };
  }

  private static SQLiteErrorCode primary(SQLiteErrorCode code) {
    return SQLiteErrorCode.getErrorCode(code.code & 0xff);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
