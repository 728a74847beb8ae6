package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(Home.Kind.class)
class FollowerTest {
  @Parameter Home.Kind kind = Home.Kind.SQLITE;
  private Home home;
  private final History history = new History();
  private Journal leader;
  private Journal standby;
  private Epoch epoch;

  @BeforeEach
  void open() {
    home = Home.on(kind);
    leader = home.open();
    standby = home.open();
    epoch = leader.takeLeadership();
  }

  @AfterEach
  void close() {
    leader.close();
    standby.close();
    home.close();
  }

  @Test
  void eventsComeInOrderWithTheirNumbers() {
    List<Event> first = append(30);
    try (Follower follower = standby.follow(Position.START)) {
      assertThat(events(follower.next())).isEqualTo(first);
      List<Event> second = append(10);
      News.Next next = (News.Next) follower.next();

      assertThat(next.events().stream().map(Recorded::event)).isEqualTo(second);
      assertThat(next.events().getFirst().sequence()).isEqualTo(first.size() + 1L);
      assertThat(next.events().getFirst().epoch()).isEqualTo(epoch);
      assertThat(next.atEnd()).isTrue();
      assertThat(follower.next()).isEqualTo(new News.Next(List.of(), true));
    }
  }

  @Test
  void whoRecoveredGoesOnFromThere() {
    append(30);
    Recovered recovered = standby.recover();
    List<Event> later = append(20);
    try (Follower follower = standby.follow(recovered.position())) {
      assertThat(events(follower.next())).isEqualTo(later);
      assertThat(Evolution.applyAll(recovered.state(), later)).isEqualTo(leader.recover().state());
      assertThat(follower.position()).isEqualTo(leader.recover().position());
    }
  }

  @Test
  void aFollowerOfAnEmptyJournalSeesItsFirstEvents() {
    try (Follower follower = standby.follow(standby.recover().position())) {
      assertThat(follower.next()).isEqualTo(new News.Next(List.of(), true));
      assertThat(events(follower.next())).isEmpty();
      List<Event> first = append(3);
      assertThat(events(follower.next())).isEqualTo(first);
    }
  }

  @Test
  void manyEventsComeInPieces() {
    List<Event> all = append(Follower.MAX_EVENTS + 100);
    List<Event> read = new ArrayList<>();
    try (Follower follower = standby.follow(Position.START)) {
      News.Next first = (News.Next) follower.next();
      assertThat(first.events()).hasSize(Follower.MAX_EVENTS);
      assertThat(first.atEnd()).isFalse();
      read.addAll(events(first));
      read.addAll(events(follower.next()));
    }
    assertThat(read).isEqualTo(all);
  }

  @Test
  void whoIsTooFarBehindRecoversAnew() {
    State state = State.EMPTY;
    try (Follower follower = standby.follow(Position.START)) {
      for (int round = 0; round < 2; round++) {
        state = Evolution.applyAll(state, append(20));
        leader.snapshot(state, leader.sequence(), epoch);
      }
      append(5);
      assertThat(follower.next()).isInstanceOf(News.RecoverAnew.class);
    }
    Recovered recovered = standby.recover();
    try (Follower follower = standby.follow(recovered.position())) {
      assertThat(follower.next()).isEqualTo(new News.Next(List.of(), true));
    }
  }

  @Test
  void anotherHistoryOfTheSameLengthIsFoundOut() {
    append(30);
    Position elsewhere = new Position(leader.sequence(), 12345);
    try (Follower follower = standby.follow(elsewhere)) {
      assertThat(follower.next())
          .isEqualTo(
              new News.RecoverAnew(
                  "event %d is another one now, or forgotten".formatted(leader.sequence())));
    }
  }

  @Test
  void aHistoryThatBecameShorterIsFoundOut() {
    append(30);
    long last = leader.sequence();
    try (Follower follower = standby.follow(new Position(last + 1, 0))) {
      assertThat(follower.next())
          .isEqualTo(
              new News.RecoverAnew(
                  "event %d was read, and the last one is %d now".formatted(last + 1, last)));
    }
  }

  @Test
  void whoWaitsIsWokenByAnAppend() throws Exception {
    try (Follower follower = leader.follow(Position.START)) {
      // The first time, it only begins to listen.
      follower.awaitNews(Duration.ofMillis(1));
      Thread writer = Thread.ofVirtual().start(() -> append(1));
      long began = System.nanoTime();
      follower.awaitNews(Duration.ofSeconds(50));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(40));
      writer.join();
    }
  }

  @Test
  void whoWaitsIsToldOfALeaseThatWasGivenBackBesideEvents() throws Exception {
    try (Follower follower = leader.follow(Position.START)) {
      boolean told = follower.awaitNews(Duration.ofMillis(1)); // It hears what comes from now on.
      append(1);
      leader.release(epoch);
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (kind == Home.Kind.POSTGRESQL && !told && System.nanoTime() - end < 0) {
        told = follower.awaitNews(Duration.ofSeconds(1));
      }
      assertThat(told).isEqualTo(kind == Home.Kind.POSTGRESQL);
    }
  }

  private List<Event> append(int count) {
    List<Event> events = history.next(count);
    leader.append(events, epoch, leader.sequence());
    return events;
  }

  private static List<Event> events(News news) {
    return ((News.Next) news).events().stream().map(Recorded::event).toList();
  }
}
