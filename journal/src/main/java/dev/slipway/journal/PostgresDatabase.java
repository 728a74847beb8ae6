package dev.slipway.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A PostgreSQL schema behind a few connections.
///
/// A writing transaction begins by locking the head's row, so that writers take turns as they do on
/// SQLite. When a connection breaks, nobody knows what became of the transaction; the work is then
/// done anew on another connection, where it waits at the head's row until the first one has ended
/// in one way or the other, finds out, and comes to the same result. That goes on as long as the
/// caller has patience; then the outcome stays unknown and is told so.
final class PostgresDatabase implements Database {
  /// Appending, the lease, a snapshot, a secret, and a few readers.
  private static final int MAX_CONNECTIONS = 8;

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final String LOCK_HEAD = "SELECT 1 FROM journal WHERE id = 1 FOR UPDATE";
  private static final String SEE_ONE_MOMENT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
          // Nobody waits for a reader, and a large state takes its time to be built.
          + " SET LOCAL idle_in_transaction_session_timeout = 0";

  /// What the pool has to say about connections that break is told by the calls that needed them.
  private static final Logger POOL_LOG = Logger.getLogger("com.zaxxer.hikari");

  static {
    POOL_LOG.setLevel(Level.OFF);
  }

  private final PostgresPlace place;
  private final HikariDataSource pool;

  private PostgresDatabase(PostgresPlace place, HikariDataSource pool) {
    this.place = place;
    this.pool = pool;
  }

  /// Connects when it is first used.
  static PostgresDatabase open(PostgresPlace place) {
    var config = new HikariConfig();
    config.setPoolName("journal");
    config.setJdbcUrl(place.url());
    config.setDataSourceProperties(place.properties());
    config.setConnectionInitSql(Postgres.greeting(place));
    config.setAutoCommit(false);
    config.setIsolateInternalQueries(true);
    config.setMaximumPoolSize(MAX_CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(1));
    config.setValidationTimeout(TimeUnit.SECONDS.toMillis(1) / 2);
    config.setIdleTimeout(TimeUnit.MINUTES.toMillis(1));
    config.setMaxLifetime(TimeUnit.MINUTES.toMillis(10));
    config.setInitializationFailTimeout(-1);
    return new PostgresDatabase(place, new HikariDataSource(config));
  }

  @Override
  public String place() {
    return place.toString();
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  @Override
  public <T> T write(Duration patience, Work<T> work) {
    return repeatedly(new Patience(patience), LOCK_HEAD, work);
  }

  @Override
  public <T> T read(Duration patience, Work<T> work) {
    return repeatedly(new Patience(patience), SEE_ONE_MOMENT, work);
  }

  @Override
  public <T> T readOnce(Work<T> work) {
    try {
      return once(new Patience(PATIENCE), false, SEE_ONE_MOMENT, work);
    } catch (SQLException problem) {
      throw Postgres.failure(place, problem);
    }
  }

  private <T> T repeatedly(Patience patience, String beginning, Work<T> work) {
    while (true) { // Ends with the patience.
      try {
        return once(patience, true, beginning, work);
      } catch (SQLException problem) {
        if (!Postgres.isPassing(problem) || patience.isOver()) {
          throw Postgres.failure(place, problem);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        if (Thread.currentThread().isInterrupted()) {
          throw Postgres.failure(place, problem);
        }
      }
    }
  }

  /// A connection for what is tried once: the first one takes its time on a busy machine.
  private Connection connection(Patience patience) throws SQLException {
    while (true) { // Ends with the patience.
      try {
        return pool.getConnection();
      } catch (SQLTransientConnectionException away) {
        if (patience.isOver() || Thread.currentThread().isInterrupted()) {
          throw away;
        }
      }
    }
  }

  /// @param limited whether an answer of the database is waited for no longer than the patience
  private <T> T once(Patience patience, boolean limited, String beginning, Work<T> work)
      throws SQLException {
    Connection connection = limited ? pool.getConnection() : connection(patience);
    try (connection) {
      if (limited) {
        connection.setNetworkTimeout(Runnable::run, patience.leftMillis());
      }
      Postgres.execute(connection, beginning);
      T result = work.run(connection);
      connection.commit();
      return result;
    } catch (SQLException problem) {
      if (Postgres.isAway(problem)) {
        pool.evictConnection(connection);
      }
      throw problem;
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  /// The time that a call may take.
  private static final class Patience {
    private final long end;

    Patience(Duration length) {
      this.end = System.nanoTime() + length.toNanos();
    }

    boolean isOver() {
      return end - System.nanoTime() <= PAUSE.toNanos();
    }

    /// At least a little, so that an answer can come at all.
    int leftMillis() {
      return (int) Math.max(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()), 100);
    }
  }
}
