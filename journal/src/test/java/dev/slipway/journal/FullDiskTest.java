package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a file system of its own that really is full.
class FullDiskTest {
  @TempDir Path disk;

  private final History history = new History();
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()) == 0;
    assumeTrue(mounted, "a tmpfs cannot be mounted here");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isZero();
    }
  }

  @Test
  void nothingOfARefusedBatchCountsAndAppendingGoesOnOnceThereIsRoom() throws Exception {
    Path ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[600 << 10]);
    try (var lock = DirectoryLock.acquire(disk.resolve("data"));
        var journal = SqlJournal.open(lock)) {
      Epoch epoch = journal.takeLeadership();
      State state = untilFull(journal, epoch, State.EMPTY);
      long last = journal.recover().sequence();

      for (int attempt = 0; attempt < 5; attempt++) {
        assertThatThrownBy(() -> journal.append(history.next(500), epoch, journal.sequence()))
            .isInstanceOf(JournalFull.class)
            .hasMessageContaining(JournalFile.NAME);
        assertThat(journal.recover().sequence()).isEqualTo(last);
        assertThat(journal.recover().state()).isEqualTo(state);
      }

      Files.delete(ballast);
      List<Event> events = history.next(20);
      assertThat(journal.append(events, epoch, journal.sequence())).isEqualTo(last + events.size());
      state = Evolution.applyAll(state, events);
      assertThat(journal.recover().state()).isEqualTo(state);
      last += events.size();
      assertRecoveredElsewhere(state, last);
    }
  }

  @Test
  void aFullDiskAtTheTimeOfACrashLosesNothing() throws Exception {
    try (var lock = DirectoryLock.acquire(disk.resolve("data"));
        var journal = SqlJournal.open(lock)) {
      Epoch epoch = journal.takeLeadership();
      State state = untilFull(journal, epoch, State.EMPTY);

      assertRecoveredElsewhere(state, journal.recover().sequence());
    }
  }

  @Test
  void aSnapshotThatFindsNoRoomLeavesTheJournalAsItWas() {
    try (var lock = DirectoryLock.acquire(disk.resolve("data"));
        var journal = SqlJournal.open(lock)) {
      Epoch epoch = journal.takeLeadership();
      long last = journal.append(history.next(50), epoch, journal.sequence());
      State state = new Arbitrary(5, 9).value(State.class);
      Throwable problem = catchThrowable(() -> untilFull(journal, epoch, State.EMPTY));
      assertThat(problem).isNull();
      Recovered before = journal.recover();

      assertThatThrownBy(() -> journal.snapshot(state, last, epoch))
          .isInstanceOf(JournalFull.class);

      assertThat(journal.recover()).isEqualTo(before);
    }
  }

  /// Appends until the disk is full, ever smaller batches, and gives the state that was recorded.
  private State untilFull(SqlJournal journal, Epoch epoch, State start) {
    State state = start;
    boolean full = false;
    while (!full) {
      List<Event> events = history.next(50);
      try {
        journal.append(events, epoch, journal.sequence());
        state = Evolution.applyAll(state, events);
      } catch (JournalFull expected) {
        full = true;
      }
    }
    return state;
  }

  /// What a server would find that starts with the bytes as they are now, after a crash.
  private void assertRecoveredElsewhere(State state, long sequence) throws IOException {
    Path elsewhere = Files.createTempDirectory("journal");
    try {
      for (String name : List.of(JournalFile.NAME, JournalFile.NAME + "-wal")) {
        Files.copy(disk.resolve("data").resolve(name), elsewhere.resolve(name));
      }
      try (var journal = SqlJournal.open(JournalFile.in(elsewhere))) {
        assertThat(journal.recover().sequence()).isEqualTo(sequence);
        assertThat(journal.recover().state()).isEqualTo(state);
      }
    } finally {
      try (var files = Files.list(elsewhere)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(elsewhere);
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
