package dev.slipway.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// All that a journal holds as rows of plain values, the same from every database: what is moved
/// from one to another, and compared. The lease is not part of it; it ends with the place.
final class JournalRows {
  private static final int ROWS_AT_ONCE = 500;
  private static final int FETCHED_AT_ONCE = 200;

  /// What a column holds.
  enum Kind {
    NUMBER,
    TEXT,
    BYTES
  }

  record Column(String name, Kind kind) {}

  /// @param key by which its rows are ordered
  record Table(String name, List<Column> columns, String key) {
    static Table of(String name, String key, String columns) {
      return new Table(name, Arrays.stream(columns.split(" ")).map(Table::column).toList(), key);
    }

    private static Column column(String text) {
      String[] parts = text.split(":", 2);
      Kind kind = parts.length == 1 ? Kind.NUMBER : Kind.valueOf(parts[1].toUpperCase(Locale.ROOT));
      return new Column(parts[0], kind);
    }

    String names() {
      return String.join(", ", columns.stream().map(Column::name).toList());
    }
  }

  static final List<Table> TABLES =
      List.of(
          Table.of(
              "events", "sequence", "sequence batch epoch format time type:text body:text crc"),
          Table.of("snapshots", "sequence", "sequence epoch format parts bytes crc"),
          Table.of("snapshot_parts", "snapshot, part", "snapshot part body:bytes crc"),
          Table.of(
              "sealed_values",
              "name",
              "name:text key_id:text revision created changed body:text crc"));

  /// Whoever is given rows.
  interface Taker<E extends Exception> {
    void take(Table table, List<Object> row) throws E;
  }

  private JournalRows() {}

  static <E extends Exception> void each(Connection connection, Table table, Taker<E> taker)
      throws SQLException, E {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCHED_AT_ONCE);
      try (ResultSet row =
          statement.executeQuery(
              "SELECT " + table.names() + " FROM " + table.name() + " ORDER BY " + table.key())) {
        while (row.next()) {
          List<Object> values = new ArrayList<>(table.columns().size());
          for (int i = 0; i < table.columns().size(); i++) {
            values.add(value(row, i + 1, table.columns().get(i).kind()));
          }
          taker.take(table, values);
        }
      }
    }
  }

  private static Object value(ResultSet row, int column, Kind kind) throws SQLException {
    return switch (kind) {
      case NUMBER -> row.getLong(column);
      case TEXT -> Tables.text(row.getString(column));
      case BYTES -> {
        byte[] bytes = row.getBytes(column);
        yield bytes == null ? new byte[0] : bytes;
      }
    };
  }

  /// Puts rows into the tables, some at a time.
  static final class Inserter implements Taker<SQLException>, AutoCloseable {
    private final Connection connection;
    private final List<List<Object>> waiting = new ArrayList<>();
    private Table table = TABLES.getFirst();

    Inserter(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void take(Table into, List<Object> row) throws SQLException {
      if (!into.equals(table) || waiting.size() == ROWS_AT_ONCE) {
        close();
        table = into;
      }
      waiting.add(row);
    }

    /// Puts in what still waits.
    @Override
    public void close() throws SQLException {
      String values = String.join(", ", table.columns().stream().map(column -> "?").toList());
      try (PreparedStatement statement =
          connection.prepareStatement(
              "INSERT INTO %s (%s) VALUES (%s)".formatted(table.name(), table.names(), values))) {
        for (List<Object> row : waiting) {
          for (int i = 0; i < row.size(); i++) {
            statement.setObject(i + 1, row.get(i));
          }
          statement.addBatch();
        }
        if (!waiting.isEmpty()) {
          statement.executeBatch();
        }
      }
      waiting.clear();
    }
  }

  /// What all rows come to, and how many there are.
  ///
  /// @param digest the SHA-256 of every column of every row
  record Sum(long rows, String digest) {
    static Sum of(Connection connection) throws SQLException {
      MessageDigest digest = sha256();
      var rows = new long[1];
      for (Table table : TABLES) {
        JournalRows.<RuntimeException>each(
            connection,
            table,
            (from, row) -> {
              rows[0]++;
              row.forEach(value -> digest.update(bytes(value)));
            });
      }
      return new Sum(rows[0], HexFormat.of().formatHex(digest.digest()));
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// With its length before it, so that no two rows look alike.
  private static byte[] bytes(Object value) {
    byte[] content =
        switch (value) {
          case Long number -> ByteBuffer.allocate(Long.BYTES).putLong(number).array();
          case byte[] bytes -> bytes;
          default -> String.valueOf(value).getBytes(StandardCharsets.UTF_8);
        };
    return ByteBuffer.allocate(Integer.BYTES + content.length)
        .putInt(content.length)
        .put(content)
        .array();
  }
}
