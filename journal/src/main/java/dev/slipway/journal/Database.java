package dev.slipway.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/// One connection, used by one thread at a time, in the order in which they came: a snapshot being
/// written lets an append pass after each of its parts.
final class Database implements AutoCloseable {
  private final Path file;
  private final Connection connection;
  private final ReentrantLock turn = new ReentrantLock(true);

  private Database(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /// What is done within a transaction.
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /// The same, with nothing to tell.
  interface Change {
    void run(Connection connection) throws SQLException;
  }

  static Database open(Path file) {
    try {
      return new Database(file, Sqlite.open(file));
    } catch (SQLException problem) {
      throw Sqlite.failure(file, problem);
    }
  }

  static Database openForReading(Path file) {
    try {
      return new Database(file, Sqlite.openForReading(file));
    } catch (SQLException problem) {
      throw Sqlite.failure(file, problem);
    }
  }

  Path file() {
    return file;
  }

  /// Does the work in one transaction that is on the disk when this returns; if anything is thrown,
  /// nothing of it counts.
  <T> T write(Work<T> work) {
    turn.lock();
    try {
      Sqlite.beginWriting(connection);
      return finished(work);
    } catch (SQLException problem) {
      throw Sqlite.failure(file, problem);
    } finally {
      turn.unlock();
    }
  }

  void change(Change change) {
    var _ =
        write(
            connection -> {
              change.run(connection);
              return true;
            });
  }

  /// Does the work on the database as it is now.
  <T> T read(Work<T> work) {
    turn.lock();
    try {
      Sqlite.beginReading(connection);
      return finished(work);
    } catch (SQLException problem) {
      throw Sqlite.failure(file, problem);
    } finally {
      turn.unlock();
    }
  }

  void readOnly(Change look) {
    var _ =
        read(
            connection -> {
              look.run(connection);
              return true;
            });
  }

  private <T> T finished(Work<T> work) throws SQLException {
    try {
      T result = work.run(connection);
      Sqlite.commit(connection);
      return result;
    } catch (SQLException | RuntimeException problem) {
      Sqlite.rollBack(connection, problem);
      throw problem;
    }
  }

  @Override
  public void close() {
    turn.lock();
    try {
      connection.close();
    } catch (SQLException problem) {
      throw Sqlite.failure(file, problem);
    } finally {
      turn.unlock();
    }
  }
}
