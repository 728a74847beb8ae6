package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/// One of several hosts takes writes: the journal finds it, and finds the next one when that is
/// gone. What the next one never got is told to be lost, and not guessed.
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PostgresHostsTest {
  private static final String PRIMARY = "&targetServerType=primary";
  private static final String NOBODY = "127.0.0.1:1";

  private static final List<PostgresServer> STARTED = new ArrayList<>();

  @BeforeAll
  static void start() {
    Optional<PostgresServer> first = PostgresServer.startFresh();
    Assumptions.assumeTrue(first.isPresent(), "PostgreSQL is not installed");
    STARTED.add(first.orElseThrow());
    STARTED.add(primary().replica());
  }

  @AfterAll
  static void stop() {
    STARTED.reversed().forEach(PostgresServer::close);
  }

  private static PostgresServer primary() {
    return STARTED.getFirst();
  }

  private static PostgresServer replica() {
    return STARTED.getLast();
  }

  private static String host(PostgresServer server) {
    return "127.0.0.1:" + server.port();
  }

  private static PostgresPlace place(String schema, String... hosts) {
    return Places.of(schema, String.join(",", hosts), PRIMARY);
  }

  private static void assertTakesWrites(PostgresPlace place) {
    try (SqlJournal journal = SqlJournal.open(place)) {
      List<Event> events = new History().next(5);
      long last = journal.append(events, journal.takeLeadership(), 0);
      assertThat(last).isEqualTo(events.size());
      assertThat(sequence(primary(), place)).isEqualTo(last);
    }
  }

  /// What a server by itself has of a journal.
  private static long sequence(PostgresServer server, PostgresPlace place) {
    String head = "SELECT sequence FROM " + place.schema() + ".journal";
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(head)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException problem) {
      throw new IllegalStateException(head, problem);
    }
  }

  private static void awaitReplicated(PostgresPlace place, long sequence) {
    while (sequence(replica(), place) != sequence) { // Ends with the test's time.
      Thread.onSpinWait();
    }
  }

  @Test
  @Order(1)
  void aHostThatIsDownIsPassedOver() {
    assertTakesWrites(place("down", NOBODY, host(primary())));
  }

  @Test
  @Order(1)
  void aReplicaThatIsNamedFirstIsPassedOver() {
    assertTakesWrites(place("behind_replica", host(replica()), host(primary())));
  }

  @Test
  @Order(1)
  void aReplicaAloneIsRefusedWithAdvice() {
    PostgresPlace place = Places.of("alone", host(replica()), "");
    assertThatThrownBy(() -> SqlJournal.open(place))
        .isInstanceOf(JournalRefused.class)
        .hasMessageContaining("is a replica")
        .hasMessageContaining("targetServerType=primary");
    assertThatThrownBy(() -> SqlJournal.open(place("alone", host(replica()))))
        .isInstanceOf(JournalUnreachable.class)
        .hasMessageContaining("primary");
  }

  @Test
  @Order(2)
  void whatAPromotedReplicaNeverGotIsToldToBeLost() {
    var history = new History();
    PostgresPlace place = place("promoted", host(primary()), host(replica()));
    try (SqlJournal leader = SqlJournal.open(place)) {
      Epoch epoch = leader.takeLeadership();
      long kept = leader.append(history.next(7), epoch, 0);
      awaitReplicated(place, kept);
      replica().stop();
      long lost = leader.append(history.next(3), epoch, kept);
      primary().kill();
      replica().start();
      replica().promote();

      List<Event> more = history.next(1);
      assertThatThrownBy(() -> leader.append(more, epoch, lost)).isInstanceOf(HistoryLost.class);

      assertThat(leader.recover().sequence()).isEqualTo(kept);
      Epoch next = leader.takeLeadership();
      assertThat(next).isGreaterThan(epoch);
      assertThat(leader.append(more, next, kept)).isEqualTo(kept + more.size());
    }
  }
}
