package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Home.Kind.class)
class SqlJournalTest {
  @Parameter Home.Kind kind = Home.Kind.SQLITE;
  private Home home;

  private final History history = new History();

  @BeforeEach
  void makeHome() {
    home = Home.on(kind);
  }

  @AfterEach
  void leaveHome() {
    home.close();
  }

  @Test
  void aNewJournalIsEmpty() {
    try (var journal = open()) {
      assertThat(journal.recover())
          .isEqualTo(new Recovered(State.EMPTY, Position.START, new Epoch(0), 0, List.of()));
    }
  }

  @Test
  void whatWasAppendedIsThereAfterReopening() {
    List<Event> first = history.next(50);
    List<Event> second = history.next(1);
    Epoch epoch;
    try (var journal = open()) {
      epoch = journal.takeLeadership();
      assertThat(journal.append(first, epoch, journal.sequence())).isEqualTo(first.size());
      assertThat(journal.append(second, epoch, journal.sequence()))
          .isEqualTo(first.size() + second.size());
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
      journal.snapshot(first, snapshot, epoch);
      List<Event> later = history.next(20);
      journal.append(later, epoch, journal.sequence());
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
      journal.append(all, journal.takeLeadership(), journal.sequence());
    }

    assertThat(recovered().state()).isEqualTo(Evolution.applyAll(State.EMPTY, all));
    assertThat(all.stream().map(EventCodec::type)).containsAll(TypeNames.EVENTS.types().keySet());
  }

  @Test
  void aBatchIsRecordedWhollyOrNotAtAll() {
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      List<Event> batch = new ArrayList<>(history.next(30));
      journal.append(batch, epoch, journal.sequence());

      assertThatThrownBy(() -> journal.append(List.of(), epoch, journal.sequence()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> journal.append(history.next(5), new Epoch(9), journal.sequence()))
          .isInstanceOf(HistoryLost.class)
          .hasMessageContaining("it does not know epoch 9, its last one is 1");
      assertThat(journal.recover().sequence()).isEqualTo(batch.size());
    }
  }

  @Test
  void aLeaderThatWasFollowedIsRefusedByTheDatabase() {
    try (var old = open();
        var young = open()) {
      Epoch first = old.takeLeadership();
      old.append(history.next(9), first, old.sequence());
      Epoch second = young.takeLeadership();

      assertThat(second).isEqualTo(first.next());
      assertThatThrownBy(() -> old.append(history.next(1), first, old.sequence()))
          .isInstanceOf(StaleEpoch.class);

      long last = young.append(history.next(1), second, young.sequence());
      assertThatThrownBy(() -> old.append(history.next(1), first, old.sequence()))
          .isInstanceOf(StaleEpoch.class);
      assertThat(young.recover().sequence()).isEqualTo(last);
    }
  }

