package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens to the bytes: either all that was acknowledged is there, or the journal is
/// refused with a word on where. A state that lacks something is never given out.
class DamageTest {
  private static final int HEADER_BYTES = 100;
  private static final int FLIPS = 250;

  @TempDir Path directory;

  /// The state after each batch, by the number of the batch's last event.
  private final TreeMap<Long, State> batches = new TreeMap<>();

  private Path file = Path.of("");
  private Path log = Path.of("");

  /// As a running server has them: some of it in the database, the newest only in the log.
  private byte[] liveFile = {};

  private byte[] liveLog = {};

  /// As a server leaves it that was shut down.
  private byte[] closedFile = {};

  @BeforeEach
  void record() throws IOException {
    file = JournalFile.in(directory);
    log = WriteAheadLog.of(file);
    var history = new History();
    State state = State.EMPTY;
    long last = 0;
    try (var journal = SqlJournal.open(file)) {
      Epoch epoch = journal.takeLeadership();
      for (int batch = 0; batch < 60; batch++) {
        List<Event> events = history.next(batch < 40 ? 25 : 2);
        state = Evolution.applyAll(state, events);
        last = journal.append(events, epoch, journal.sequence());
        batches.put(last, state);
        if (batch == 10 || batch == 20) {
          journal.snapshot(state, last, epoch);
        }
      }
      liveFile = Files.readAllBytes(file);
      liveLog = Files.readAllBytes(log);
    }
    closedFile = Files.readAllBytes(file);
    assertThat(log).doesNotExist();
  }

  @Test
  void everyFlippedBitOfTheHeaderIsSeenOrHarmless() {
    int refused = 0;
    for (int offset = 0; offset < HEADER_BYTES; offset++) {
      for (int bit : new int[] {0, 1, 4, 7}) {
        refused += wholeOrRefused(flipped(closedFile, offset, bit), new byte[0]) ? 0 : 1;
      }
    }
    assertThat(refused).isGreaterThan(4 * 50);
  }

  @Test
  void aFlippedBitAnywhereIsSeenOrHarmless() {
    var random = new Random(11);
    int refused = 0;
    for (int i = 0; i < FLIPS; i++) {
      byte[] damaged = flipped(closedFile, random.nextInt(closedFile.length), random.nextInt(8));
      refused += wholeOrRefused(damaged, new byte[0]) ? 0 : 1;
    }
    assertThat(refused).as("of %d", FLIPS).isPositive();
  }

  @Test
  void aPageOfZerosIsSeenOrHarmless() {
    for (int page = 0; page < closedFile.length / Sqlite.PAGE_BYTES; page++) {
      byte[] damaged = closedFile.clone();
      Arrays.fill(damaged, page * Sqlite.PAGE_BYTES, (page + 1) * Sqlite.PAGE_BYTES, (byte) 0);
      wholeOrRefused(damaged, new byte[0]);
    }
    byte[] beginning = closedFile.clone();
    Arrays.fill(beginning, 0, Sqlite.PAGE_BYTES, (byte) 0);
    assertThat(wholeOrRefused(beginning, new byte[0])).isFalse();
  }

  @Test
  void aFileThatWasCutOffIsRefused() {
    for (int length = 0; length < closedFile.length; length += 1_777) {
      assertThat(wholeOrRefused(Arrays.copyOf(closedFile, length), new byte[0]))
          .as("cut off at %d of %d", length, closedFile.length)
          .isFalse();
    }
  }

  @Test
  void aLogThatWasCutOffGivesWholeBatches() {
    for (int length = liveLog.length; length >= 0; length -= 9_973) {
      write(liveFile, Arrays.copyOf(liveLog, length));

      Recovered recovered = recover();

      assertThat(recovered.sequence() == 0 || batches.containsKey(recovered.sequence()))
          .as("event %d ends a batch, log cut off at %d", recovered.sequence(), length)
          .isTrue();
      assertThat(recovered.state())
          .isEqualTo(batches.getOrDefault(recovered.sequence(), State.EMPTY));
    }
  }

  @Test
  void aLogThatEndsInGarbageLosesNothing() {
    byte[] longer = Arrays.copyOf(liveLog, liveLog.length + 9_999);
    var random = new Random(3);
    for (int i = liveLog.length; i < longer.length; i++) {
      longer[i] = (byte) random.nextInt();
    }
    write(liveFile, longer);

    assertThat(recover().sequence()).isEqualTo(batches.lastKey());
  }

  @Test
  void aFlippedBitOfTheLogIsSeenUnlessItIsInTheLastBatches() {
    var random = new Random(12);
    int lastBatches = liveLog.length - 8 * (Sqlite.PAGE_BYTES + 24);
    int refused = 0;
    for (int i = 0; i < FLIPS; i++) {
      int offset = random.nextInt(lastBatches);
      refused += wholeOrRefused(liveFile, flipped(liveLog, offset, random.nextInt(8))) ? 0 : 1;
    }
    assertThat(refused).as("of %d, in frames that count", FLIPS).isGreaterThan(FLIPS / 2);
  }

