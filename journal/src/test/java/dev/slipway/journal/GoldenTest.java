package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pins format 1 to what it was when these files were written: a journal, and each type of event.
///
/// When this fails, a type or a component of core was renamed, added or removed, and journals out
/// there cannot be read any more. Keep the old name in the codec, or raise `Tables.FORMAT` and
/// teach the codec to read rows of the old one; these files stay as they are. Only before the first
/// release may they be written anew: `-Dtest=GoldenTest -Dgolden=write` for what is written now,
/// `-Dgolden=journal` for the journal, too, which otherwise stays to show that the old one is read.
class GoldenTest {
  private static final Path RESOURCES = Path.of("src/test/resources/format-1");
  private static final boolean JOURNAL = "journal".equals(System.getProperty("golden"));
  private static final boolean WRITE = JOURNAL || "write".equals(System.getProperty("golden"));

  @TempDir Path directory;

  @Test
  void namesOfTypesStayAsTheyAre() throws IOException {
    List<String> names =
        Stream.of(TypeNames.EVENTS, TypeNames.COMMANDS, TypeNames.PROBES)
            .flatMap(
                family ->
                    family.types().keySet().stream()
                        .map(name -> family.root().getSimpleName() + " " + name))
            .toList();

    assertThat(names)
        .isEqualTo(golden("names.txt", String.join("\n", names) + "\n").lines().toList());
  }

  @Test
  void eventsOfEveryTypeAreReadAndWrittenAsBefore() throws IOException {
    Map<String, String> first = new LinkedHashMap<>();
    for (Event event : History.ofEveryType()) {
      first.putIfAbsent(EventCodec.type(event), written(event));
    }
    var text = new StringBuilder();
    first.forEach((type, body) -> text.append(type).append(' ').append(body).append('\n'));

    List<String> lines = golden("events.txt", text.toString()).lines().toList();

    assertThat(lines).hasSizeGreaterThanOrEqualTo(TypeNames.EVENTS.types().size());
    for (String line : lines) {
      int space = line.indexOf(' ');
      String body = line.substring(space + 1);
      Event event =
          EventCodec.read(line.substring(0, space), body.getBytes(StandardCharsets.US_ASCII));
      assertThat(EventCodec.type(event) + " " + written(event)).isEqualTo(line);
    }
  }

  @Test
  void anOldJournalIsReadAsBefore() throws IOException {
    if (JOURNAL) {
      writeJournal();
    }
    Path file = JournalFile.in(directory);
    Files.copy(RESOURCES.resolve(JournalFile.NAME), file);

    try (var journal = SqlJournal.open(file)) {
      Recovered recovered = journal.recover();

      assertThat(recovered.warnings()).isEmpty();
      assertThat(recovered.snapshot()).isPositive();
      assertThat(recovered.sequence()).isGreaterThan(recovered.snapshot());
      assertThat(written(recovered.state()))
          .isEqualTo(golden("state.json", written(recovered.state()) + "\n").strip());
    }
  }

  private static void writeJournal() throws IOException {
    Path file = RESOURCES.resolve(JournalFile.NAME);
    Files.createDirectories(RESOURCES);
    Files.deleteIfExists(file);
    List<Event> events = History.ofEveryType();
    List<Event> before = events.subList(0, 300);
    try (var journal = SqlJournal.open(file)) {
      Epoch epoch = journal.takeLeadership();
      long last = journal.append(before, epoch, journal.sequence());
      journal.snapshot(Evolution.applyAll(State.EMPTY, before), last, epoch);
      journal.append(events.subList(300, events.size()), epoch, journal.sequence());
    }
  }

  private static String golden(String name, String now) throws IOException {
    Path file = RESOURCES.resolve(name);
    if (WRITE) {
      Files.createDirectories(RESOURCES);
      Files.writeString(file, now);
    }
    return Files.readString(file);
  }

  private static String written(Event event) {
    return new String(EventCodec.write(event), StandardCharsets.US_ASCII);
  }

  private static String written(State state) {
    var out = new ByteArrayOutputStream();
    StateCodec.write(state, out);
    return out.toString(StandardCharsets.US_ASCII);
  }
}
