package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The tables and their rows. Every row carries a CRC-32C of all its other columns, so that damage
/// to a row is seen wherever it is read.
final class Tables {
  /// The form of the tables and of the JSON in them. It rises with every change to either that an
  /// older version would not understand; rows keep the format they were written in.
  static final int FORMAT = 1;

  private static List<String> definitions(Dialect dialect) {
    return List.of(
        """
        CREATE TABLE journal (
          id %s,
          format INTEGER NOT NULL,
          epoch BIGINT NOT NULL,
          sequence BIGINT NOT NULL,
          batch BIGINT NOT NULL,
          crc BIGINT NOT NULL)\
        """
            .formatted(dialect.numberKey()),
        """
        CREATE TABLE events (
          sequence %s,
          batch BIGINT NOT NULL,
          epoch BIGINT NOT NULL,
          format INTEGER NOT NULL,
          time BIGINT NOT NULL,
          type TEXT NOT NULL,
          body TEXT NOT NULL,
          crc BIGINT NOT NULL)\
        """
            .formatted(dialect.numberKey()),
        """
        CREATE TABLE snapshots (
          sequence %s,
          epoch BIGINT NOT NULL,
          format INTEGER NOT NULL,
          parts INTEGER NOT NULL,
          bytes BIGINT NOT NULL,
          crc BIGINT NOT NULL)\
        """
            .formatted(dialect.numberKey()),
        """
        CREATE TABLE snapshot_parts (
          snapshot BIGINT NOT NULL,
          part INTEGER NOT NULL,
          body %s NOT NULL,
          crc BIGINT NOT NULL,
          PRIMARY KEY (snapshot, part))\
        """
            .formatted(dialect.bytes()),
        SealedValues.DEFINITION,
        SqlLease.DEFINITION);
  }

  private Tables() {}

  /// The one row of `journal`.
  ///
  /// @param sequence the number of the last event
  /// @param batch the number of the last batch
  record Head(int format, Epoch epoch, long sequence, long batch) {
    long crc() {
      return Tables.crc(new byte[0], 1, format, epoch.value(), sequence, batch);
    }
  }

  /// A row of `events`.
  ///
  /// @param time the event's, in milliseconds since 1970, for people
  /// @param crc as it stands in the row
  record EventRow(
      long sequence,
      long batch,
      long epoch,
      int format,
      long time,
      String type,
      String body,
      long crc) {
    static EventRow of(long sequence, long batch, long epoch, long time, String type, String body) {
      var row = new EventRow(sequence, batch, epoch, FORMAT, time, type, body, 0);
      return new EventRow(sequence, batch, epoch, FORMAT, time, type, body, row.expectedCrc());
    }

    boolean isSound() {
      return crc == expectedCrc();
    }

    private long expectedCrc() {
      byte[] text = (type + "\n" + body).getBytes(StandardCharsets.UTF_8);
      return Tables.crc(text, sequence, batch, epoch, format, time);
    }
  }

  /// A row of `snapshots`. Its parts are all there before it is.
  ///
  /// @param sequence the number of the last event in it
  /// @param bytes the length of its parts together
  record Snapshot(long sequence, long epoch, int format, int parts, long bytes, long crc) {
    static Snapshot of(long sequence, long epoch, int parts, long bytes) {
      var row = new Snapshot(sequence, epoch, FORMAT, parts, bytes, 0);
      return new Snapshot(sequence, epoch, FORMAT, parts, bytes, row.expectedCrc());
    }

    boolean isSound() {
      return crc == expectedCrc();
    }

    private long expectedCrc() {
      return Tables.crc(new byte[0], sequence, epoch, format, parts, bytes);
    }
  }

  static long partCrc(long snapshot, int part, byte[] body) {
    return crc(body, snapshot, part);
  }

