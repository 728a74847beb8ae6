package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlJournalTest {
  @TempDir Path directory;

  private final History history = new History();

  @Test
  void aNewJournalIsEmpty() {
    try (var journal = open()) {
      assertThat(journal.recover())
          .isEqualTo(new Recovered(State.EMPTY, 0, new Epoch(0), 0, List.of()));
    }
  }

  @Test
  void whatWasAppendedIsThereAfterReopening() {
    List<Event> first = history.next(50);
    List<Event> second = history.next(1);
    Epoch epoch;
    try (var journal = open()) {
      epoch = journal.takeLeadership();
      assertThat(journal.append(first, epoch)).isEqualTo(first.size());
      assertThat(journal.append(second, epoch)).isEqualTo(first.size() + second.size());
    }

    try (var journal = open()) {
      Recovered recovered = journal.recover();

      State expected = Evolution.applyAll(Evolution.applyAll(State.EMPTY, first), second);
      assertThat(recovered.state()).isEqualTo(expected);
      assertThat(recovered.sequence()).isEqualTo(first.size() + second.size());
      assertThat(recovered.epoch()).isEqualTo(epoch);
      assertThat(recovered.warnings()).isEmpty();
    }
  }

  @Test
  void whoRecoversIsToldEveryEventSinceTheSnapshot() {
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      State first = append(journal, epoch, State.EMPTY, 30);
      long snapshot = journal.recover().sequence();
      journal.snapshot(first, snapshot);
      List<Event> later = history.next(20);
      journal.append(later, epoch);
      List<Replayed> replayed = new ArrayList<>();
      Recovered recovered = journal.recover(replayed::add);

      assertThat(replayed.stream().map(Replayed::event)).isEqualTo(later);
      assertThat(replayed.getFirst().sequence()).isEqualTo(snapshot + 1);
      assertThat(replayed.getFirst().before()).isEqualTo(first);
      assertThat(replayed.getLast().after()).isEqualTo(recovered.state());
      assertThat(replayed.getLast().sequence()).isEqualTo(recovered.sequence());
    }
  }

  @Test
  void everyTypeOfEventIsKept() {
    List<Event> all = History.ofEveryType();
    try (var journal = open()) {
      journal.append(all, journal.takeLeadership());
    }

    assertThat(recovered().state()).isEqualTo(Evolution.applyAll(State.EMPTY, all));
    assertThat(all.stream().map(EventCodec::type)).containsAll(TypeNames.EVENTS.types().keySet());
  }

  @Test
  void aBatchIsRecordedWhollyOrNotAtAll() {
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      List<Event> batch = new ArrayList<>(history.next(30));
      journal.append(batch, epoch);

      assertThatThrownBy(() -> journal.append(List.of(), epoch))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> journal.append(history.next(5), new Epoch(9)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("epoch 9 was never taken");
      assertThat(journal.recover().sequence()).isEqualTo(batch.size());
    }
  }

  @Test
  void aLeaderThatWasFollowedIsRefusedByTheDatabase() {
    try (var old = open();
        var young = open()) {
      Epoch first = old.takeLeadership();
      old.append(history.next(9), first);
      Epoch second = young.takeLeadership();

      assertThat(second).isEqualTo(first.next());
      assertThatThrownBy(() -> old.append(history.next(1), first)).isInstanceOf(StaleEpoch.class);

      long last = young.append(history.next(1), second);
      assertThatThrownBy(() -> old.append(history.next(1), first)).isInstanceOf(StaleEpoch.class);
      assertThat(young.recover().sequence()).isEqualTo(last);
    }
  }

  @Test
  void aHeadThatChangedUnderAWriterIsNotAdvanced() {
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      journal.append(history.next(9), epoch);
    }
    try (var database = Database.open(JournalFile.in(directory))) {
      Tables.Head head = database.read(Tables::head).orElseThrow();
      var stale = new Tables.Head(head.format(), head.epoch(), head.sequence() - 1, head.batch());

      assertThat(database.<Boolean>write(connection -> Tables.advance(connection, stale, stale)))
          .isFalse();
      assertThat(database.read(Tables::head)).contains(head);
    }
  }

  @Test
  void everyCommitWaitsForTheDisk() {
    open().close();
    try (var database = Database.open(JournalFile.in(directory))) {
      assertThat(database.<String>read(connection -> pragma(connection, "journal_mode")))
          .isEqualTo("wal");
      assertThat(database.<String>read(connection -> pragma(connection, "synchronous")))
          .as("2 is FULL")
          .isEqualTo("2");
    }
  }

  private static String pragma(Connection connection, String name) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("PRAGMA " + name)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }

  @Test
  void theEpochOnlyRises() {
    List<Epoch> taken = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (var journal = open()) {
        taken.add(journal.takeLeadership());
      }
    }

    assertThat(taken).containsExactly(new Epoch(1), new Epoch(2), new Epoch(3));
  }

  @Test
  void aSnapshotStandsForTheEventsBeforeIt() {
    State state = State.EMPTY;
    long last;
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      state = append(journal, epoch, state, 300);
      journal.snapshot(state, journal.recover().sequence());
      state = append(journal, epoch, state, 100);
      last = journal.recover().sequence();
    }

    Recovered recovered = recovered();
    assertThat(recovered.state()).isEqualTo(state);
    assertThat(recovered.sequence()).isEqualTo(last);
    assertThat(recovered.snapshot()).isBetween(1L, last - 100);
  }

  @Test
  void theHistoryIsBounded() throws Exception {
    State state = State.EMPTY;
    long largest = 0;
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      for (int round = 0; round < 12; round++) {
        state = append(journal, epoch, state, 3_000);
        journal.snapshot(state, journal.recover().sequence());
        if (round == 3) {
          largest = Files.size(JournalFile.in(directory));
        }
      }
    }

    assertThat(Files.size(JournalFile.in(directory))).isLessThan(largest * 3 / 2);
    try (var database = Database.openForReading(JournalFile.in(directory))) {
      List<Tables.Snapshot> kept = database.read(Tables::snapshots);
      assertThat(kept).hasSize(Snapshots.KEPT);
      assertThat(database.<Long>read(Tables::firstEvent)).isEqualTo(kept.getLast().sequence() + 1);
    }
    assertThat(recovered().state()).isEqualTo(state);
  }

  @Test
  void aSnapshotIsDueOnceEnoughWasRecorded() {
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      State state = append(journal, epoch, State.EMPTY, SqlJournal.SNAPSHOT_AFTER_EVENTS - 100);
      assertThat(journal.snapshotDue()).isFalse();
      state = append(journal, epoch, state, 100);
      assertThat(journal.snapshotDue()).isTrue();
      journal.snapshot(state, journal.recover().sequence());
      assertThat(journal.snapshotDue()).isFalse();
    }
    try (var journal = open()) {
      journal.recover();
      assertThat(journal.snapshotDue()).isFalse();
    }
  }

  @Test
  void aSnapshotOfWhatIsNotRecordedIsRefused() {
    try (var journal = open()) {
      long last = journal.append(history.next(9), journal.takeLeadership());

      assertThatThrownBy(() -> journal.snapshot(State.EMPTY, last + 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void appendsPassWhileASnapshotIsWritten() throws Exception {
    State state = new Arbitrary(5, 9).value(State.class);
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      long last = journal.append(history.next(9), epoch);
      Thread writer = Thread.ofPlatform().start(() -> journal.snapshot(state, last));
      long appended = last;
      int during = 0;
      while (writer.isAlive()) {
        List<Event> events = history.next(1);
        appended += events.size();
        assertThat(journal.append(events, epoch)).isEqualTo(appended);
        during++;
      }
      writer.join(Duration.ofSeconds(30));

      assertThat(during).isPositive();
      assertThat(journal.recover().snapshot()).isEqualTo(last);
      assertThat(journal.recover().sequence()).isEqualTo(appended);
    }
  }

  @Test
  void aDamagedSnapshotIsPassedOverForTheOneBefore() {
    State state = State.EMPTY;
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      for (int round = 0; round < 3; round++) {
        state = append(journal, epoch, state, 200);
        journal.snapshot(state, journal.recover().sequence());
      }
    }
    try (var database = Database.open(JournalFile.in(directory))) {
      Tables.Snapshot newest = database.read(Tables::snapshots).getFirst();
      database.change(
          connection -> {
            try (var statement = connection.createStatement()) {
              statement.execute(
                  "UPDATE snapshot_parts SET body = x'00' WHERE snapshot = " + newest.sequence());
            }
          });
    }

    Recovered recovered = recovered();
    assertThat(recovered.state()).isEqualTo(state);
    assertThat(recovered.warnings()).singleElement().asString().contains("part 0");
  }

  private State append(SqlJournal journal, Epoch epoch, State state, int count) {
    List<Event> events = history.next(count);
    journal.append(events, epoch);
    return Evolution.applyAll(state, events);
  }

  private Recovered recovered() {
    try (var journal = open()) {
      return journal.recover();
    }
  }

  private SqlJournal open() {
    return SqlJournal.open(JournalFile.in(directory));
  }
}