  @Test
  void aFlippedBitOfTheLogsHeaderIsSeen() {
    for (int offset = 0; offset < 32; offset++) {
      byte[] damaged = flipped(liveLog, offset, offset % 8);
      assertThat(wholeOrRefused(liveFile, damaged)).as("offset %d", offset).isFalse();
    }
  }

  @Test
  void damageToTheLastTransactionOfTheLogIsWarnedOf() {
    write(liveFile, flipped(liveLog, liveLog.length - 5, 3));

    Recovered recovered = recover();

    assertThat(batches).containsKey(recovered.sequence());
    assertThat(recovered.warnings()).singleElement().asString().contains("offset");
  }

  @Test
  void theRefusalNamesFilePlaceAndCommands() {
    write(flipped(closedFile, 3, 0), new byte[0]);
    assertThatThrownBy(this::recover)
        .isInstanceOf(JournalDamaged.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("offset 3")
        .hasMessageContaining("slipway journal check")
        .hasMessageContaining("slipway journal repair")
        .hasMessageContaining("slipway journal export");
    assertThat(read(file)).isEqualTo(flipped(closedFile, 3, 0));
  }

  @Test
  void anEventThatIsMissingIsNamed() throws Exception {
    try (var database = SqliteDatabase.open(file)) {
      database.change(
          connection -> {
            try (var statement = connection.createStatement()) {
              statement.execute("DELETE FROM events WHERE sequence = 900");
            }
          });
    }
    assertThatThrownBy(this::recover)
        .isInstanceOf(JournalDamaged.class)
        .hasMessageContaining("event 900");
  }

  @Test
  void aNewerFormatIsRefused() {
    byte[] newer = closedFile.clone();
    newer[63] = Tables.FORMAT + 1;
    write(newer, new byte[0]);

    assertThatThrownBy(this::recover)
        .isInstanceOf(NewerFormat.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("format " + (Tables.FORMAT + 1));
  }

  @Test
  void anotherDatabaseIsRefused() throws Exception {
    clear();
    try (var connection = Sqlite.open(file);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE photographs (name TEXT)");
    }
    assertThatThrownBy(this::recover)
        .isInstanceOf(JournalDamaged.class)
        .hasMessageContaining("application id");
  }

  @Test
  void aMissingJournalBesideItsLogIsNotMadeAnew() throws Exception {
    clear();
    Files.write(log, liveLog);

    assertThatThrownBy(this::recover)
        .isInstanceOf(JournalDamaged.class)
        .hasMessageContaining("it is missing");
    assertThat(file).doesNotExist();
  }

  @Test
  void theRemainsOfACrashWhileItWasMadeAreNoObstacle() throws Exception {
    clear();
    Files.write(directory.resolve(JournalFile.NAME + ".new"), new byte[] {1, 2, 3});

    assertThat(recover().sequence()).isZero();
  }

  /// Whether all was there; otherwise it was refused, with the file named. Anything else fails.
  private boolean wholeOrRefused(byte[] database, byte[] writeAheadLog) {
    write(database, writeAheadLog);
    Optional<JournalException> refusal = Optional.empty();
    Recovered recovered =
        new Recovered(State.EMPTY, new Position(-1, 0), new Epoch(0), 0, List.of());
    try {
      recovered = recover();
    } catch (JournalException problem) {
      refusal = Optional.of(problem);
    }
    if (refusal.isPresent()) {
      assertThat(refusal.get())
          .isInstanceOfAny(JournalDamaged.class, NewerFormat.class)
          .hasMessageContaining(JournalFile.NAME);
      return false;
    }
    assertThat(recovered.sequence()).isEqualTo(batches.lastKey());
    assertThat(recovered.state()).isEqualTo(batches.lastEntry().getValue());
    return true;
  }

  private Recovered recover() {
    try (var journal = SqlJournal.open(file)) {
      return journal.recover();
    }
  }

  private static byte[] flipped(byte[] bytes, int offset, int bit) {
    byte[] result = bytes.clone();
    result[offset] ^= (byte) (1 << bit);
    return result;
  }

  private void write(byte[] database, byte[] writeAheadLog) {
    try {
      clear();
      Files.write(file, database);
      if (writeAheadLog.length > 0) {
        Files.write(log, writeAheadLog);
      }
    } catch (IOException problem) {
      throw new java.io.UncheckedIOException(problem);
    }
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException problem) {
      throw new java.io.UncheckedIOException(problem);
    }
  }

  private void clear() throws IOException {
    List<Path> files = new ArrayList<>();
    try (var children = Files.list(directory)) {
      children.forEach(files::add);
    }
    for (Path each : files) {
      Files.delete(each);
    }
  }
}
