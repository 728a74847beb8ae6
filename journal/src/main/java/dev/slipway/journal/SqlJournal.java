package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The journal in a SQL database, for now a SQLite file.
///
/// Appending is one transaction: the head is read, its epoch compared, the events inserted and the
/// head advanced on the condition that it still is what was read. The head's row is thus what
/// fences: a leader of an older epoch finds it changed.
///
/// ```java
/// var lock = DirectoryLock.acquire(directory);
/// var journal = SqlJournal.open(lock);
/// Recovered recovered = journal.recover();
/// Epoch epoch = journal.takeLeadership();
/// long last = journal.append(List.of(new Event.LeadershipTaken(epoch, now)), epoch);
/// ```
public final class SqlJournal implements Journal {
  public static final int MAX_BATCH_EVENTS = 100_000;
  public static final int MAX_EVENT_BYTES = 64 << 20;

  /// A snapshot is due after so many events, or so many bytes of them, whichever comes first. Twice
  /// that is what the history grows to.
  public static final int SNAPSHOT_AFTER_EVENTS = 20_000;

  public static final int SNAPSHOT_AFTER_BYTES = 32 << 20;

  private final Database database;
  private final List<String> warnings;
  private final AtomicBoolean writingSnapshot = new AtomicBoolean();
  private final AtomicLong eventsSinceSnapshot = new AtomicLong();
  private final AtomicLong bytesSinceSnapshot = new AtomicLong();

  private SqlJournal(Database database, List<String> warnings) {
    this.database = database;
    this.warnings = warnings;
  }

  /// Opens the journal of a data directory, which is made where there is none. The lock stays its
  /// owner's, who gives it back after the journal is closed.
  ///
  /// @throws JournalDamaged when the file is torn or damaged, as far as its structure tells;
  ///     {@link #recover} tells the rest
  /// @throws NewerFormat when a newer version wrote it
  /// @throws JournalFull when it cannot be opened now
  public static SqlJournal open(DirectoryLock lock) {
    NativeLibrary.keepBelow(lock.directory());
    return open(JournalFile.in(lock.directory()));
  }

  /// Without a lock: two of one file are for the tests of fencing.
  static SqlJournal open(Path file) {
    JournalFile.createIfMissing(file);
    JournalFile.Inspection inspection = JournalFile.inspect(file, true);
    inspection
        .damage()
        .ifPresent(
            damage -> {
              throw damage.asException();
            });
    Database database = Database.open(file);
    boolean sound = false;
    try {
      List<String> problems = database.read(connection -> Sqlite.problems(connection, false));
      if (!problems.isEmpty()) {
        throw new JournalDamaged(file, problems.getFirst(), String.join("; ", problems));
      }
      sound = true;
      return new SqlJournal(database, inspection.warnings());
    } finally {
      if (!sound) {
        database.close();
      }
    }
  }

  @Override
  public Recovered recover(Consumer<Replayed> each) {
    var replay = new Replay(database.file(), warnings, each);
    Recovered recovered = database.read(replay::run);
    eventsSinceSnapshot.set(recovered.sequence() - recovered.snapshot());
    bytesSinceSnapshot.set(replay.bytes());
    return recovered;
  }

  @Override
  public Epoch takeLeadership() {
    return database.write(
        connection -> {
          Tables.Head head = head(connection);
          Epoch next = head.epoch().next();
          var raised = new Tables.Head(Tables.FORMAT, next, head.sequence(), head.batch());
          if (!Tables.advance(connection, head, raised)) {
            throw new StaleEpoch(head.epoch(), head(connection).epoch());
          }
          return next;
        });
  }

  @Override
  public long append(List<Event> events, Epoch epoch) {
    if (events.isEmpty() || events.size() > MAX_BATCH_EVENTS) {
      throw new IllegalArgumentException(
          "a batch has 1 to " + MAX_BATCH_EVENTS + " events, not " + events.size());
    }
    List<Events.Prepared> prepared = events.stream().map(Events.Prepared::of).toList();
    long last =
        database.write(
            connection -> {
              Tables.Head head = head(connection);
              if (!epoch.equals(head.epoch())) {
                throw refused(epoch, head.epoch());
              }
              Tables.insert(connection, Events.rows(prepared, head, epoch));
              var next =
                  new Tables.Head(
                      Tables.FORMAT, epoch, head.sequence() + events.size(), head.batch() + 1);
              if (!Tables.advance(connection, head, next)) {
                throw refused(epoch, head(connection).epoch());
              }
              return next.sequence();
            });
    long bytes = prepared.stream().mapToLong(event -> event.body().length()).sum();
    eventsSinceSnapshot.addAndGet(events.size());
    bytesSinceSnapshot.addAndGet(bytes);
    return last;
  }

  @Override
  public boolean snapshotDue() {
    return !writingSnapshot.get()
        && (eventsSinceSnapshot.get() >= SNAPSHOT_AFTER_EVENTS
            || bytesSinceSnapshot.get() >= SNAPSHOT_AFTER_BYTES);
  }

  @Override
  public void snapshot(State state, long sequence) {
    if (!writingSnapshot.compareAndSet(false, true)) {
      throw new IllegalStateException("a snapshot is already being written");
    }
    try {
      long events = eventsSinceSnapshot.get();
      long bytes = bytesSinceSnapshot.get();
      if (isNews(sequence)) {
        new Snapshots(database).write(state, sequence);
      }
      eventsSinceSnapshot.addAndGet(-events);
      bytesSinceSnapshot.addAndGet(-bytes);
    } finally {
      writingSnapshot.set(false);
    }
  }

  @Override
  public SealedValues sealedValues() {
    return new SealedValues(database);
  }

  @Override
  public void close() {
    database.close();
  }

  /// Whether there is something that no snapshot has.
  private boolean isNews(long sequence) {
    return database.read(
        connection -> {
          long last = head(connection).sequence();
          if (sequence > last) {
            throw new IllegalArgumentException(
                "there is no event " + sequence + ", the last one is " + last);
          }
          long newest =
              Tables.snapshots(connection).stream()
                  .findFirst()
                  .map(Tables.Snapshot::sequence)
                  .orElse(0L);
          return sequence > newest;
        });
  }

  private Tables.Head head(Connection connection) throws SQLException {
    return Replay.head(connection, database.file());
  }

  static RuntimeException refused(Epoch given, Epoch current) {
    return given.compareTo(current) < 0
        ? new StaleEpoch(given, current)
        : new IllegalArgumentException("epoch " + given.value() + " was never taken");
  }
}
