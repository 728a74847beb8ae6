package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import dev.slipway.testing.PostgresServer;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A platform moves between the two databases, and into and out of one file.
@Timeout(180)
class JournalMoveTest {
  @TempDir Path directory;

  private final History history = new History();

  @Test
  void aPlatformMovesToPostgresAndBackUnchanged() {
    JournalPlace shared = shared();
    JournalPlace file = place("a");
    State state = fill(file);

    Report there = JournalTool.copy(file, shared);
    assertThat(there.lines()).anyMatch(line -> line.contains("every one compared"));
    assertThat(recovered(shared).state()).isEqualTo(state);
    assertThat(JournalTool.check(shared).ok()).isTrue();
    JournalTool.copy(shared, place("b"));
    assertThat(recovered(place("b"))).isEqualTo(recovered(file));
    assertThat(JournalTool.check(place("b")).lines()).contains("1 sealed values");
  }

  @Test
  void aTargetThatIsNotEmptyIsRefused() {
    JournalPlace file = place("a");
    fill(file);
    fill(place("b"));
    Recovered before = recovered(place("b"));
    assertThatThrownBy(() -> JournalTool.copy(file, place("b")))
        .isInstanceOf(JournalRefused.class)
        .hasMessageContaining("not empty");
    assertThat(recovered(place("b"))).isEqualTo(before);
  }

  @Test
  void aSourceWithAServerOnItIsRefused() {
    fill(place("a"));
    try (var _ = DirectoryLock.acquire(directory.resolve("a"))) {
      assertThatThrownBy(() -> JournalTool.copy(place("a"), place("b")))
          .isInstanceOf(DirectoryInUse.class);
    }
  }

  @Test
  void aBackupIsMadeBesideAServerAndRestored() throws Exception {
    State state = fill(place("a"));
    Path backup = directory.resolve("backup");
    try (var lock = DirectoryLock.acquire(directory.resolve("a"));
        var _ = SqlJournal.open(lock)) {
      assertThat(JournalTool.backup(place("a"), backup).ok()).isTrue();
    }
    JournalTool.restore(backup, place("b"), false);
    assertThat(recovered(place("b"))).isEqualTo(recovered(place("a")));
    assertThatThrownBy(() -> JournalTool.restore(backup, place("b"), false))
        .isInstanceOf(JournalRefused.class);
    JournalTool.restore(backup, place("b"), true);
    assertThat(recovered(place("b")).state()).isEqualTo(state);
  }

  @Test
  void aBackupThatIsDamagedIsRefused() throws Exception {
    fill(place("a"));
    Path backup = directory.resolve("backup");
    JournalTool.backup(place("a"), backup);
    byte[] bytes = Files.readAllBytes(backup);
    bytes[bytes.length / 2] ^= 1;
    Files.write(backup, bytes);
    assertThatThrownBy(() -> JournalTool.restore(backup, place("b"), false))
        .isInstanceOf(JournalDamaged.class)
        .hasMessageContaining("its checksum is wrong");
    Files.write(backup, List.of("nothing of the kind, but long enough to be one of those files"));
    assertThatThrownBy(() -> JournalTool.restore(backup, place("b"), false))
        .isInstanceOf(JournalDamaged.class)
        .hasMessageContaining("no backup of a journal");
  }

  @Test
  void theEpochNeverFallsWhereSomethingIsReplaced() throws Exception {
    fill(place("a"));
    Path backup = directory.resolve("backup");
    JournalTool.backup(place("a"), backup);
    try (var journal = open(place("b"))) {
      journal.takeLeadership();
      journal.takeLeadership();
      journal.append(history.next(3), journal.takeLeadership(), 0);
    }
    JournalTool.restore(backup, place("b"), true);
    assertThat(recovered(place("b")).epoch()).isEqualTo(new Epoch(3));
  }

  @Test
  void aJournalOnAServerIsExported() throws Exception {
    JournalPlace shared = shared();
    fill(shared);
    var text = new StringWriter();
    JournalTool.export(shared, text);
    assertThat(text.toString()).contains("\"sequence\":", "instance-placed");
  }

  private State fill(JournalPlace place) {
    State state = State.EMPTY;
    try (var journal = open(place)) {
      Epoch epoch = journal.takeLeadership();
      for (int round = 0; round < 2; round++) {
        List<Event> events = history.next(100);
        state = Evolution.applyAll(state, events);
        long last = journal.append(events, epoch, journal.sequence());
        journal.snapshot(state, last, epoch);
      }
      List<Event> events = history.next(20);
      state = Evolution.applyAll(state, events);
      journal.append(events, epoch, journal.sequence());
      var secret = SealedValue.of("a", "key-1", "A", Instant.ofEpochMilli(1_234));
      journal.sealedValues().put(List.of(secret), epoch);
      journal.release(epoch);
    }
    return state;
  }

  private static Recovered recovered(JournalPlace place) {
    try (var journal = open(place)) {
      return journal.recover();
    }
  }

  private static SqlJournal open(JournalPlace place) {
    return switch (place) {
      case JournalPlace.InDirectory in -> {
        try (var _ = DirectoryLock.acquire(in.directory())) {
          yield SqlJournal.open(JournalFile.in(in.directory()));
        }
      }
      case JournalPlace.Shared shared -> SqlJournal.open(shared.place());
    };
  }

  private JournalPlace place(String name) {
    return new JournalPlace.InDirectory(directory.resolve(name));
  }

  private static JournalPlace shared() {
    var server = PostgresServer.shared();
    Assumptions.assumeTrue(server.isPresent(), "PostgreSQL is not installed");
    return new JournalPlace.Shared(Places.fresh(server.orElseThrow()));
  }
}
