package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.Lease;
import dev.slipway.core.leadership.ServerId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Home.Kind.class)
class LeaseTest {
  private static final Duration LENGTH = Duration.ofSeconds(5);
  private static final Epoch NONE_SEEN = new Epoch(0);
  private static final Candidate ALPHA = candidate("alpha");
  private static final Candidate BETA = candidate("beta");

  @Parameter Home.Kind kind = Home.Kind.SQLITE;
  private Home home;
  private Journal alpha;
  private Journal beta;

  @BeforeEach
  void open() {
    home = Home.on(kind);
    alpha = home.open();
    beta = home.open();
  }

  @AfterEach
  void close() {
    alpha.close();
    beta.close();
    home.close();
  }

  @Test
  void nobodyLeadsANewJournal() {
    assertThat(alpha.lease()).isEmpty();
  }

  @Test
  void everybodySeesWhoLeadsAndWhetherItStillDoes() {
    Epoch epoch = alpha.takeLeadership(ALPHA, LENGTH, NONE_SEEN);
    assertThat(beta.lease()).contains(new Lease(epoch, ALPHA, 0, LENGTH, false));
    alpha.renew(epoch);
    alpha.renew(epoch);
    assertThat(beta.lease()).contains(new Lease(epoch, ALPHA, 2, LENGTH, false));
  }

  @Test
  void theEpochIsHigherThanAnyThatWasSeen() {
    assertThat(alpha.takeLeadership(ALPHA, LENGTH, new Epoch(41))).isEqualTo(new Epoch(42));
    assertThat(beta.takeLeadership(BETA, LENGTH, new Epoch(7))).isEqualTo(new Epoch(43));
  }

  @Test
  void whoeverWasFollowedCannotRenew() {
    Epoch first = alpha.takeLeadership(ALPHA, LENGTH, NONE_SEEN);
    Epoch second = beta.takeLeadership(BETA, LENGTH, NONE_SEEN);

    assertThatThrownBy(() -> alpha.renew(first)).isInstanceOf(StaleEpoch.class);
    alpha.release(first);
    assertThat(alpha.lease()).contains(new Lease(second, BETA, 0, LENGTH, false));
  }

  @Test
  void aLeaseThatIsReleasedIsOverAndNotRenewed() {
    Epoch epoch = alpha.takeLeadership(ALPHA, LENGTH, NONE_SEEN);
    alpha.release(epoch);

    assertThat(beta.lease().orElseThrow().released()).isTrue();
    assertThatThrownBy(() -> alpha.renew(epoch)).isInstanceOf(StaleEpoch.class);
  }

  @Test
  void ofTwoThatFindALeaseOverOneGetsIt() {
    alpha.release(alpha.takeLeadership(ALPHA, LENGTH, NONE_SEEN));
    Optional<Lease> seen = alpha.lease();

    assertThat(beta.takeLeadershipAfter(seen, BETA, LENGTH, NONE_SEEN)).contains(new Epoch(2));
    assertThat(alpha.takeLeadershipAfter(seen, ALPHA, LENGTH, NONE_SEEN)).isEmpty();
    beta.renew(new Epoch(2));
    assertThat(alpha.lease().orElseThrow().holder()).isEqualTo(BETA);
  }

  @Test
  void aLeaseThatWasRenewedMeanwhileIsNotTaken() {
    Epoch epoch = alpha.takeLeadership(ALPHA, LENGTH, NONE_SEEN);
    Optional<Lease> seen = beta.lease();
    alpha.renew(epoch);
    assertThat(beta.takeLeadershipAfter(seen, BETA, LENGTH, NONE_SEEN)).isEmpty();
  }

  @Test
  void aDamagedLeaseIsThatOfALeaderWhoNeverRenews() throws Exception {
    Epoch epoch = alpha.takeLeadership(ALPHA, LENGTH, NONE_SEEN);
    try (var database = home.database()) {
      database.change(
          connection -> {
            try (var statement = connection.createStatement()) {
              statement.execute("UPDATE leadership SET renewal = 99");
            }
          });
    }
    Lease lease = beta.lease().orElseThrow();
    assertThat(lease.epoch()).isEqualTo(epoch);
    assertThat(lease.holder()).isNotEqualTo(ALPHA);
    assertThat(lease.released()).isFalse();
  }

  @Test
  void anEpochThatTheDatabaseLostAndGaveOutAgainIsItsNewHoldersAlone() {
    Epoch epoch = alpha.takeLeadership(ALPHA, LENGTH, NONE_SEEN);
    forgetThatItWasTaken();
    assertThat(beta.takeLeadership(BETA, LENGTH, NONE_SEEN)).isEqualTo(epoch);
    List<Event> events = List.of(new Event.LeadershipTaken(epoch, Instant.EPOCH));

    assertThatThrownBy(() -> alpha.renew(epoch)).isInstanceOf(StaleEpoch.class);
    assertThatThrownBy(() -> alpha.append(events, epoch, 0))
        .isInstanceOf(HistoryLost.class)
        .hasMessageContaining("it gave epoch 1 to another server");
    assertThatThrownBy(() -> alpha.sealedValues().remove("a", epoch))
        .isInstanceOf(HistoryLost.class);
    alpha.release(epoch);
    assertThat(alpha.lease()).contains(new Lease(epoch, BETA, 0, LENGTH, false));
    assertThat(beta.append(events, epoch, 0)).isEqualTo(1);
    assertThatThrownBy(() -> alpha.snapshot(State.EMPTY, 1, epoch)).isInstanceOf(HistoryLost.class);
    assertThat(beta.recover().snapshot()).isZero();
  }

  private void forgetThatItWasTaken() {
    try (var database = home.database()) {
      database.change(
          connection -> {
            Tables.Head head = Tables.head(connection).orElseThrow();
            var before = new Tables.Head(Tables.FORMAT, new Epoch(0), 0, 0);
            assertThat(Tables.advance(connection, head, before)).isTrue();
            SqlLease.remove(connection);
          });
    }
  }

  private static Candidate candidate(String name) {
    return new Candidate(
        new ServerId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))),
        name,
        "http://" + name + ":8080");
  }
}
