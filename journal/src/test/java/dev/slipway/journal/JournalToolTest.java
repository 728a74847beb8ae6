package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class JournalToolTest {
  private static final int REPAIRS = 60;

  @TempDir Path directory;

  /// The state after each event; the first is the one before all.
  private final List<State> states = new ArrayList<>(List.of(State.EMPTY));

  private Path file = Path.of("");
  private byte[] liveFile = {};
  private byte[] liveLog = {};
  private byte[] sound = {};

  @BeforeEach
  void record() throws IOException {
    file = JournalFile.in(directory);
    var history = new History();
    try (var journal = SqlJournal.open(file)) {
      Epoch epoch = journal.takeLeadership();
      for (int batch = 0; batch < 40; batch++) {
        List<Event> events = history.next(20);
        for (Event event : events) {
          states.add(Evolution.apply(states.getLast(), event));
        }
        long last = journal.append(events, epoch, journal.sequence());
        if (batch == 10 || batch == 20) {
          journal.snapshot(states.getLast(), last, epoch);
        }
      }
      liveFile = Files.readAllBytes(file);
      liveLog = Files.readAllBytes(WriteAheadLog.of(file));
    }
    sound = Files.readAllBytes(file);
  }

  @Test
  void aSoundJournalIsCalledSoundAndLeftAlone() throws Exception {
    Report check = JournalTool.check(directory);
    assertThat(check.ok()).as("%s", check.lines()).isTrue();
    assertThat(check.lines())
        .anyMatch(line -> line.contains("last recorded " + last()))
        .anyMatch(line -> line.startsWith("snapshot at event"))
        .last()
        .asString()
        .endsWith("is sound");

    Report repair = JournalTool.repair(directory);
    assertThat(repair.ok()).isTrue();
    assertThat(Files.readAllBytes(file)).isEqualTo(sound);
    assertThat(recovered().state()).isEqualTo(states.getLast());
  }

  @Test
  void aDamagedEventIsNamedAndWhatFollowsItIsToldToBeLost() throws Exception {
    long damaged = last() - 30;
    byte[] broken = withEventDamaged(damaged);
    Files.write(file, broken);

    Report check = JournalTool.check(directory);
    assertThat(check.ok()).isFalse();
    assertThat(check.lines())
        .anyMatch(line -> line.contains("event " + damaged + ": its checksum"));
    assertThat(Files.readAllBytes(file)).as("a check changes nothing").isEqualTo(broken);

    Report repair = JournalTool.repair(directory);
    assertThat(repair.ok()).isTrue();
    assertThat(repair.lines())
        .anyMatch(line -> line.contains("recovered up to event " + (damaged - 1)))
        .anyMatch(
            line -> line.contains("lost: events " + damaged + " to " + last() + "; of these 30"))
        .anyMatch(line -> line.contains("event " + (damaged + 1) + " at 2026-"));
    assertThat(recovered().sequence()).isEqualTo(damaged - 1);
    assertThat(recovered().state()).isEqualTo(states.get((int) damaged - 1));
    assertThat(recovered().epoch()).isEqualTo(new Epoch(2));
    assertThat(Files.readAllBytes(keptDamaged())).isEqualTo(broken);
    assertThat(JournalTool.check(directory).ok()).isTrue();
  }

  @Test
  void headerAndFirstPageCanBeLostWithoutLosingAnEvent() throws Exception {
    for (int bytes : new int[] {1, 100, Sqlite.PAGE_BYTES}) {
      clear();
      byte[] broken = sound.clone();
      Arrays.fill(broken, 0, bytes, (byte) 0);
      Files.write(file, broken);

      Report repair = JournalTool.repair(directory);

      assertThat(repair.lines()).anyMatch(line -> line.contains("no event is known to be lost"));
      assertThat(recovered().state()).isEqualTo(states.getLast());
    }
  }

  @Test
  void whateverPageIsLostTheRestIsPutTogether() throws Exception {
    var random = new Random(21);
    List<Integer> vital = List.of(pageOf("snapshots"), pageOf("snapshot_parts"));
    int whole = 0;
    for (int i = 0; i < REPAIRS; i++) {
      clear();
      byte[] broken = sound.clone();
      int page = random.nextInt(sound.length / Sqlite.PAGE_BYTES) * Sqlite.PAGE_BYTES;
      for (int at = page; at < page + Sqlite.PAGE_BYTES; at++) {
        broken[at] = (byte) random.nextInt();
      }
      Files.write(file, broken);

      Report repair = JournalTool.repair(directory);

      if (vital.contains(page)) {
        assertThat(repair.lines()).anyMatch(line -> line.contains("only a backup helps"));
        assertThat(Files.readAllBytes(file)).as("nothing was changed").isEqualTo(broken);
        continue;
      }
      assertThat(repair.ok()).as("page at %d: %s", page, repair.lines()).isTrue();
      Recovered recovered = recovered();
      assertThat(recovered.state()).isEqualTo(states.get((int) recovered.sequence()));
      assertThat(JournalTool.check(directory).ok()).isTrue();
      boolean toldLost = repair.lines().stream().anyMatch(line -> line.contains("lost: events"));
      assertThat(toldLost).isEqualTo(recovered.sequence() < last());
      whole += toldLost ? 0 : 1;
    }
    assertThat(whole).as("without loss, of %d", REPAIRS).isPositive();
  }

  /// Where the rows of the snapshots stand, or the beginnings of their parts, all on one page:
  /// without them, and without the first events, which are forgotten by then, nothing can be put
  /// together.
  private int pageOf(String table) {
    try (var database = SqliteDatabase.openForReading(file)) {
      long number =
          database.read(
              connection -> {
                try (var statement = connection.createStatement();
                    var row =
                        statement.executeQuery(
                            "SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'")) {
                  return row.next() ? row.getLong(1) : 0;
                }
              });
      return (int) (number - 1) * Sqlite.PAGE_BYTES;
    }
  }

  @Test
  void damageInTheMiddleOfTheLogCostsOnlyWhatIsDamaged() throws Exception {
    clear();
    Files.write(file, liveFile);
    byte[] broken = liveLog.clone();
    broken[broken.length / 2] ^= 4;
    Files.write(WriteAheadLog.of(file), broken);
    assertThatThrownBy(this::recovered).isInstanceOf(JournalDamaged.class);

    Report repair = JournalTool.repair(directory);

    assertThat(repair.ok()).as("%s", repair.lines()).isTrue();
    Recovered recovered = recovered();
    assertThat(recovered.sequence()).isPositive();
    assertThat(recovered.state()).isEqualTo(states.get((int) recovered.sequence()));
  }

  @Test
  void whereNothingIsLeftNothingIsChanged() throws Exception {
    byte[] nothing = new byte[sound.length];
    Files.write(file, nothing);

    Report repair = JournalTool.repair(directory);

    assertThat(repair.ok()).isFalse();
    assertThat(repair.lines()).anyMatch(line -> line.contains("only a backup helps"));
    assertThat(Files.readAllBytes(file)).isEqualTo(nothing);
  }

  @Test
  void anExportHoldsASnapshotAndEveryEventAfterIt() throws Exception {
    List<String> lines = exported();

    var mapper = JsonMapper.builder().build();
    var snapshot = mapper.readTree(lines.getFirst()).get("snapshot");
    long base = snapshot.get("sequence").asLong();
    assertThat(
            StateCodec.read(
                new java.io.ByteArrayInputStream(
                    snapshot.get("state").toString().getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(states.get((int) base));
    State state = states.get((int) base);
    for (String line : lines.subList(1, lines.size())) {
      var event = mapper.readTree(line);
      base++;
      assertThat(event.get("sequence").asLong()).isEqualTo(base);
      state =
          Evolution.apply(
              state,
              EventCodec.read(
                  event.get("type").asString(),
                  event.get("event").toString().getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(state).isEqualTo(states.getLast());
  }

  @Test
  void anExportOfADamagedJournalTellsWhatIsMissing() throws Exception {
    long damaged = last() - 30;
    byte[] broken = withEventDamaged(damaged);
    Files.write(file, broken);
    assertThat(exported())
        .contains("{\"damaged\":\"event\",\"sequence\":" + damaged + "}")
        .last()
        .asString()
        .contains("\"sequence\":" + last());

    Arrays.fill(broken, 0, 100, (byte) 0);
    Files.write(file, broken);
    assertThat(exported()).contains("{\"missing\":[" + damaged + "," + damaged + "]}");
  }

  @Test
  void aRunningServerIsReadBesideAndNotRepaired() throws Exception {
    try (var lock = DirectoryLock.acquire(directory);
        var journal = SqlJournal.open(lock)) {
      journal.takeLeadership();

      Report check = JournalTool.check(directory);
      assertThat(check.ok()).as("%s", check.lines()).isTrue();
      assertThat(exported()).hasSizeGreaterThan(100);
      assertThatThrownBy(() -> JournalTool.repair(directory)).isInstanceOf(DirectoryInUse.class);
    }
  }

  @Test
  void aDirectoryWithoutAJournalIsNotMadeOne() {
    Path empty = directory.resolve("empty");

    assertThatThrownBy(() -> JournalTool.check(empty)).isInstanceOf(JournalDamaged.class);
    assertThat(empty).doesNotExist();
  }

  private long last() {
    return states.size() - 1L;
  }

  /// Changes one letter in the body of an event, wherever in the file it stands.
  private byte[] withEventDamaged(long sequence) {
    try (var database = SqliteDatabase.openForReading(file)) {
      List<String> body = new ArrayList<>();
      database.readOnly(
          connection ->
              Tables.readEvents(
                  connection,
                  sequence - 1,
                  row -> {
                    body.add(row.body());
                    return false;
                  }));
      String text = new String(sound, StandardCharsets.ISO_8859_1);
      int at = text.lastIndexOf(body.getFirst());
      assertThat(at).isPositive();
      byte[] broken = sound.clone();
      broken[at + 3] ^= 1;
      return broken;
    }
  }

  private List<String> exported() throws IOException {
    var out = new StringWriter();
    JournalTool.export(directory, out);
    return out.toString().lines().toList();
  }

  private Path keptDamaged() throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .filter(
              each -> each.getFileName().toString().matches("journal.sqlite.damaged-\\d+T\\d+Z"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Recovered recovered() {
    try (var journal = SqlJournal.open(file)) {
      return journal.recover();
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
