package dev.slipway.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Rings by `NOTIFY` within the transaction, and hears by `LISTEN` on a connection of its own for
/// each listener. While the database is away nothing is heard; whoever listens looks at times
/// anyway.
final class PostgresBell implements Bell {
  /// What a notification says that is not of events alone.
  private static final String LEASE = "lease";

  private final PostgresPlace place;

  PostgresBell(PostgresPlace place) {
    this.place = place;
  }

  @Override
  public void announce(Connection connection) throws SQLException {
    announce(connection, "");
  }

  @Override
  public void announceLease(Connection connection) throws SQLException {
    announce(connection, LEASE);
  }

  private void announce(Connection connection, String what) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
      statement.setString(1, place.channel());
      statement.setString(2, what);
      statement.execute();
    }
  }

  @Override
  public void ring() {}

  @Override
  public Listener listen() {
    return new Ear();
  }

  /// One thread waits, and any may close meanwhile. Whoever takes the connection out closes it.
  private final class Ear implements Listener {
    private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
    private volatile boolean closed;

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (closed) {
        return false;
      }
      Connection known = connection.get();
      try {
        if (known == null) {
          // What came before it could be heard has to be looked for.
          listen();
          return false;
        }
        // Notifications that came meanwhile are there at once. 0 would wait without an end.
        int millis = Math.clamp(atMost.toMillis(), 1, Integer.MAX_VALUE);
        PGNotification[] heard = known.unwrap(PGConnection.class).getNotifications(millis);
        return heard != null
            && Arrays.stream(heard).anyMatch(one -> LEASE.equals(one.getParameter()));
      } catch (SQLException away) {
        hangUp();
        if (!closed) {
          TimeUnit.MILLISECONDS.sleep(atMost.toMillis());
        }
        return false;
      }
    }

    private void listen() throws SQLException {
      Connection fresh = Postgres.connect(place);
      connection.set(fresh);
      if (closed) {
        // Whoever closed may have come before there was anything to close.
        hangUp();
        return;
      }
      Postgres.execute(fresh, "LISTEN " + place.channel());
    }

    @Override
    public void close() {
      closed = true;
      hangUp();
    }

    private void hangUp() {
      Connection known = connection.getAndSet(null);
      if (known == null) {
        return;
      }
      try {
        known.close();
      } catch (SQLException gone) {
        // It is closed, which is all that is wanted.
        return;
      }
    }
  }
}
