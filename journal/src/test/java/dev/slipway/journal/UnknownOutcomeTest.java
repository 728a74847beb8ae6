package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import dev.slipway.testing.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The connection to PostgreSQL is cut at each point of a transaction: what was acknowledged is
/// there, and nothing is there twice.
@Timeout(120)
class UnknownOutcomeTest {
  private final History history = new History();
  private final List<Event> acknowledged = new ArrayList<>();
  private PostgresServer server;
  private CuttingProxy proxy;
  private PostgresPlace direct;
  private SqlJournal journal;
  private Epoch epoch;
  private long last;

  @BeforeEach
  void open() {
    var shared = PostgresServer.shared();
    Assumptions.assumeTrue(shared.isPresent(), "PostgreSQL is not installed");
    server = shared.orElseThrow();
    direct = Places.fresh(server);
    proxy = new CuttingProxy(server.port());
    journal =
        patiently(
            () ->
                SqlJournal.open(
                    Places.of(
                        direct.schema(),
                        "127.0.0.1:" + proxy.port(),
                        "&sslmode=disable&prepareThreshold=0")));
    epoch = patiently(journal::takeLeadership);
  }

  @AfterEach
  void close() {
    if (journal != null) {
      journal.close();
      proxy.close();
    }
  }

  @ParameterizedTest(name = "cut at {0}, delivered {1}")
  @CsvSource({
    "BEGIN, false",
    "BEGIN, true",
    "FOR UPDATE, false",
    "FOR UPDATE, true",
    "INSERT INTO events, false",
    "INSERT INTO events, true",
    "UPDATE journal, false",
    "UPDATE journal, true",
    "pg_notify, false",
    "pg_notify, true",
    "COMMIT, false",
    "COMMIT, true"
  })
  void anAppendIsRecordedOnceWhereverItsConnectionIsCut(String text, boolean delivered) {
    append(20);
    var cut = new CuttingProxy.Cut(text, delivered);
    proxy.arm(cut);
    append(7);
    assertThat(proxy.isCut()).isTrue();
    append(5);
    assertRecorded();
  }

  @Test
  void theLeaseIsTakenWhateverBecomesOfTheAnswer() {
    proxy.arm(new CuttingProxy.Cut("COMMIT", true));
    Epoch second = patiently(journal::takeLeadership);
    assertThat(second).isGreaterThan(epoch);
    proxy.arm(new CuttingProxy.Cut("COMMIT", true));
    patiently(() -> renew(second));
    assertThat(patiently(journal::lease).orElseThrow().epoch()).isEqualTo(second);
    epoch = second;
    append(3);
    assertRecorded();
  }

  @Test
  void aSnapshotIsWholeAlthoughItsConnectionsAreCut() {
    append(40);
    State state = Evolution.applyAll(State.EMPTY, acknowledged);
    proxy.arm(new CuttingProxy.Cut("INSERT INTO snapshot_parts", true));
    patiently(() -> snapshot(state));
    proxy.arm(new CuttingProxy.Cut("COMMIT", true));
    append(3);
    assertThat(patiently(journal::recover).snapshot()).isPositive();
    assertRecorded();
  }

  @Test
  void endedBackendsAreReplaced() {
    append(5);
    for (int i = 0; i < 3; i++) {
      server.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'slipway'");
      append(4);
      patiently(() -> renew(epoch));
    }
    assertRecorded();
  }

  @Test
  void withoutADatabaseTheBatchStaysUnknownAndIsOfferedAgain() {
    append(5);
    List<Event> batch = history.next(6);
    proxy.close();
    assertThatThrownBy(() -> journal.append(batch, epoch, last))
        .isInstanceOf(JournalUnreachable.class)
        .hasMessageNotContaining(PostgresServer.PASSWORD);
    assertThatThrownBy(() -> journal.renew(epoch)).isInstanceOf(JournalUnreachable.class);
    try (var again = patiently(() -> SqlJournal.open(direct))) {
      long recorded = patiently(() -> again.append(batch, epoch, last));
      assertThat(patiently(() -> again.append(batch, epoch, last))).isEqualTo(recorded);
      acknowledged.addAll(batch);
      assertRecorded();
    }
  }

  @Test
  void aBatchOfUnknownOutcomeIsNotRecordedUnderAnotherLeader() {
    append(5);
    List<Event> batch = history.next(6);
    try (var other = patiently(() -> SqlJournal.open(direct))) {
      patiently(other::takeLeadership);
      proxy.cutAll();
      assertThatThrownBy(() -> patiently(() -> journal.append(batch, epoch, last)))
          .isInstanceOf(StaleEpoch.class);
    }
    assertRecorded();
  }

  /// Offers a call again while the database cannot be reached, as everybody may.
  private static <T> T patiently(Supplier<T> call) {
    while (true) { // Ends with the test's time.
      try {
        return call.get();
      } catch (JournalUnreachable again) {
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
      }
    }
  }

  private Epoch renew(Epoch renewed) {
    journal.renew(renewed);
    return renewed;
  }

  private long snapshot(State state) {
    journal.snapshot(state, last, epoch);
    return last;
  }

  private void append(int count) {
    List<Event> events = history.next(count);
    last = patiently(() -> journal.append(events, epoch, last));
    acknowledged.addAll(events);
  }

  private void assertRecorded() {
    try (var reader = patiently(() -> SqlJournal.open(direct))) {
      Recovered recovered = patiently(reader::recover);
      assertThat(recovered.sequence()).isEqualTo(acknowledged.size());
      assertThat(recovered.state()).isEqualTo(Evolution.applyAll(State.EMPTY, acknowledged));
    }
  }
}
