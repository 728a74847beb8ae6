package dev.slipway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/// Makes a new journal of the rows of a damaged one: the snapshots that can be read, and the events
/// from there to the first that is lost. What follows a lost event is not used, since it speaks of
/// a state that nobody knows; the report tells all of it.
///
/// The damaged file is only renamed, after the new one is whole and was read back. A crash on the
/// way leaves no journal under the journal's name, with which no server starts.
final class JournalRepair {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int ROWS_AT_ONCE = 2_000;

  /// How many unused events are named one by one.
  private static final int MAX_NAMED = 50;

  private final Path file;
  private final InstantSource clock;
  private final List<String> lines = new ArrayList<>();

  JournalRepair(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  Report run() {
    Report check = new JournalCheck(file, true).run();
    lines.addAll(check.lines());
    if (check.ok()) {
      lines.add("nothing was changed");
      return new Report(true, lines);
    }
    try {
      return rebuild(Salvage.from(file));
    } catch (IOException problem) {
      throw new UncheckedIOException(file + " cannot be read", problem);
    }
  }

  private Report rebuild(Salvage salvage) throws IOException {
    Rebuilt rebuilt = Rebuilt.from(salvage);
    if (rebuilt.snapshots().isEmpty() && rebuilt.events().isEmpty()) {
      lines.add("neither a snapshot nor the first event can be read: only a backup helps");
      lines.add("nothing was changed");
      return new Report(false, lines);
    }
    Path repaired = file.resolveSibling(JournalFile.NAME + ".repaired");
    write(repaired, salvage, rebuilt);
    Recovered recovered = proved(repaired);
    String stamp = STAMP.format(clock.instant());
    Path damaged = file.resolveSibling(JournalFile.NAME + ".damaged-" + stamp);
    swap(repaired, damaged);
    lines.add("the damaged journal is kept as " + damaged);
    tell(salvage, recovered);
    return new Report(true, lines);
  }

  /// What the new journal is made of.
  ///
  /// @param snapshots the newest first
  /// @param events one after the other, from the oldest snapshot on
  private record Rebuilt(List<Tables.Snapshot> snapshots, List<Tables.EventRow> events) {

    static Rebuilt from(Salvage salvage) {
      List<Tables.Snapshot> readable = salvage.readableSnapshots();
      long newest = readable.isEmpty() ? 0 : readable.getFirst().sequence();
      long oldest = readable.isEmpty() ? 0 : readable.getLast().sequence();
      long first = newest + 1;
      while (first > oldest + 1 && salvage.events().containsKey(first - 1)) {
        first--;
      }
      // An older snapshot is of use only with all events from there on.
      long from = first;
      List<Tables.Snapshot> snapshots =
          readable.stream().filter(snapshot -> snapshot.sequence() >= from - 1).toList();
      List<Tables.EventRow> events =
          new ArrayList<>(salvage.events().subMap(first, newest + 1).values());
      events.addAll(following(salvage, newest));
      return new Rebuilt(snapshots, events);
    }

    long last() {
      long ofSnapshots = snapshots.isEmpty() ? 0 : snapshots.getFirst().sequence();
      return events.isEmpty() ? ofSnapshots : Math.max(ofSnapshots, events.getLast().sequence());
    }
  }

  private static List<Tables.EventRow> following(Salvage salvage, long base) {
    List<Tables.EventRow> run = new ArrayList<>();
    long expected = base + 1;
    for (Tables.EventRow row : salvage.events().tailMap(expected).values()) {
      if (row.sequence() != expected || !isReadable(row)) {
        break;
      }
      run.add(row);
      expected++;
    }
    return run;
  }

  private static boolean isReadable(Tables.EventRow row) {
    try {
      Events.of(row);
      return true;
    } catch (UnreadableJson problem) {
      return false;
    }
  }

  private static void write(Path target, Salvage salvage, Rebuilt rebuilt) {
    List<Tables.EventRow> events = rebuilt.events();
    long batch = events.isEmpty() ? 0 : events.getLast().batch();
    // The epoch rises: one that was taken and lost must not be given out again.
    var head = new Tables.Head(Tables.FORMAT, salvage.highestEpoch().next(), rebuilt.last(), batch);
    JournalFile.create(target, head);
    try (var database = SqliteDatabase.open(target)) {
      for (Tables.Snapshot snapshot : rebuilt.snapshots()) {
        database.change(
            connection -> {
              for (var part : salvage.partsOf(snapshot).entrySet()) {
                Tables.insertPart(connection, snapshot.sequence(), part.getKey(), part.getValue());
              }
              Tables.insert(connection, snapshot);
            });
      }
      for (int from = 0; from < events.size(); from += ROWS_AT_ONCE) {
        var some = events.subList(from, Math.min(events.size(), from + ROWS_AT_ONCE));
        database.change(connection -> Tables.insert(connection, some));
      }
      database.change(
          connection -> {
            for (SealedValue value : salvage.sealedValues()) {
              SealedValues.insert(connection, value);
            }
          });
    }
  }

  private static Recovered proved(Path repaired) {
    try (var journal = SqlJournal.open(repaired)) {
      return journal.recover();
    }
  }

  private void swap(Path repaired, Path damaged) throws IOException {
    JournalFile.moveIntoPlace(file, damaged);
    Path log = WriteAheadLog.of(file);
    if (Files.exists(log)) {
      JournalFile.moveIntoPlace(log, WriteAheadLog.of(damaged));
    }
    Files.deleteIfExists(JournalFile.sharedMemory(file));
    JournalFile.moveIntoPlace(repaired, file);
  }

  private void tell(Salvage salvage, Recovered recovered) {
    long last = recovered.sequence();
    lines.add(
        "recovered up to event %d, with %d apps"
            .formatted(last, recovered.state().root().apps().size()));
    lines.add("recovered %d secrets, sealed as they were".formatted(salvage.sealedValues().size()));
    SortedMap<Long, Tables.EventRow> unused = salvage.events().tailMap(last + 1);
    long found = unused.isEmpty() ? last : unused.lastKey();
    long recorded = Math.max(found, salvage.head().map(Tables.Head::sequence).orElse(last));
    if (salvage.head().isEmpty()) {
      lines.add("how many events were recorded cannot be read: later ones may be lost");
    }
    if (recorded == last) {
      lines.add("no event is known to be lost");
      return;
    }
    lines.add(
        "lost: events %d to %d; of these %d can be read, and are not used since one before is lost"
            .formatted(last + 1, recorded, unused.size()));
    unused.values().stream()
        .limit(MAX_NAMED)
        .forEach(
            row ->
                lines.add(
                    "  event %d at %s: %s"
                        .formatted(row.sequence(), Instant.ofEpochMilli(row.time()), row.type())));
    if (unused.size() > MAX_NAMED) {
      lines.add("  and " + (unused.size() - MAX_NAMED) + " more");
    }
  }
}
