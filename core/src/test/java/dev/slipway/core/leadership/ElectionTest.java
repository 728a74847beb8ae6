package dev.slipway.core.leadership;

import static dev.slipway.core.leadership.Server.ME;
import static dev.slipway.core.leadership.Server.OTHER;
import static dev.slipway.core.leadership.Server.lease;
import static dev.slipway.core.leadership.Server.released;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How a server comes to lead.
class ElectionTest {
  private static final Duration LEASE = ElectionRules.DEFAULT.lease();
  private static final Duration POLL = ElectionRules.DEFAULT.lookEvery();
  private static final Duration HESITATION = ElectionRules.DEFAULT.hesitation();
  private static final Order LOOK = new Order.Look();

  private final Server server = Server.standing();

  @Test
  void aServerLooksAtTheLeaseBeforeItDoesAnything() {
    assertThat(server.ordered()).containsExactly(LOOK);
    assertThat(server.role()).isEqualTo(Role.FOLLOWING);
    assertThat(server.election().mayAct(server.now())).isFalse();
  }

  @Test
  void aLeaseThatNobodyEverTookIsTakenAfterAHesitation() {
    server.ordered();
    server.chance(0.5);
    server.finds(Optional.empty());

    assertThat(server.role()).isEqualTo(Role.CONTENDING);
    assertThat(server.untilOrder()).isEqualTo(HESITATION.dividedBy(2));
    assertThat(server.ordered()).as("it is looked at again").containsExactly(LOOK);
    server.finds(Optional.empty());
    assertThat(server.ordered()).containsExactly(new Order.Take(new Epoch(0)));

    server.hear(new Heard.Taken(new Epoch(1)));
    assertThat(server.ordered()).containsExactly(new Order.BeginTerm(new Epoch(1)));
    assertThat(server.role()).isEqualTo(Role.STARTING);
    assertThat(server.election().mayAct(server.now())).isTrue();
    assertThat(server.election().leader(server.now())).contains(ME);
  }

  @Test
  void whereNoOtherServerCanBeNobodyIsWaitedFor() {
    var alone = Server.withoutRivals();
    Duration start = alone.now();
    alone.finds(released(4, OTHER));
    alone.hear(new Heard.Taken(new Epoch(5)));
    assertThat(alone.ordered())
        .containsExactly(LOOK, new Order.Take(new Epoch(4)), new Order.BeginTerm(new Epoch(5)));
    assertThat(alone.now()).isEqualTo(start);
  }

  @Test
  void aLeaseThatIsRenewedIsFollowed() {
    for (int renewal = 0; renewal < 100; renewal++) {
      assertThat(server.ordered()).containsExactly(LOOK);
      server.finds(lease(3, OTHER, renewal / 2));
      assertThat(server.role()).isEqualTo(Role.FOLLOWING);
      assertThat(server.election().leader(server.now())).contains(OTHER);
      assertThat(server.untilOrder()).isEqualTo(POLL);
    }
  }

  @Test
  void aLeaseThatDoesNotChangeForItsLengthIsOver() {
    Duration seen = server.now();
    server.chance(1);
    while (server.role() == Role.FOLLOWING) {
      server.ordered();
      server.finds(lease(3, OTHER, 1));
      assertThat(server.untilOrder()).isLessThanOrEqualTo(POLL);
    }
    assertThat(server.now()).isBetween(seen.plus(LEASE), seen.plus(LEASE).plus(HESITATION));
    assertThat(server.election().leader(server.now())).isEmpty();
    server.finds(lease(3, OTHER, 1));
    assertThat(server.ordered()).endsWith(new Order.Take(new Epoch(3)));
  }

  @Test
  void aLookThatStartedBeforeTheLeaseWasOverDoesNotShowThatItIs() {
    server.finds(lease(3, OTHER, 1));
    server.passes(LEASE.minusNanos(1));
    server.hear(new Heard.Woke());
    server.ordered();
    server.passes(Duration.ofSeconds(1));
    server.finds(lease(3, OTHER, 1));
    assertThat(server.role()).isEqualTo(Role.FOLLOWING);
    assertThat(server.ordered()).as("it looks again at once").containsExactly(LOOK);
    server.finds(lease(3, OTHER, 1));
    assertThat(server.role()).isEqualTo(Role.CONTENDING);
  }

  @Test
  void aServerThatStoodStillDoesNotTakeALeaseThatWasRenewedMeanwhile() {
    server.finds(lease(3, OTHER, 1));
    server.passes(Duration.ofMinutes(1));
    server.hear(new Heard.Woke());
    server.finds(lease(3, OTHER, 40));
    assertThat(server.role()).isEqualTo(Role.FOLLOWING);
  }

  @Test
  void aReleasedLeaseIsTakenAtOnce() {
    server.finds(lease(3, OTHER, 1));
    server.ordered();
    server.passes(Duration.ofMillis(100));
    server.chance(1);
    server.hear(new Heard.LeaseChanged());
    assertThat(server.ordered()).containsExactly(LOOK);
    server.finds(released(3, OTHER));
    assertThat(server.election().leader(server.now())).isEmpty();
    assertThat(server.ordered()).containsExactly(new Order.Take(new Epoch(3)));
  }

