package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// The sealed values, in a table beside the journal: only what they are now, no history. Changes
/// are fenced as appends are: one transaction asks for the epoch and writes.
///
/// Any thread may call. Every method may throw {@link JournalFull}, after which nothing of the call
/// counts, and {@link JournalDamaged}; those that change something {@link HistoryLost}, when the
/// journal does not know the epoch.
public final class SealedValues {
  static final String DEFINITION =
      """
      CREATE TABLE sealed_values (
        name TEXT NOT NULL PRIMARY KEY,
        key_id TEXT NOT NULL,
        revision BIGINT NOT NULL,
        created BIGINT NOT NULL,
        changed BIGINT NOT NULL,
        body TEXT NOT NULL,
        crc BIGINT NOT NULL)\
      """;

  private static final String SELECT =
      "SELECT name, key_id, revision, created, changed, body, crc FROM sealed_values";

  private final Database database;
  private final Fence fence;

  SealedValues(Database database, Fence fence) {
    this.database = database;
    this.fence = fence;
  }

  /// What is told of a value without reading it.
  public record Entry(String name, String key, Instant created, Instant changed) {}

  /// @throws JournalDamaged when its row's checksum is wrong
  public Optional<SealedValue> read(String name) {
    return database.read(connection -> select(connection, name));
  }

  /// All of them, by name.
  public List<Entry> list() {
    return database.read(
        connection -> {
          List<Entry> entries = new ArrayList<>();
          try (var statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery(
                      "SELECT name, key_id, created, changed FROM sealed_values ORDER BY name")) {
            while (row.next()) {
              entries.add(
                  new Entry(
                      text(row, 1),
                      text(row, 2),
                      Instant.ofEpochMilli(row.getLong(3)),
                      Instant.ofEpochMilli(row.getLong(4))));
            }
          }
          return entries;
        });
  }

  /// Stores the values, all or none. One that was there keeps the time at which it was created,
  /// unless its row is damaged: then it is replaced as if it had not been there.
  ///
  /// @throws StaleEpoch when a higher epoch was taken since
  public void put(List<SealedValue> values, Epoch epoch) {
    database.change(
        connection -> {
          fence.hold(connection, epoch);
          for (SealedValue value : values) {
            Optional<SealedValue> before = row(connection, value.name()).flatMap(Row::sound);
            if (before.filter(value::isContentOf).isPresent()) {
              continue; // It was stored, and nobody knew.
            }
            delete(connection, value.name());
            insert(connection, value.following(before.orElse(value)));
          }
        });
  }

  /// Replaces values by the same ones sealed with another key, all or none.
  ///
  /// @return false, and nothing is done, when one of them is not what it was when it was read
  /// @throws StaleEpoch when a higher epoch was taken since
  public boolean reseal(List<SealedValue> values, Epoch epoch) {
    return database.write(
        connection -> {
          fence.hold(connection, epoch);
          for (SealedValue value : values) {
            Optional<SealedValue> before = select(connection, value.name());
            boolean same = before.filter(value::isRevisionOf).isPresent();
            if (!same && !before.equals(Optional.of(value.following(value)))) {
              return false;
            }
          }
          for (SealedValue value : values) {
            delete(connection, value.name());
            insert(connection, value.following(value));
          }
          return true;
        });
  }

  /// @return whether there was one
  /// @throws StaleEpoch when a higher epoch was taken since
  public boolean remove(String name, Epoch epoch) {
    var found = new AtomicBoolean();
    database.change(
        connection -> {
          fence.hold(connection, epoch);
          found.set(delete(connection, name) || found.get());
        });
    return found.get();
  }

  /// Every row whose checksum is right; `damaged` is told the names of the others.
  static List<SealedValue> all(Connection connection, java.util.function.Consumer<String> damaged)
      throws SQLException {
    List<SealedValue> values = new ArrayList<>();
    try (var statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SELECT + " ORDER BY name")) {
      while (row.next()) {
        SealedValue value = value(row);
        if (value.crc() == row.getLong(7)) {
          values.add(value);
        } else {
          damaged.accept(value.name());
        }
      }
    }
    return values;
  }

  static void insert(Connection connection, SealedValue value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO sealed_values (name, key_id, revision, created, changed, body, crc)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      statement.setString(1, value.name());
      statement.setString(2, value.key());
      statement.setLong(3, value.revision());
      statement.setLong(4, value.created().toEpochMilli());
      statement.setLong(5, value.changed().toEpochMilli());
      statement.setString(6, value.body());
      statement.setLong(7, value.crc());
      statement.executeUpdate();
    }
  }

  /// A row as it stands.
  private record Row(SealedValue value, long crc) {
    Optional<SealedValue> sound() {
      return value.crc() == crc ? Optional.of(value) : Optional.empty();
    }
  }

  private Optional<SealedValue> select(Connection connection, String name) throws SQLException {
    Optional<Row> row = row(connection, name);
    if (row.isPresent() && row.get().sound().isEmpty()) {
      throw new JournalDamaged(
          database.place(), "the sealed value " + name, "its checksum is wrong");
    }
    return row.map(Row::value);
  }

  private static Optional<Row> row(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT + " WHERE name = ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(new Row(value(row), row.getLong(7))) : Optional.empty();
      }
    }
  }

  private static boolean delete(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM sealed_values WHERE name = ?")) {
      statement.setString(1, name);
      return statement.executeUpdate() == 1;
    }
  }

  private static SealedValue value(ResultSet row) throws SQLException {
    return new SealedValue(
        text(row, 1),
        text(row, 2),
        row.getLong(3),
        Instant.ofEpochMilli(row.getLong(4)),
        Instant.ofEpochMilli(row.getLong(5)),
        text(row, 6));
  }

  /// A column that is never null, unless the row is damaged: then its checksum is wrong too.
  private static String text(ResultSet row, int column) throws SQLException {
    String value = row.getString(column);
    return value == null ? "" : value;
  }
}
