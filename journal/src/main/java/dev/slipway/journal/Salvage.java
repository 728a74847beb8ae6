package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/// All rows of a damaged journal whose checksums are right, wherever in the file they stand. Their
/// number is bounded by the history that a journal keeps.
final class Salvage {
  private static final int EVENT_COLUMNS = 8;
  private static final int HEAD_COLUMNS = 6;
  private static final int PART_COLUMNS = 4;
  private static final int SEALED_COLUMNS = 7;

  private final NavigableMap<Long, Tables.EventRow> events = new TreeMap<>();
  private final NavigableMap<Long, Tables.Snapshot> snapshots = new TreeMap<>();
  private final Map<Long, Map<Integer, byte[]>> parts = new TreeMap<>();
  private final NavigableMap<String, SealedValue> sealed = new TreeMap<>();
  private Optional<Tables.Head> head = Optional.empty();

  private Salvage() {}

  static Salvage from(Path file) throws IOException {
    var salvage = new Salvage();
    try (var pages = DatabasePages.open(file)) {
      pages.scan(salvage::add);
    }
    return salvage;
  }

  NavigableMap<Long, Tables.EventRow> events() {
    return events;
  }

  /// The newest head; nothing when none is readable.
  Optional<Tables.Head> head() {
    return head;
  }

  /// The snapshots that can be read, the newest first, with the parts they have.
  List<Tables.Snapshot> readableSnapshots() {
    return snapshots.descendingMap().values().stream()
        .filter(snapshot -> read(snapshot).state().isPresent())
        .toList();
  }

  Snapshots.Reading read(Tables.Snapshot snapshot) {
    try {
      return Snapshots.read(snapshot, number -> Optional.ofNullable(partsOf(snapshot).get(number)));
    } catch (SQLException impossible) {
      throw new IllegalStateException("the parts are in memory", impossible);
    }
  }

  Map<Integer, byte[]> partsOf(Tables.Snapshot snapshot) {
    return parts.getOrDefault(snapshot.sequence(), Map.of());
  }

  /// The newest of each sealed value. One that was removed lately may be among them.
  Collection<SealedValue> sealedValues() {
    return sealed.values();
  }

  /// The highest epoch that anything tells of.
  Epoch highestEpoch() {
    long ofEvents = events.values().stream().mapToLong(Tables.EventRow::epoch).max().orElse(0);
    long ofSnapshots =
        snapshots.values().stream().mapToLong(Tables.Snapshot::epoch).max().orElse(0);
    long ofHead = head.map(found -> found.epoch().value()).orElse(0L);
    return new Epoch(Math.max(ofHead, Math.max(ofEvents, ofSnapshots)));
  }

  private void add(DatabasePages.Row row) {
    switch (row.columns().size()) {
      case EVENT_COLUMNS -> addEvent(row);
      case HEAD_COLUMNS -> addHeadOrSnapshot(row);
      case PART_COLUMNS -> addPart(row);
      case SEALED_COLUMNS -> addSealed(row);
      default -> {} // SQLite's own tables, and what only looks like a row.
    }
  }

  private void addEvent(DatabasePages.Row row) {
    var event =
        new Tables.EventRow(
            row.number(),
            row.whole(1),
            row.whole(2),
            (int) row.whole(3),
            row.whole(4),
            row.text(5),
            row.text(6),
            row.whole(7));
    if (event.isSound() && event.format() <= Tables.FORMAT) {
      events.put(event.sequence(), event);
    }
  }

  private void addHeadOrSnapshot(DatabasePages.Row row) {
    var found =
        new Tables.Head((int) row.whole(1), new Epoch(row.whole(2)), row.whole(3), row.whole(4));
    if (row.number() == 1 && found.crc() == row.whole(5)) {
      Comparator<Tables.Head> newest =
          Comparator.comparing(Tables.Head::epoch).thenComparingLong(Tables.Head::sequence);
      if (head.filter(known -> newest.compare(known, found) >= 0).isEmpty()) {
        head = Optional.of(found);
      }
      return;
    }
    var snapshot =
        new Tables.Snapshot(
            row.number(),
            row.whole(1),
            (int) row.whole(2),
            (int) row.whole(3),
            row.whole(4),
            row.whole(5));
    if (snapshot.isSound() && snapshot.format() <= Tables.FORMAT) {
      snapshots.put(snapshot.sequence(), snapshot);
    }
  }

  private void addPart(DatabasePages.Row row) {
    long snapshot = row.whole(0);
    int part = (int) row.whole(1);
    byte[] body = row.bytes(2);
    if (Tables.partCrc(snapshot, part, body) == row.whole(3)) {
      parts.computeIfAbsent(snapshot, _ -> new TreeMap<>()).put(part, body);
    }
  }

  private void addSealed(DatabasePages.Row row) {
    var found =
        new SealedValue(
            row.text(0),
            row.text(1),
            row.whole(2),
            Instant.ofEpochMilli(row.whole(3)),
            Instant.ofEpochMilli(row.whole(4)),
            row.text(5));
    if (found.crc() == row.whole(6)) {
      sealed.merge(
          found.name(),
          found,
          BinaryOperator.maxBy(
              Comparator.comparing(SealedValue::changed).thenComparingLong(SealedValue::revision)));
    }
  }
}
