package dev.slipway.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Follows in the database. Each look is one query that begins with the event that was read last:
/// its row has to be the same as it was then.
final class SqlFollower implements Follower {
  private final Database database;
  private final Bell.Listener bell;
  private Position position;

  SqlFollower(Database database, Bell.Listener bell, Position after) {
    this.database = database;
    this.bell = bell;
    this.position = after;
  }

  @Override
  public News next() {
    Look look = database.read(this::look);
    if (look.problem.isEmpty()) {
      position = look.reached;
      return new News.Next(look.events, look.atEnd);
    }
    return new News.RecoverAnew(look.problem);
  }

  @Override
  public boolean awaitNews(Duration atMost) throws InterruptedException {
    return bell.await(atMost);
  }

  @Override
  public Position position() {
    return position;
  }

  @Override
  public void close() {
    bell.close();
  }

  private Look look(Connection connection) throws SQLException {
    Tables.Head head = Replay.head(connection, database.place());
    var look = new Look(position);
    if (head.sequence() < position.sequence()) {
      look.problem =
          "event %d was read, and the last one is %d now"
              .formatted(position.sequence(), head.sequence());
      return look;
    }
    Tables.readEvents(connection, Math.max(0, position.sequence() - 1), look::take);
    look.end(head.sequence());
    return look;
  }

  /// What one look finds, from the event that was read last.
  private final class Look {
    private final Position from;
    private final List<Recorded> events = new ArrayList<>();
    private Position reached;
    private String problem = "";
    private boolean known;
    private boolean atEnd;

    Look(Position from) {
      this.from = from;
      this.reached = from;
      this.known = from.mark() == 0;
    }

    /// @return whether to read on
    boolean take(Tables.EventRow row) {
      if (row.sequence() == from.sequence()) {
        known = known || row.crc() == from.mark();
        return known;
      }
      if (!known || row.sequence() != reached.sequence() + 1) {
        return false;
      }
      events.add(Events.recorded(row, database.place()));
      reached = new Position(row.sequence(), row.crc());
      return events.size() < MAX_EVENTS;
    }

    /// @param last the number of the last event that there is
    void end(long last) {
      atEnd = reached.sequence() == last;
      if (!known) {
        problem = "event %d is another one now, or forgotten".formatted(from.sequence());
      } else if (!atEnd && events.size() < MAX_EVENTS) {
        problem = "event %d is forgotten".formatted(reached.sequence() + 1);
      }
    }
  }
}
