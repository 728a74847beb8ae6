package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.Lease;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The journal in a SQL database: a SQLite file of one server, or a PostgreSQL schema that several
/// share.
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
/// long last =
///     journal.append(List.of(new Event.LeadershipTaken(epoch, now)), epoch, recovered.sequence());
/// ```
public final class SqlJournal implements Journal {
  public static final int MAX_BATCH_EVENTS = 100_000;
  public static final int MAX_EVENT_BYTES = 64 << 20;

  /// A snapshot is due after so many events, or so many bytes of them, whichever comes first. Twice
  /// that is what the history grows to.
  public static final int SNAPSHOT_AFTER_EVENTS = 20_000;

  public static final int SNAPSHOT_AFTER_BYTES = 32 << 20;

  /// How long a call about the lease may take while the database is away: a leader has to know in
  /// time that it cannot renew.
  public static final Duration LEASE_PATIENCE = Duration.ofMillis(1_200);

  /// How long an append may take to find out what became of it.
  public static final Duration APPEND_PATIENCE = Duration.ofMillis(2_500);

  private final Database database;
  private final boolean shared;
  private final List<String> warnings;
  private final Bell bell;
  private final Fence fence;
  private final AtomicBoolean writingSnapshot = new AtomicBoolean();
  private final AtomicLong eventsSinceSnapshot = new AtomicLong();
  private final AtomicLong bytesSinceSnapshot = new AtomicLong();

  private SqlJournal(Database database, Bell bell, boolean shared, List<String> warnings) {
    this.database = database;
    this.fence = new Fence(database.place());
    this.bell = bell;
    this.shared = shared;
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
    SqlJournal journal = open(JournalFile.in(lock.directory()));
    // Whoever led before held the lock, and has ended.
    journal
        .lease()
        .filter(lease -> !lease.released())
        .map(Lease::epoch)
        .ifPresent(journal::release);
    return journal;
  }

  /// Opens the journal that several servers share in a PostgreSQL database. Its schema and tables
  /// are made where they are missing.
  ///
  /// @throws JournalRefused when there is no such database, or it is not fit for a journal
  /// @throws JournalUnreachable when it does not answer
  /// @throws NewerFormat when a newer version wrote it
  public static SqlJournal open(PostgresPlace place) {
    List<String> warnings = PostgresStart.prepare(place);
    return new SqlJournal(PostgresDatabase.open(place), new PostgresBell(place), true, warnings);
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
    Database database = SqliteDatabase.open(file);
    boolean sound = false;
    try {
      List<String> problems = database.read(connection -> Sqlite.problems(connection, false));
      if (!problems.isEmpty()) {
        throw new JournalDamaged(file.toString(), problems.getFirst(), String.join("; ", problems));
      }
      database.change(SqlLease::addIfMissing);
      sound = true;
      return new SqlJournal(database, new LocalBell(), false, inspection.warnings());
    } finally {
      if (!sound) {
        database.close();
      }
    }
  }

  @Override
  public Recovered recover(Consumer<Replayed> each) {
    var replay = new Replay(database.place(), warnings, each);
    Recovered recovered = database.readOnce(replay::run);
    eventsSinceSnapshot.set(recovered.sequence() - recovered.snapshot());
    bytesSinceSnapshot.set(replay.bytes());
    return recovered;
  }

  @Override
  public boolean isShared() {
    return shared;
  }

  @Override
  public long sequence() {
    return database.<Long>read(connection -> head(connection).sequence());
  }

  @Override
  public Follower follow(Position after) {
    return new SqlFollower(database, bell.listen(), after);
  }

  @Override
  public Epoch takeLeadership(Candidate me, Duration lease, Epoch above) {
    Epoch taken = database.write(LEASE_PATIENCE, connection -> take(connection, me, lease, above));
    fence.leads(me.id());
    bell.ring();
    return taken;
  }

  @Override
  public Optional<Epoch> takeLeadershipAfter(
      Optional<Lease> seen, Candidate me, Duration lease, Epoch above) {
    Optional<Epoch> taken =
        database.write(
            LEASE_PATIENCE,
            connection ->
                SqlLease.read(connection, head(connection).epoch()).equals(seen)
                    ? Optional.of(take(connection, me, lease, above))
                    : Optional.empty());
    if (taken.isPresent()) {
      fence.leads(me.id());
    }
    bell.ring();
    return taken;
  }

