package dev.slipway.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// A SQLite file behind one connection, used by one thread at a time, in the order in which they
/// came: a snapshot being written lets an append pass after each of its parts.
final class SqliteDatabase implements Database {
  private final Path file;
  private final Connection connection;
  private final ReentrantLock turn = new ReentrantLock(true);

  private SqliteDatabase(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  static SqliteDatabase open(Path file) {
    try {
      return new SqliteDatabase(file, Sqlite.open(file));
    } catch (SQLException problem) {
      throw Sqlite.failure(file, problem);
    }
  }

  static SqliteDatabase openForReading(Path file) {
    try {
      return new SqliteDatabase(file, Sqlite.openForReading(file));
    } catch (SQLException problem) {
      throw Sqlite.failure(file, problem);
    }
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public <T> T write(Duration patience, Work<T> work) {
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

  @Override
  public <T> T read(Duration patience, Work<T> work) {
    return readOnce(work);
  }

  @Override
  public <T> T readOnce(Work<T> work) {
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
