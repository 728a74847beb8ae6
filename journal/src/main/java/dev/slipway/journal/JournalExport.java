package dev.slipway.journal;

import dev.slipway.core.state.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// The journal as lines of JSON. A sound file is read as SQLite reads it, beside a running server
/// too; a damaged one row by row, as far as rows are sound.
final class JournalExport {
  private final Path file;
  private final Writer out;
  private long previous;

  JournalExport(Path file, Writer out) {
    this.file = file;
    this.out = out;
  }

  void run() throws IOException {
    try {
      if (isReadable()) {
        exportSound();
      } else {
        exportSalvage(Salvage.from(file));
      }
    } catch (UncheckedIOException problem) {
      throw problem.getCause();
    }
    out.flush();
  }

  /// Writes a journal that lies on a server.
  static void of(Database database, Writer out) throws IOException {
    var export = new JournalExport(Path.of(""), out);
    try {
      database.readOnly(export::exportRows);
    } catch (UncheckedIOException problem) {
      throw problem.getCause();
    }
    out.flush();
  }

  private boolean isReadable() {
    if (JournalFile.inspect(file, false).damage().isPresent()) {
      return false;
    }
    try (var database = SqliteDatabase.openForReading(file)) {
      return database.read(connection -> Sqlite.problems(connection, true)).isEmpty();
    } catch (JournalDamaged damaged) {
      return false;
    }
  }

  private void exportSound() {
    try (var database = SqliteDatabase.openForReading(file)) {
      database.readOnly(this::exportRows);
    }
  }

  private void exportRows(Connection connection) throws SQLException {
    if (Tables.firstEvent(connection) != 1) {
      List<Tables.Snapshot> oldestFirst = Tables.snapshots(connection).reversed();
      for (Tables.Snapshot snapshot : oldestFirst) {
        if (exported(snapshot, Snapshots.read(connection, snapshot))) {
          break;
        }
      }
    }
    Tables.readEvents(
        connection,
        previous,
        row -> {
          exportEvent(row);
          return true;
        });
  }

  private void exportSalvage(Salvage salvage) {
    if (!salvage.events().containsKey(1L)) {
      salvage.readableSnapshots().reversed().stream()
          .findFirst()
          .ifPresent(snapshot -> exported(snapshot, salvage.read(snapshot)));
    }
    salvage.events().tailMap(previous + 1).values().forEach(this::exportEvent);
    long last = salvage.head().map(Tables.Head::sequence).orElse(previous);
    if (last > previous) {
      line("{\"missing\":[" + (previous + 1) + "," + last + "]}");
    }
  }

  private boolean exported(Tables.Snapshot snapshot, Snapshots.Reading reading) {
    String place = "\"sequence\":" + snapshot.sequence() + ",\"epoch\":" + snapshot.epoch();
    if (reading.state().isEmpty()) {
      line("{\"damaged\":\"snapshot\"," + place + "}");
      return false;
    }
    line("{\"snapshot\":{" + place + ",\"state\":" + json(reading.state().get()) + "}}");
    previous = snapshot.sequence();
    return true;
  }

  private void exportEvent(Tables.EventRow row) {
    if (row.sequence() > previous + 1) {
      line("{\"missing\":[" + (previous + 1) + "," + (row.sequence() - 1) + "]}");
    }
    previous = row.sequence();
    if (!row.isSound()) {
      line("{\"damaged\":\"event\",\"sequence\":" + row.sequence() + "}");
      return;
    }
    line(
        "{\"sequence\":%d,\"batch\":%d,\"epoch\":%d,\"time\":\"%s\",\"type\":\"%s\",\"event\":%s}"
            .formatted(
                row.sequence(),
                row.batch(),
                row.epoch(),
                Instant.ofEpochMilli(row.time()),
                row.type(),
                row.body()));
  }

  private static String json(State state) {
    var bytes = new ByteArrayOutputStream();
    StateCodec.write(state, bytes);
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  private void line(String text) {
    try {
      out.append(text).append('\n');
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
