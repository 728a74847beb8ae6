package dev.slipway.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// What the journal asks of a database: transactions, whose outcome is known when they return.
interface Database extends AutoCloseable {
  /// How long a call may take whose caller does not say.
  Duration PATIENCE = Duration.ofSeconds(5);

  /// What is done within a transaction. It may be done a second time, when the connection broke
  /// before anyone knew what became of the first: it has to come to the same then.
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /// The same, with nothing to tell.
  interface Change {
    void run(Connection connection) throws SQLException;
  }

  /// Where it is, for people; without secrets.
  String place();

  /// How its tables are written.
  Dialect dialect();

  /// Does the work in one transaction that is durable when this returns; if anything is thrown,
  /// nothing of it counts, unless it is {@link JournalUnreachable}. Other writers wait meanwhile.
  ///
  /// @param patience how long to try where the database is away
  <T> T write(Duration patience, Work<T> work);

  /// Does the work on the database as it is now.
  ///
  /// @param patience how long to try where the database is away
  <T> T read(Duration patience, Work<T> work);

  /// The same once only, for work of any length that cannot be done again.
  <T> T readOnce(Work<T> work);

  @Override
  void close();

  default <T> T write(Work<T> work) {
    return write(PATIENCE, work);
  }

  default <T> T read(Work<T> work) {
    return read(PATIENCE, work);
  }

  default void change(Change change) {
    change(PATIENCE, change);
  }

  default void change(Duration patience, Change change) {
    var _ =
        write(
            patience,
            connection -> {
              change.run(connection);
              return true;
            });
  }

  default void readOnly(Change look) {
    var _ =
        readOnce(
            connection -> {
              look.run(connection);
              return true;
            });
  }
}
