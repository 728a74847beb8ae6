package dev.slipway.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Looks at all of a journal: the header, the log, the structure, every row, every snapshot.
final class JournalCheck {
  /// How many damaged rows are named one by one.
  private static final int MAX_NAMED = 50;

  private final Path file;
  private final boolean alone;
  private final List<String> lines = new ArrayList<>();
  private boolean ok = true;
  private long previous;
  private long first;
  private long damagedEvents;

  /// @param alone whether no server has it open
  JournalCheck(Path file, boolean alone) {
    this.file = file;
    this.alone = alone;
  }

  /// Looks at a journal that lies on a server, which looks after its own files.
  static Report of(Database database) {
    var check = new JournalCheck(Path.of(""), false);
    check.lines.add("format " + Tables.FORMAT);
    check.checkTables(database);
    check.lines.add(database.place() + (check.ok ? " is sound" : " is damaged"));
    return new Report(check.ok, check.lines);
  }

  Report run() {
    checkBytes();
    if (ok) {
      checkRows();
    }
    lines.add(file + (ok ? " is sound" : " is damaged"));
    return new Report(ok, lines);
  }

  private void checkBytes() {
    JournalFile.Inspection inspection = JournalFile.inspect(file, alone);
    inspection.damage().ifPresent(damage -> bad(damage.toString()));
    lines.addAll(inspection.warnings());
    if (inspection.damage().isEmpty()) {
      lines.add("format " + Tables.FORMAT);
    }
  }

  private void checkRows() {
    try (var database = SqliteDatabase.openForReading(file)) {
      look(database, "the structure", this::checkStructure);
      checkTables(database);
    } catch (JournalDamaged damaged) {
      bad(damaged.place() + ": " + damaged.detail());
    }
  }

  private void checkTables(Database database) {
    look(database, "the snapshots", this::checkSnapshots);
    look(database, "the events", this::checkEvents);
    look(database, "the sealed values", this::checkSealedValues);
  }

  /// A part that cannot be read at all does not keep the others from being looked at.
  private void look(Database database, String what, Database.Change check) {
    try {
      database.readOnly(check);
    } catch (JournalDamaged damaged) {
      bad(what + " cannot be read to the end: " + damaged.detail());
    }
  }

  private void checkStructure(Connection connection) throws SQLException {
    Sqlite.problems(connection, true).forEach(problem -> bad("structure: " + problem));
  }

  private void checkSnapshots(Connection connection) throws SQLException {
    for (Tables.Snapshot snapshot : Tables.snapshots(connection)) {
      String name = "snapshot at event " + snapshot.sequence();
      Snapshots.Reading reading = Snapshots.read(connection, snapshot);
      if (reading.state().isEmpty()) {
        bad(name + ": " + reading.problem());
        continue;
      }
      lines.add(name + ": sound, " + snapshot.parts() + " parts, " + snapshot.bytes() + " bytes");
    }
  }

  private void checkEvents(Connection connection) throws SQLException {
    OptionalLong base =
        Tables.snapshots(connection).stream().mapToLong(Tables.Snapshot::sequence).min();
    Tables.readEvents(connection, 0, this::checkEvent);
    if (damagedEvents > MAX_NAMED) {
      bad((damagedEvents - MAX_NAMED) + " more events are damaged");
    }
    if (first > 1 && first > base.orElse(0) + 1) {
      bad("events " + (base.orElse(0) + 1) + " to " + (first - 1) + " are missing");
    }
    Optional<Tables.Head> head = Tables.head(connection);
    if (head.isEmpty()) {
      bad("the row of table journal: it is missing or its checksum is wrong");
      return;
    }
    long last = Math.max(previous, base.orElse(0));
    if (last != head.get().sequence()) {
      bad("events " + (last + 1) + " to " + head.get().sequence() + " are missing");
    }
    lines.add(
        (first == 0 ? "no events" : "events " + first + " to " + previous)
            + ", last recorded "
            + head.get().sequence()
            + ", epoch "
            + head.get().epoch().value());
  }

  private void checkSealedValues(Connection connection) throws SQLException {
    List<SealedValue> sound =
        SealedValues.all(
            connection, name -> bad("sealed value " + name + ": its checksum is wrong"));
    lines.add(sound.size() + " sealed values");
  }

  private boolean checkEvent(Tables.EventRow row) {
    if (first == 0) {
      first = row.sequence();
    } else if (row.sequence() != previous + 1) {
      bad("events " + (previous + 1) + " to " + (row.sequence() - 1) + " are missing");
    }
    previous = row.sequence();
    problem(row).ifPresent(problem -> badEvent(row, problem));
    return true;
  }

  private void badEvent(Tables.EventRow row, String problem) {
    ok = false;
    damagedEvents++;
    if (damagedEvents <= MAX_NAMED) {
      bad("event " + row.sequence() + ": " + problem);
    }
  }

  private static Optional<String> problem(Tables.EventRow row) {
    if (!row.isSound()) {
      return Optional.of("its checksum is wrong");
    }
    try {
      Events.of(row);
      return Optional.empty();
    } catch (UnreadableJson unreadable) {
      return Optional.of(String.valueOf(unreadable.getMessage()));
    }
  }

  private void bad(String line) {
    ok = false;
    lines.add(line);
  }
}
