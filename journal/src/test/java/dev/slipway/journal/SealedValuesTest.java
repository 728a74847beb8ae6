package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedValuesTest {
  private static final Instant EARLY = Instant.parse("2026-03-01T08:00:00.123Z");
  private static final Instant LATE = EARLY.plusSeconds(60);

  @TempDir Path directory;

  private Path file() {
    return JournalFile.in(directory);
  }

  private static SealedValue value(String name, String body, Instant at) {
    return SealedValue.of(name, "key-1", body, at);
  }

  @Test
  void whatWasPutIsThereAfterReopening() {
    try (var journal = SqlJournal.open(file())) {
      Epoch epoch = journal.takeLeadership();
      journal.sealedValues().put(List.of(value("b", "B", EARLY), value("a", "A", EARLY)), epoch);
    }
    try (var journal = SqlJournal.open(file())) {
      SealedValues values = journal.sealedValues();
      assertThat(values.read("a")).contains(new SealedValue("a", "key-1", 1, EARLY, EARLY, "A"));
      assertThat(values.read("c")).isEmpty();
      assertThat(values.list())
          .containsExactly(
              new SealedValues.Entry("a", "key-1", EARLY, EARLY),
              new SealedValues.Entry("b", "key-1", EARLY, EARLY));
    }
  }

  @Test
  void aValueThatIsReplacedKeepsTheTimeOfItsCreation() {
    try (var journal = SqlJournal.open(file())) {
      Epoch epoch = journal.takeLeadership();
      SealedValues values = journal.sealedValues();
      values.put(List.of(value("a", "A", EARLY)), epoch);
      values.put(List.of(value("a", "A2", LATE)), epoch);

      assertThat(values.read("a")).contains(new SealedValue("a", "key-1", 2, EARLY, LATE, "A2"));
    }
  }

  @Test
  void whatIsRemovedIsGone() {
    try (var journal = SqlJournal.open(file())) {
      Epoch epoch = journal.takeLeadership();
      SealedValues values = journal.sealedValues();
      values.put(List.of(value("a", "A", EARLY)), epoch);

      assertThat(values.remove("a", epoch)).isTrue();
      assertThat(values.remove("a", epoch)).isFalse();
      assertThat(values.read("a")).isEmpty();
      assertThat(values.list()).isEmpty();
    }
  }

  @Test
  void resealingKeepsTheTimesAndYieldsToAChangeInBetween() {
    try (var journal = SqlJournal.open(file())) {
      Epoch epoch = journal.takeLeadership();
      SealedValues values = journal.sealedValues();
      values.put(List.of(value("a", "A", EARLY), value("b", "B", EARLY)), epoch);
      SealedValue a = values.read("a").orElseThrow();
      SealedValue b = values.read("b").orElseThrow();

      assertThat(values.reseal(List.of(a.resealed("key-2", "A'")), epoch)).isTrue();
      assertThat(values.read("a")).contains(new SealedValue("a", "key-2", 2, EARLY, EARLY, "A'"));

      values.put(List.of(value("b", "B2", LATE)), epoch);
      SealedValue current = values.read("a").orElseThrow();
      assertThat(
              values.reseal(
                  List.of(current.resealed("key-3", "A''"), b.resealed("key-3", "B'")), epoch))
          .as("b was changed")
          .isFalse();
      assertThat(values.read("a")).contains(current);
      assertThat(values.read("b").orElseThrow().body()).isEqualTo("B2");

      values.remove("a", epoch);
      assertThat(values.reseal(List.of(current.resealed("key-3", "A''")), epoch)).isFalse();
      assertThat(values.read("a")).isEmpty();
    }
  }

  @Test
  void aLeaderThatWasFollowedChangesNothing() {
    try (var old = SqlJournal.open(file());
        var young = SqlJournal.open(file())) {
      Epoch first = old.takeLeadership();
      old.sealedValues().put(List.of(value("a", "A", EARLY)), first);
      SealedValue before = old.sealedValues().read("a").orElseThrow();
      Epoch second = young.takeLeadership();

      SealedValues values = old.sealedValues();
      assertThatThrownBy(() -> values.put(List.of(value("a", "X", LATE)), first))
          .isInstanceOf(StaleEpoch.class);
      assertThatThrownBy(() -> values.remove("a", first)).isInstanceOf(StaleEpoch.class);
      assertThatThrownBy(() -> values.reseal(List.of(before), first))
          .isInstanceOf(StaleEpoch.class);
      assertThatThrownBy(() -> values.remove("a", second.next())).isInstanceOf(HistoryLost.class);

      assertThat(young.sealedValues().read("a")).contains(before);
      assertThat(young.sealedValues().remove("a", second)).isTrue();
    }
  }

  @Test
  void aBatchThatFailsLeavesNothing() {
    try (var journal = SqlJournal.open(file())) {
      Epoch epoch = journal.takeLeadership();
      SealedValues values = journal.sealedValues();
      Instant noTime = Instant.MAX; // Has no milliseconds, so that its row cannot be written.

      assertThatThrownBy(
              () -> values.put(List.of(value("a", "A", EARLY), value("b", "B", noTime)), epoch))
          .isInstanceOf(ArithmeticException.class);
      assertThat(values.list()).isEmpty();
    }
  }

  @Test
  void eventsAndValuesDoNotDisturbEachOther() {
    var history = new History();
    long last;
    try (var journal = SqlJournal.open(file())) {
      Epoch epoch = journal.takeLeadership();
      journal.append(history.next(9), epoch, journal.sequence());
      journal.sealedValues().put(List.of(value("a", "A", EARLY)), epoch);
      last = journal.append(history.next(9), epoch, journal.sequence());
    }
    try (var journal = SqlJournal.open(file())) {
      assertThat(journal.recover().sequence()).isEqualTo(last);
      assertThat(journal.sealedValues().list()).hasSize(1);
    }
    assertThat(JournalTool.check(directory).lines()).contains("1 sealed values");
  }

  @Test
  void aDamagedRowIsRefusedAndNamedByTheCheck() throws Exception {
    try (var journal = SqlJournal.open(file())) {
      Epoch epoch = journal.takeLeadership();
      journal
          .sealedValues()
          .put(List.of(value("a", "FIND-THIS-BODY", EARLY), value("b", "B", EARLY)), epoch);
    }
    byte[] bytes = Files.readAllBytes(file());
    byte[] wanted = "FIND-THIS-BODY".getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        bytes[at] ^= 1;
      }
    }
    Files.write(file(), bytes);

    try (var journal = SqlJournal.open(file())) {
      SealedValues values = journal.sealedValues();
      assertThatThrownBy(() -> values.read("a"))
          .isInstanceOf(JournalDamaged.class)
          .hasMessageContaining("the sealed value a");
      assertThat(values.read("b")).isPresent();
    }
    assertDamageIsNamed();
    try (var journal = SqlJournal.open(file())) {
      SealedValues values = journal.sealedValues();
      values.put(List.of(value("a", "A2", LATE)), journal.takeLeadership());
      assertThat(values.read("a"))
          .as("a damaged value is replaced like any other")
          .contains(new SealedValue("a", "key-1", 1, LATE, LATE, "A2"));
    }
  }

  private void assertDamageIsNamed() {
    Report check = JournalTool.check(directory);
    assertThat(check.ok()).isFalse();
    assertThat(check.lines()).contains("sealed value a: its checksum is wrong");
  }

  @Test
  void aRepairKeepsTheValues() throws Exception {
    String large = "x".repeat(90_000);
    try (var journal = SqlJournal.open(file())) {
      Epoch epoch = journal.takeLeadership();
      journal.append(new History().next(50), epoch, journal.sequence());
      SealedValues values = journal.sealedValues();
      values.put(List.of(value("a", "A", EARLY), value("large", large, EARLY)), epoch);
      values.put(List.of(value("a", "A2", LATE)), epoch);
    }
    byte[] bytes = Files.readAllBytes(file());
    Arrays.fill(bytes, 0, 100, (byte) 0);
    Files.write(file(), bytes);

    Report repair = JournalTool.repair(directory);

    assertThat(repair.lines()).contains("recovered 2 secrets, sealed as they were");
    try (var journal = SqlJournal.open(file())) {
      SealedValues values = journal.sealedValues();
      assertThat(values.read("a")).contains(new SealedValue("a", "key-1", 2, EARLY, LATE, "A2"));
      assertThat(values.read("large").orElseThrow().body()).isEqualTo(large);
    }
  }
}
