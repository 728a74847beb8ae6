package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is so only where the journal is a file.
class SqliteTest {
  @TempDir Path directory;

  @Test
  void everyCommitWaitsForTheDisk() {
    open().close();
    try (var database = SqliteDatabase.open(JournalFile.in(directory))) {
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
  void theFileIsBounded() throws Exception {
    var history = new History();
    State state = State.EMPTY;
    long largest = 0;
    try (var journal = open()) {
      Epoch epoch = journal.takeLeadership();
      for (int round = 0; round < 12; round++) {
        List<Event> events = history.next(3_000);
        long last = journal.append(events, epoch, journal.sequence());
        state = Evolution.applyAll(state, events);
        journal.snapshot(state, last, epoch);
        if (round == 3) {
          largest = Files.size(JournalFile.in(directory));
        }
      }
    }

    assertThat(Files.size(JournalFile.in(directory))).isLessThan(largest * 3 / 2);
  }

  @Test
  void aServerThatAloneHasItsJournalNeedNotWaitForTheOneBeforeIt() {
    try (var journal = open()) {
      journal.takeLeadership();
      assertThat(journal.lease().orElseThrow().released()).isFalse();
    }
    try (var lock = DirectoryLock.acquire(directory);
        var next = SqlJournal.open(lock)) {
      assertThat(next.lease().orElseThrow().released()).isTrue();
    }
  }

  private SqlJournal open() {
    return SqlJournal.open(JournalFile.in(directory));
  }
}