  static void create(Connection connection, Dialect dialect) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String definition : definitions(dialect)) {
        statement.execute(definition);
      }
    }
  }

  static void insert(Connection connection, Head head) throws SQLException {
    update(
        connection,
        "INSERT INTO journal (id, format, epoch, sequence, batch, crc) VALUES (1, ?, ?, ?, ?, ?)",
        head.format(),
        head.epoch().value(),
        head.sequence(),
        head.batch(),
        head.crc());
  }

  /// The head as it stands; nothing when there is none or its checksum is wrong.
  static Optional<Head> head(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT format, epoch, sequence, batch, crc FROM journal WHERE id = 1")) {
      if (!row.next()) {
        return Optional.empty();
      }
      var head = new Head(row.getInt(1), new Epoch(row.getLong(2)), row.getLong(3), row.getLong(4));
      return head.crc() == row.getLong(5) ? Optional.of(head) : Optional.empty();
    }
  }

  /// Replaces the head, unless it is not `from` any more.
  static boolean advance(Connection connection, Head from, Head to) throws SQLException {
    return update(
            connection,
            "UPDATE journal SET format = ?, epoch = ?, sequence = ?, batch = ?, crc = ?"
                + " WHERE id = 1 AND epoch = ? AND sequence = ?",
            to.format(),
            to.epoch().value(),
            to.sequence(),
            to.batch(),
            to.crc(),
            from.epoch().value(),
            from.sequence())
        == 1;
  }

  /// Whether the head still has this epoch; if so, it keeps it until the transaction ends.
  static boolean hold(Connection connection, Epoch epoch) throws SQLException {
    return update(
            connection,
            "UPDATE journal SET epoch = ? WHERE id = 1 AND epoch = ?",
            epoch.value(),
            epoch.value())
        == 1;
  }

  static void insert(Connection connection, List<EventRow> events) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO events (sequence, batch, epoch, format, time, type, body, crc)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (EventRow row : events) {
        statement.setLong(1, row.sequence());
        statement.setLong(2, row.batch());
        statement.setLong(3, row.epoch());
        statement.setInt(4, row.format());
        statement.setLong(5, row.time());
        statement.setString(6, row.type());
        statement.setString(7, row.body());
        statement.setLong(8, row.crc());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /// What to do with each row, in order; `false` ends the reading.
  interface EventReader {
    boolean read(EventRow row);
  }

  static void readEvents(Connection connection, long after, EventReader reader)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT sequence, batch, epoch, format, time, type, body, crc FROM events"
                + " WHERE sequence > ? ORDER BY sequence")) {
      statement.setLong(1, after);
      try (ResultSet row = statement.executeQuery()) {
        boolean more = true;
        while (more && row.next()) {
          more =
              reader.read(
                  new EventRow(
                      row.getLong(1),
                      row.getLong(2),
                      row.getLong(3),
                      row.getInt(4),
                      row.getLong(5),
                      text(row.getString(6)),
                      text(row.getString(7)),
                      row.getLong(8)));
        }
      }
    }
  }

  /// The checksum in an event's row; 0 when there is no such row.
  static long mark(Connection connection, long sequence) throws SQLException {
    return number(connection, "SELECT crc FROM events WHERE sequence = " + sequence);
  }

  /// The number of the first event that is kept; 0 when there is none.
  static long firstEvent(Connection connection) throws SQLException {
    return number(connection, "SELECT MIN(sequence) FROM events");
  }

  static void deleteEvents(Connection connection, long upTo) throws SQLException {
    update(connection, "DELETE FROM events WHERE sequence <= ?", upTo);
  }

  static void insert(Connection connection, Snapshot snapshot) throws SQLException {
    update(
        connection,
        "INSERT INTO snapshots (sequence, epoch, format, parts, bytes, crc)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        snapshot.sequence(),
        snapshot.epoch(),
        snapshot.format(),
        snapshot.parts(),
        snapshot.bytes(),
        snapshot.crc());
  }

  /// The newest first.
  static List<Snapshot> snapshots(Connection connection) throws SQLException {
    List<Snapshot> result = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT sequence, epoch, format, parts, bytes, crc FROM snapshots"
                    + " ORDER BY sequence DESC")) {
      while (row.next()) {
        result.add(
            new Snapshot(
                row.getLong(1),
                row.getLong(2),
                row.getInt(3),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6)));
      }
    }
    return result;
  }

  static void insertPart(Connection connection, long snapshot, int part, byte[] body)
      throws SQLException {
    update(
        connection,
        "INSERT INTO snapshot_parts (snapshot, part, body, crc) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT DO NOTHING",
        snapshot,
        part,
        body,
        partCrc(snapshot, part, body));
  }

  /// A part's bytes; nothing when it is missing or its checksum is wrong.
  static Optional<byte[]> part(Connection connection, long snapshot, int part) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT body, crc FROM snapshot_parts WHERE snapshot = ? AND part = ?")) {
      statement.setLong(1, snapshot);
      statement.setInt(2, part);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        byte[] body = row.getBytes(1);
        return body != null && partCrc(snapshot, part, body) == row.getLong(2)
            ? Optional.of(body)
            : Optional.empty();
      }
    }
  }

  static long parts(Connection connection, long snapshot) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT COUNT(*) FROM snapshot_parts WHERE snapshot = ?")) {
      statement.setLong(1, snapshot);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  /// Removes the snapshots below the given one.
  static void deleteSnapshots(Connection connection, long below) throws SQLException {
    update(connection, "DELETE FROM snapshots WHERE sequence < ?", below);
  }

  /// Removes the parts that belong to no snapshot, of which one was being written in a crash.
  static void deleteStrayParts(Connection connection) throws SQLException {
    update(
        connection,
        "DELETE FROM snapshot_parts WHERE snapshot NOT IN (SELECT sequence FROM snapshots)");
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  /// A column that is never null, unless the row is damaged: then its checksum is wrong too.
  static String text(@org.jspecify.annotations.Nullable String value) {
    return value == null ? "" : value;
  }

  static long crc(byte[] body, long... numbers) {
    var head = ByteBuffer.allocate(numbers.length * Long.BYTES);
    for (long number : numbers) {
      head.putLong(number);
    }
    var crc = new CRC32C();
    crc.update(head.flip());
    crc.update(body);
    return crc.getValue();
  }
}
