package dev.slipway.core.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Three servers at one lease, while answers are late or lost, processes stand still and clocks run
/// at different rates. Nobody spins, nobody acts past two thirds of the lease, and one leads in the
/// end. `-Delections.seed=N` runs one seed alone.
class RandomElectionsTest {
  private static final int SEEDS = 200;
  private static final Duration TROUBLE = Duration.ofMinutes(5);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final ElectionRules RULES = ElectionRules.DEFAULT;

  static LongStream seeds() {
    Long one = Long.getLong("elections.seed");
    return one != null ? LongStream.of(one) : LongStream.range(0, SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneLeadsAtATimeWhateverHappens(long seed) {
    var town = new Town(seed);
    town.pass(TROUBLE);
    town.calm = true;
    town.pass(QUIET);
    assertThat(town.voters.stream().filter(Voter::mayAct).count()).isEqualTo(1);
  }

  private record Planned(Duration at, long number, Runnable what) {}

  /// True time, and the row.
  private static final class Town {
    final Random random;
    final List<Voter> voters = new ArrayList<>();
    private final PriorityQueue<Planned> plan =
        new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparingLong(Planned::number));
    private Duration now = Duration.ZERO;
    private long number;
    private boolean calm;
    private Optional<Lease> row = Optional.empty();
    private Duration written = Duration.ZERO;

    Town(long seed) {
      random = new Random(seed);
      for (int i = 0; i < 3; i++) {
        voters.add(new Voter(this, i));
      }
    }

    void after(Duration delay, Runnable what) {
      plan.add(new Planned(now.plus(delay), number++, what));
    }

    void pass(Duration time) {
      Duration end = now.plus(time);
      while (!plan.isEmpty() && plan.peek().at().compareTo(end) <= 0) {
        Planned next = plan.remove();
        now = next.at();
        next.what().run();
        check();
      }
      now = end;
    }

    private void check() {
      List<Epoch> acting =
          voters.stream()
              .filter(Voter::mayAct)
              .flatMap(voter -> voter.election.term().stream())
              .map(Term::epoch)
              .toList();
      assertThat(acting).doesNotHaveDuplicates();
    }

    boolean oneIn(int count) {
      return !calm && random.nextInt(count) == 0;
    }

    Duration upTo(Duration most) {
      return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
    }

    /// @param seen the lease as the asker was shown it last
    Heard answer(Order.ToJournal order, Candidate asker, Optional<Lease> seen) {
      return switch (order) {
        case Order.Look() -> new Heard.LeaseSeen(row);
        case Order.Take _ when !row.equals(seen) -> new Heard.Stale();
        case Order.Take(Epoch above) -> {
          Epoch head = row.map(Lease::epoch).orElse(new Epoch(0));
          Epoch next = (head.compareTo(above) > 0 ? head : above).next();
          write(new Lease(next, asker, 0, RULES.lease(), false));
          yield new Heard.Taken(next);
        }
        case Order.Renew(Epoch epoch) -> {
          if (!current(epoch)) {
            yield new Heard.Stale();
          }
          Lease old = row.orElseThrow();
          write(new Lease(epoch, asker, old.renewal() + 1, old.length(), false));
          yield new Heard.Renewed();
        }
        case Order.Release(Epoch epoch) -> {
          if (!current(epoch)) {
            yield new Heard.Stale();
          }
          Lease old = row.orElseThrow();
          write(new Lease(epoch, asker, old.renewal(), old.length(), true));
          yield new Heard.Released();
        }
      };
    }

    private boolean current(Epoch epoch) {
      return row.filter(lease -> lease.epoch().equals(epoch)).isPresent();
    }

    /// A lease that its holder counts on is taken by nobody, but by one who found it free at the
    /// same time.
    private void write(Lease next) {
      boolean another = row.filter(old -> !old.epoch().equals(next.epoch())).isPresent();
      if (another && !row.orElseThrow().released()) {
        Epoch before = row.orElseThrow().epoch();
        boolean counted =
            voters.stream()
                .anyMatch(
                    voter ->
                        voter.mayAct()
                            && voter.election.term().orElseThrow().epoch().equals(before));
        assertThat(counted && now.minus(written).compareTo(RULES.lease().dividedBy(2)) > 0)
            .as("epoch %s taken from one that acts", before)
            .isFalse();
      }
      row = Optional.of(next);
      written = now;
    }
  }

  /// One server with a clock of its own, which may stand still.
  private static final class Voter {
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int ORDERS_A_WINDOW = 100;

    private final Town town;
    private final Candidate me;
    private final double rate;
    private final List<Duration> orders = new ArrayList<>();
    private Duration still = Duration.ZERO;
    private Election election;
    private long wakes;

    Voter(Town town, int number) {
      this.town = town;
      this.me = Server.candidate(number);
      this.rate = 0.95 + town.random.nextDouble() * 0.1;
      this.election = Election.begin(me, RULES, clock());
      hear(new Heard.Woke());
    }

    private Duration clock() {
      return Duration.ofNanos((long) (town.now.toNanos() * rate));
    }

    boolean mayAct() {
      return election.mayAct(clock());
    }

    /// What comes while it stands still waits.
    private void hear(Heard heard) {
      if (town.now.compareTo(still) < 0) {
        town.after(still.minus(town.now), () -> hear(heard));
        return;
      }
      if (town.oneIn(300)) {
        still = town.now.plus(town.upTo(Duration.ofSeconds(20)));
      }
      Turn turn = election.hear(heard, clock(), town.random.nextDouble());
      election = turn.election();
      assertThat(turn.wake()).isGreaterThan(clock());
      turn.orders().forEach(this::carryOut);
      long wake = ++wakes;
      Duration sleep = Duration.ofNanos((long) (turn.wake().minus(clock()).toNanos() / rate) + 1);
      town.after(
          sleep,
          () -> {
            if (wake == wakes) {
              hear(new Heard.Woke());
            }
          });
    }

    private void carryOut(Order order) {
      orders.add(town.now);
      orders.removeIf(at -> at.plus(WINDOW).compareTo(town.now) < 0);
      assertThat(orders).as("it spins").hasSizeLessThan(ORDERS_A_WINDOW);
      switch (order) {
        case Order.ToJournal asked -> ask(asked);
        case Order.BeginTerm _ -> {
          if (town.oneIn(4)) {
            Heard end =
                town.oneIn(2) ? new Heard.TermFailed("fault") : new Heard.HandOver("a wish");
            town.after(town.upTo(Duration.ofSeconds(40)), () -> hear(end));
          }
        }
        case Order.EndTerm _ ->
            town.after(town.upTo(Duration.ofSeconds(1)), () -> hear(new Heard.TermEnded()));
      }
    }

    /// Questions get lost on their way there or back, or take their time.
    private void ask(Order.ToJournal order) {
      Optional<Lease> seen = election.seen().flatMap(Sighting::lease);
      Duration there = delay();
      Duration back = delay();
      boolean lost = town.oneIn(30);
      boolean unheard = town.oneIn(30);
      town.after(
          there,
          () -> {
            Heard answer =
                lost ? new Heard.Failed("connection refused") : town.answer(order, me, seen);
            town.after(back, () -> hear(unheard ? new Heard.Failed("no answer") : answer));
          });
    }

    private Duration delay() {
      return town.oneIn(20) ? town.upTo(Duration.ofSeconds(4)) : town.upTo(Duration.ofMillis(5));
    }
  }
}