  @Test
  void aBatchThatIsOfferedAgainIsNotRecordedTwice() {
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      List<Event> batch = history.next(9);
      long last = journal.append(batch, epoch, 0);

      assertThat(journal.append(batch, epoch, 0)).isEqualTo(last);
      long later = journal.append(history.next(3), epoch, last);
      assertThat(journal.append(batch, epoch, 0)).isEqualTo(last);
      assertThat(journal.sequence()).isEqualTo(later);
    }
  }

  @Test
  void aLeaderThatDoesNotKnowTheLastEventIsRefused() {
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      long last = journal.append(history.next(9), epoch, 0);

      assertThatThrownBy(() -> journal.append(history.next(1), epoch, last - 1))
          .isInstanceOf(HistoryLost.class);
      assertThatThrownBy(() -> journal.append(history.next(1), epoch, last + 1))
          .isInstanceOf(HistoryLost.class)
          .hasMessageContaining("its last event is " + last + " and not " + (last + 1));
      assertThat(journal.sequence()).isEqualTo(last);
    }
  }

  @Test
  void aLeaderThatWasFollowedKeepsNoSnapshot() {
    try (var old = open();
        var young = open()) {
      Epoch first = old.takeLeadership();
      List<Event> events = history.next(9);
      long last = old.append(events, first, 0);
      young.takeLeadership();

      assertThatThrownBy(() -> old.snapshot(Evolution.applyAll(State.EMPTY, events), last, first))
          .isInstanceOf(StaleEpoch.class);
      assertThat(young.recover().snapshot()).isZero();
    }
  }

  @Test
  void aHeadThatChangedUnderAWriterIsNotAdvanced() {
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      journal.append(history.next(9), epoch, journal.sequence());
    }
    try (var database = home.database()) {
      Tables.Head head = database.read(Tables::head).orElseThrow();
      var stale = new Tables.Head(head.format(), head.epoch(), head.sequence() - 1, head.batch());

      assertThat(database.<Boolean>write(connection -> Tables.advance(connection, stale, stale)))
          .isFalse();
      assertThat(database.read(Tables::head)).contains(head);
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
      journal.snapshot(state, journal.recover().sequence(), epoch);
      state = append(journal, epoch, state, 100);
      last = journal.recover().sequence();
    }

    Recovered recovered = recovered();
    assertThat(recovered.state()).isEqualTo(state);
    assertThat(recovered.sequence()).isEqualTo(last);
    assertThat(recovered.snapshot()).isBetween(1L, last - 100);
  }

  @Test
  void theHistoryIsBounded() {
    State state = State.EMPTY;
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      for (int round = 0; round < 12; round++) {
        state = append(journal, epoch, state, 3_000);
        journal.snapshot(state, journal.recover().sequence(), epoch);
      }
    }

    try (var database = home.database()) {
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
      journal.snapshot(state, journal.recover().sequence(), epoch);
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
      Epoch epoch = journal.takeLeadership();
      long last = journal.append(history.next(9), epoch, 0);

      assertThatThrownBy(() -> journal.snapshot(State.EMPTY, last + 1, epoch))
          .isInstanceOf(HistoryLost.class);
    }
  }

  @Test
  void aSnapshotOfEventsThatWereLostMeanwhileDoesNotCount() {
    try (var journal = open();
        var database = home.database()) {
      Epoch epoch = journal.takeLeadership();
      State state = append(journal, epoch, State.EMPTY, 9);
      long last = journal.sequence();
      forgetLastEvent(database);
      var snapshots = new Snapshots(database, new Fence(database.place()), epoch);

      assertThatThrownBy(() -> snapshots.write(state, last))
          .isInstanceOf(HistoryLost.class)
          .hasMessageContaining("event %d is in a snapshot".formatted(last));
      assertThat(journal.recover().sequence()).isEqualTo(last - 1);
      assertThat(journal.recover().snapshot()).isZero();
    }
  }

  /// What a replica is like that lacks it.
  private static void forgetLastEvent(Database database) {
    database.change(
        connection -> {
          Tables.Head head = Tables.head(connection).orElseThrow();
          var before =
              new Tables.Head(head.format(), head.epoch(), head.sequence() - 1, head.batch());
          assertThat(Tables.advance(connection, head, before)).isTrue();
          try (var statement = connection.createStatement()) {
            statement.execute("DELETE FROM events WHERE sequence = " + head.sequence());
          }
        });
  }

  @Test
  void appendsPassWhileASnapshotIsWritten() throws Exception {
    State state = new Arbitrary(5, 9).value(State.class);
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      long last = journal.append(history.next(9), epoch, journal.sequence());
      Thread writer = Thread.ofPlatform().start(() -> journal.snapshot(state, last, epoch));
      long appended = last;
      int during = 0;
      while (writer.isAlive()) {
        List<Event> events = history.next(1);
        appended += events.size();
        assertThat(journal.append(events, epoch, journal.sequence())).isEqualTo(appended);
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
        journal.snapshot(state, journal.recover().sequence(), epoch);
      }
    }
    try (var database = home.database()) {
      Tables.Snapshot newest = database.read(Tables::snapshots).getFirst();
      database.change(
          connection -> {
            try (var statement = connection.createStatement()) {
              statement.execute(
                  "UPDATE snapshot_parts SET crc = crc + 1 WHERE snapshot = " + newest.sequence());
            }
          });
    }

    Recovered recovered = recovered();
    assertThat(recovered.state()).isEqualTo(state);
    assertThat(recovered.warnings()).singleElement().asString().contains("part 0");
  }

  private State append(SqlJournal journal, Epoch epoch, State state, int count) {
    List<Event> events = history.next(count);
    journal.append(events, epoch, journal.sequence());
    return Evolution.applyAll(state, events);
  }

  private Recovered recovered() {
    try (var journal = open()) {
      return journal.recover();
    }
  }

  private SqlJournal open() {
    return home.open();
  }
}