  @Test
  void aLeaseThatAnotherTookMeanwhileIsFollowed() {
    server.finds(released(3, OTHER));
    server.ordered();
    server.hear(new Heard.Stale());
    assertThat(server.untilOrder()).isLessThanOrEqualTo(POLL);
    assertThat(server.ordered()).containsExactly(LOOK);
    server.finds(lease(4, OTHER, 0));
    assertThat(server.role()).isEqualTo(Role.FOLLOWING);
    assertThat(server.election().failures()).isZero();
    assertThat(server.ordered()).isEmpty();
  }

  @Test
  void whoCouldNotLeadDoesNotTakeAFreeLease() {
    server.hear(new Heard.Unfit("the engine is not reached"));
    for (int i = 0; i < 100; i++) {
      server.finds(released(3, OTHER));
      assertThat(server.role()).isEqualTo(Role.RESTING);
      assertThat(server.untilOrder()).isLessThanOrEqualTo(POLL);
      assertThat(server.ordered()).containsOnly(LOOK);
    }
    server.hear(new Heard.Fit());
    server.finds(released(3, OTHER));
    assertThat(server.ordered()).endsWith(new Order.Take(new Epoch(3)));
  }

  @Test
  void whoCouldNotLeadFollowsAsEver() {
    server.hear(new Heard.Unfit("the engine is not reached"));
    server.finds(lease(3, OTHER, 1));
    assertThat(server.role()).isEqualTo(Role.FOLLOWING);
    assertThat(server.election().unfit()).contains("the engine is not reached");
  }

  @Test
  void newsOfTheLeaseMakeNobodySpin() {
    server.finds(lease(3, OTHER, 1));
    server.ordered();
    int looks = 0;
    for (int i = 0; i < 1000; i++) {
      server.passes(Duration.ofMillis(1));
      server.hear(new Heard.LeaseChanged());
      if (!server.ordered().isEmpty()) {
        looks++;
        server.fails();
      }
    }
    assertThat(looks).isBetween(10, 21);
  }

  @Test
  void aJournalThatIsAwayIsAskedAgainForEver() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(server.ordered()).containsExactly(LOOK);
      server.fails();
      assertThat(server.untilOrder()).isEqualTo(POLL);
    }
    assertThat(server.election().unreadableSince()).contains(Duration.ofSeconds(100));
    server.finds(lease(3, OTHER, 1));
    assertThat(server.election().unreadableSince()).isEmpty();
  }

  @Test
  void theNextEpochIsAboveAllThatWereSeenAnywhere() {
    server.hear(new Heard.FenceSeen(new Epoch(9)));
    server.finds(released(3, OTHER));
    assertThat(server.ordered()).endsWith(new Order.Take(new Epoch(9)));
  }

  @Test
  void anEpochThatIsNoHigherIsGivenBack() {
    server.finds(released(3, OTHER));
    server.ordered();
    server.hear(new Heard.FenceSeen(new Epoch(4)));
    server.hear(new Heard.Taken(new Epoch(4)));
    assertThat(server.ordered()).containsExactly(new Order.Release(new Epoch(4)));
    server.hear(new Heard.Released());
    assertThat(server.role()).isEqualTo(Role.RESTING);
  }

  @Test
  void aLeaseWhoseTakingTookTooLongIsGivenBack() {
    server.finds(Optional.empty());
    server.wakes();
    server.finds(Optional.empty());
    server.ordered();
    server.passes(ElectionRules.DEFAULT.authority());
    server.hear(new Heard.Taken(new Epoch(1)));
    assertThat(server.ordered()).containsExactly(new Order.Release(new Epoch(1)));
  }

  @Test
  void takingThatFailsIsFollowedByARest() {
    server.finds(Optional.empty());
    server.wakes();
    server.finds(Optional.empty());
    server.fails();
    assertThat(server.role()).isEqualTo(Role.RESTING);
    server.passes(ElectionRules.DEFAULT.leastRest());
    assertThat(server.role()).isNotEqualTo(Role.RESTING);
  }

  @Test
  void aLeaseOfItsOwnWithoutATermIsFree() {
    server.finds(lease(3, ME, 1));
    assertThat(server.role()).isEqualTo(Role.CONTENDING);
  }

  @Test
  void aStandbyThatIsStoppedDoesNotStandAnyMore() {
    server.hear(new Heard.Stop("SIGTERM"));
    server.finds(Optional.empty());
    assertThat(server.role()).isEqualTo(Role.STOPPED);
    server.ordered();
    for (int i = 0; i < 100; i++) {
      server.wakes();
    }
    assertThat(server.ordered()).isEmpty();
  }

  @Test
  void aLeaseThatIsTakenWhileItStopsIsGivenBack() {
    server.finds(Optional.empty());
    server.wakes();
    server.finds(Optional.empty());
    server.ordered();
    server.hear(new Heard.Stop("SIGTERM"));
    server.hear(new Heard.Taken(new Epoch(1)));
    assertThat(server.ordered()).containsExactly(new Order.Release(new Epoch(1)));
    server.hear(new Heard.Released());
    assertThat(server.role()).isEqualTo(Role.STOPPED);
  }
}
