package dev.slipway.server.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.SecretUnreadable;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.SealedValue;
import dev.slipway.journal.SqlJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretStoreTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir Path directory;
  private Opened opened;

  /// A store on an open journal; closing it is what a crash leaves, since every change is durable.
  private record Opened(DirectoryLock lock, SqlJournal journal, Epoch epoch, SecretStore store) {
    void close() {
      journal.close();
      lock.close();
    }
  }

  @BeforeEach
  void open() {
    DirectoryLock lock = DirectoryLock.acquire(directory);
    SqlJournal journal = SqlJournal.open(lock);
    Epoch epoch = journal.takeLeadership();
    var store =
        new SecretStore(journal.sealedValues(), directory, () -> epoch, InstantSource.fixed(NOW));
    opened = new Opened(lock, journal, epoch, store);
  }

  @AfterEach
  void close() {
    opened.close();
  }

  private SecretStore store() {
    return opened.store();
  }

  private void crash() {
    close();
    open();
  }

  private Path keyFile() {
    return directory.resolve(KeyFile.NAME);
  }

  private SecretStore.Outcome put(String... namesAndValues) {
    var values = new TreeMap<SecretName, SecretValue>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put(new SecretName(namesAndValues[i]), SecretValue.of(namesAndValues[i + 1]));
    }
    return store().put(values);
  }

  private void putMany(int count) {
    var values = new TreeMap<SecretName, SecretValue>();
    for (int i = 0; i < count; i++) {
      values.put(new SecretName("many/s" + i), SecretValue.of("value " + i));
    }
    store().put(values);
  }

  private void allOf(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(store().read("many/s" + i)).contains(SecretValue.of("value " + i));
    }
  }

  private long keys() {
    return new KeyFile(keyFile()).read().map(keys -> keys.all().size()).orElse(0);
  }

  @Test
  void whatIsPutIsReadAfterARestart() {
    assertThat(put("a", "A", "shop/db", "B"))
        .isEqualTo(
            new SecretStore.Outcome.Stored(
                List.of(new SecretName("a"), new SecretName("shop/db")), List.of()));
    crash();
    store().start();

    assertThat(store().read("a")).contains(SecretValue.of("A"));
    assertThat(store().read("shop/db")).contains(SecretValue.of("B"));
    assertThat(store().read("shop")).isEmpty();
    assertThat(store().read("../no name")).isEmpty();
    assertThat(store().list())
        .containsExactly(
            new SecretStore.Entry(new SecretName("a"), NOW, NOW),
            new SecretStore.Entry(new SecretName("shop/db"), NOW, NOW));
  }

  @Test
  void aValueIsReplacedAndRemoved() {
    put("a", "A");
    assertThat(put("a", "A2", "b", "B"))
        .isEqualTo(
            new SecretStore.Outcome.Stored(
                List.of(new SecretName("b")), List.of(new SecretName("a"))));
    assertThat(store().read("a")).contains(SecretValue.of("A2"));
    assertThat(store().remove(new SecretName("a"))).isTrue();
    assertThat(store().remove(new SecretName("a"))).isFalse();
    assertThat(store().read("a")).isEmpty();
  }

  @Test
  void theMissingOnesAreNamed() {
    put("a", "A", "b", "B");

    assertThat(store().missing(List.of("c", "a", "no name", "c"))).containsExactly("c", "no name");
    assertThat(store().missing(List.of())).isEmpty();
    assertThat(SecretStore.advice("shop/db")).contains("slipway secret set shop/db");
    assertThat(SecretStore.advice("no name")).contains("'no name'").contains("no name of a secret");
  }

  @Test
  void thereIsALimitToSizeAndNumber() {
    assertThat(put("a", "A", "large", "x".repeat(SecretStore.MAX_VALUE_BYTES + 1)))
        .isInstanceOf(SecretStore.Outcome.TooLarge.class);
    assertThat(store().list()).isEmpty();
    assertThat(put("large", "x".repeat(SecretStore.MAX_VALUE_BYTES)))
        .isInstanceOf(SecretStore.Outcome.Stored.class);

    putMany(SecretStore.MAX_SECRETS - 1);
    assertThat(put("one-more", "A")).isInstanceOf(SecretStore.Outcome.Full.class);
    assertThat(put("many/s1", "B")).isInstanceOf(SecretStore.Outcome.Stored.class);
  }

  @Test
  void neitherTheDatabaseNorItsLogHoldsAValue() throws IOException {
    String value = "FIND-THIS-VALUE-SOMEWHERE";
    put("a", value);
    for (int round = 0; round < 2; round++) {
      try (var files = Files.list(directory)) {
        for (Path file : files.toList()) {
          assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
              .as("%s", file)
              .doesNotContain(value)
              .doesNotContain(
                  java.util.Base64.getEncoder()
                      .encodeToString(value.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                      .substring(0, 20));
        }
      }
      crash();
    }
    assertThat(store().read("a")).contains(SecretValue.of(value));
  }

  @Test
  void aMissingKeyFileIsToldAndNeverMadeAnew() throws IOException {
    put("a", "A");
    Path kept = Files.move(keyFile(), directory.resolve("kept"));

    for (Runnable use :
        List.<Runnable>of(() -> store().read("a"), () -> put("b", "B"), () -> store().rotate())) {
      assertThatThrownBy(use::run)
          .isInstanceOf(SecretUnreadable.class)
          .hasMessageContaining(keyFile() + " is missing")
          .hasMessageContaining("put back the copy");
      assertThat(keyFile()).doesNotExist();
    }
    crash();
    store().start();
    assertThat(keyFile()).doesNotExist();
    assertThat(store().list()).hasSize(1);

    Files.move(kept, keyFile());
    assertThat(store().read("a")).as("without a restart").contains(SecretValue.of("A"));
  }

  @Test
  void aKeyFileOfAnotherStoreIsToldAndLeftAlone() throws IOException {
    put("a", "A");
    new KeyFile(keyFile()).write(new SealingKeys(List.of(SealingKey.random())));
    byte[] wrong = Files.readAllBytes(keyFile());

    for (Runnable use :
        List.<Runnable>of(() -> store().read("a"), () -> put("b", "B"), () -> store().rotate())) {
      assertThatThrownBy(use::run)
          .isInstanceOf(SecretUnreadable.class)
          .hasMessageContaining("does not hold the key");
    }
    store().start();
    assertThat(Files.readAllBytes(keyFile())).isEqualTo(wrong);
  }

  @Test
  void aStoreWhoseKeyIsLostCanBeEmptiedAndUsedAgain() throws IOException {
    put("a", "A");
    Files.delete(keyFile());

    assertThat(store().remove(new SecretName("a"))).isTrue();
    put("a", "anew");
    assertThat(store().read("a")).contains(SecretValue.of("anew"));
  }

  @Test
  void aValueThatSomeoneElseChangedIsRefused() {
    put("a", "A", "b", "B");
    var values = opened.journal().sealedValues();
    SealedValue b = values.read("b").orElseThrow();
    values.put(List.of(SealedValue.of("a", b.key(), b.body(), NOW)), opened.epoch());

    assertThatThrownBy(() -> store().read("a"))
        .isInstanceOf(SecretUnreadable.class)
        .hasMessageContaining("'a' was changed by someone else");
    assertThat(store().read("b")).contains(SecretValue.of("B"));
    assertThatThrownBy(() -> store().rotate()).isInstanceOf(SecretUnreadable.class);
    assertThat(store().read("b")).as("no key was forgotten").contains(SecretValue.of("B"));

    put("a", "anew");
    store().rotate();
    assertThat(store().read("a")).contains(SecretValue.of("anew"));
    assertThat(keys()).isEqualTo(1);
  }

  @Test
  void aLeaderThatWasFollowedChangesNothing() {
    put("a", "A");
    opened.journal().takeLeadership();

    assertThatThrownBy(() -> put("a", "late")).isInstanceOf(StaleEpoch.class);
    assertThatThrownBy(() -> store().remove(new SecretName("a"))).isInstanceOf(StaleEpoch.class);
    assertThatThrownBy(() -> store().rotate()).isInstanceOf(StaleEpoch.class);
    assertThat(store().read("a")).contains(SecretValue.of("A"));
  }

  @Test
  void rotationSealsEverythingWithANewKeyAndForgetsTheOldOne() {
    putMany(40);
    var before = opened.journal().sealedValues().list().getFirst();

    SecretStore.Rotation rotation = store().rotate();

    assertThat(rotation.resealed()).isEqualTo(40);
    assertThat(rotation.key()).isNotEqualTo(before.key());
    assertThat(keys()).isEqualTo(1);
    assertThat(opened.journal().sealedValues().list())
        .allSatisfy(
            entry -> {
              assertThat(entry.key()).isEqualTo(rotation.key());
              assertThat(entry.changed()).isEqualTo(NOW);
            });
    allOf(40);
  }

  @Test
  void anEmptyStoreCanBeRotatedToo() {
    assertThat(store().rotate().resealed()).isZero();
    assertThat(keys()).isEqualTo(1);
  }

  /// 40 values are three steps of re-sealing: the crash comes after 0 to 3 of them, and the next
  /// start, or the next rotation, goes on.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aRotationThatIsKilledAfterAnyStepGoesOnAtTheNextStart(int steps) throws IOException {
    putMany(40);
    store().beginRotation();
    for (int i = 0; i < steps; i++) {
      assertThat(store().resealSome()).isTrue();
    }

    crash();
    allOf(40);
    assertThat(keys()).isEqualTo(2);
    store().start();

    assertThat(keys()).isEqualTo(1);
    allOf(40);
  }

  @Test
  void aRotationThatTheJournalDoesNotTakeWaitsForTheNextStart() throws IOException {
    putMany(40);
    store().beginRotation();
    Epoch lost = opened.epoch().next();
    new SecretStore(
            opened.journal().sealedValues(), directory, () -> lost, InstantSource.fixed(NOW))
        .start();
    assertThat(keys()).isEqualTo(2);
    allOf(40);

    store().start();
    assertThat(keys()).isEqualTo(1);
    allOf(40);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aRotationThatIsKilledGoesOnWithTheNextRotation(int steps) throws IOException {
    putMany(40);
    store().beginRotation();
    for (int i = 0; i < steps; i++) {
      store().resealSome();
    }
    put("many/s0", "value 0", "new", "N");

    crash();
    store().rotate();

    assertThat(keys()).isEqualTo(1);
    allOf(40);
    assertThat(store().read("new")).contains(SecretValue.of("N"));
  }

  @Test
  void aCrashWhileTheKeyFileIsWrittenLeavesTheOldOne() throws IOException {
    putMany(3);
    Files.writeString(new KeyFile(keyFile()).unfinished(), "slipway-secret-k");

    crash();
    store().start();
    allOf(3);
    store().rotate();
    allOf(3);
    assertThat(keys()).isEqualTo(1);
  }

  @Test
  void aKeyThatIsInUseIsNotForgotten() throws IOException {
    putMany(3);
    store().beginRotation();
    assertThatThrownBy(() -> store().forgetOldKeys()).isInstanceOf(IllegalStateException.class);
    assertThat(keys()).isEqualTo(2);
    allOf(3);
  }

  @Test
  void readsGoOnDuringRotations() throws Exception {
    putMany(20);
    var done = new AtomicBoolean();
    var failure = new java.util.concurrent.atomic.AtomicReference<Throwable>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (!done.get()) {
                      allOf(20);
                    }
                  } catch (Throwable problem) {
                    failure.set(problem);
                  }
                });
    for (int i = 0; i < 20; i++) {
      store().rotate();
    }
    done.set(true);
    reader.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void itsEntriesAndOutcomesHaveNoValues() {
    String value = "FIND-THIS-VALUE";
    var outcome = put("a", value);
    assertThat(outcome.toString() + store().list() + Map.of("read", store().read("a")))
        .doesNotContain(value);
  }
}