  private Epoch take(Connection connection, Candidate me, Duration lease, Epoch above)
      throws SQLException {
    Tables.Head head = head(connection);
    Epoch next = (above.compareTo(head.epoch()) > 0 ? above : head.epoch()).next();
    var raised = new Tables.Head(Tables.FORMAT, next, head.sequence(), head.batch());
    if (!Tables.advance(connection, head, raised)) {
      throw new StaleEpoch(head.epoch(), head(connection).epoch());
    }
    SqlLease.take(connection, new Lease(next, me, 0, lease, false));
    bell.announceLease(connection);
    return next;
  }

  @Override
  public Optional<Lease> lease() {
    return database.read(
        LEASE_PATIENCE, connection -> SqlLease.read(connection, head(connection).epoch()));
  }

  @Override
  public void renew(Epoch epoch) {
    database.change(
        connection -> SqlLease.renew(connection, epoch, head(connection).epoch(), fence.leader()));
  }

  @Override
  public void release(Epoch epoch) {
    database.change(
        connection -> {
          SqlLease.release(connection, epoch, head(connection).epoch(), fence.leader());
          bell.announceLease(connection);
        });
    bell.ring();
  }

  @Override
  public long append(List<Event> events, Epoch epoch, long after) {
    if (events.isEmpty() || events.size() > MAX_BATCH_EVENTS) {
      throw new IllegalArgumentException(
          "a batch has 1 to " + MAX_BATCH_EVENTS + " events, not " + events.size());
    }
    List<Events.Prepared> prepared = events.stream().map(Events.Prepared::of).toList();
    long last =
        database.write(APPEND_PATIENCE, connection -> append(connection, prepared, epoch, after));
    long bytes = prepared.stream().mapToLong(event -> event.body().length()).sum();
    eventsSinceSnapshot.addAndGet(events.size());
    bytesSinceSnapshot.addAndGet(bytes);
    bell.ring();
    return last;
  }

  private long append(Connection connection, List<Events.Prepared> events, Epoch epoch, long after)
      throws SQLException {
    Tables.Head head = head(connection);
    // A batch whose outcome was not known is offered again: it may have been recorded.
    if (head.sequence() > after && Events.areRecorded(connection, events, epoch, after)) {
      return after + events.size();
    }
    fence.require(connection, epoch, head.epoch());
    if (head.sequence() != after) {
      throw new HistoryLost(
          database.place(), "its last event is %d and not %d".formatted(head.sequence(), after));
    }
    Tables.insert(connection, Events.rows(events, head, epoch));
    var next =
        new Tables.Head(Tables.FORMAT, epoch, head.sequence() + events.size(), head.batch() + 1);
    if (!Tables.advance(connection, head, next)) {
      throw fence.refused(epoch, head(connection).epoch());
    }
    bell.announce(connection);
    return next.sequence();
  }

  @Override
  public boolean snapshotDue() {
    return !writingSnapshot.get()
        && (eventsSinceSnapshot.get() >= SNAPSHOT_AFTER_EVENTS
            || bytesSinceSnapshot.get() >= SNAPSHOT_AFTER_BYTES);
  }

  @Override
  public void snapshot(State state, long sequence, Epoch epoch) {
    if (!writingSnapshot.compareAndSet(false, true)) {
      throw new IllegalStateException("a snapshot is already being written");
    }
    try {
      long events = eventsSinceSnapshot.get();
      long bytes = bytesSinceSnapshot.get();
      if (isNews(sequence)) {
        new Snapshots(database, fence, epoch).write(state, sequence);
      }
      eventsSinceSnapshot.addAndGet(-events);
      bytesSinceSnapshot.addAndGet(-bytes);
    } finally {
      writingSnapshot.set(false);
    }
  }

  @Override
  public SealedValues sealedValues() {
    return new SealedValues(database, fence);
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
            throw new HistoryLost(
                database.place(), "there is no event " + sequence + ", the last one is " + last);
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
    return Replay.head(connection, database.place());
  }
}
