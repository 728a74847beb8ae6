package dev.slipway.core.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.core.app.UpgradeStrategy;
import dev.slipway.core.deployment.RollingUpdate.Counts;
import dev.slipway.core.deployment.RollingUpdate.Fresh;
import dev.slipway.core.deployment.RollingUpdate.Moves;
import dev.slipway.core.deployment.RollingUpdate.Old;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RollingUpdateTest {
  private static final double[] MINIMUM_HEALTH = {0, 0.1, 0.34, 0.5, 0.75, 0.9, 1};
  private static final double[] OVER_CAPACITY = {0, 0.1, 0.34, 0.5, 1};
  private static final int MAX_WANTED = 6;
  private static final int MAX_ROUNDS = 200;

  @ParameterizedTest(name = "{6}")
  @CsvSource(
      textBlock =
          """
          # wanted, old: ready unready unreachable, ending, fresh: ready started roomless, min over, kills launches, why
          3, 3 0 0, 0, 0 0 0, 1.0 1.0, 0 3, doubles at first
          3, 3 0 0, 0, 1 3 0, 1.0 1.0, 1 0, one new for one old
          3, 2 0 0, 1, 1 3 0, 1.0 1.0, 0 0, what is being ended holds its room
          3, 0 0 0, 0, 3 3 0, 1.0 1.0, 0 0, done
          3, 3 0 0, 0, 0 0 0, 1.0 0.0, 0 1, one more than allowed where nothing else could move
          3, 3 0 0, 0, 0 1 0, 1.0 0.0, 0 0, and not two
          3, 3 0 0, 0, 1 1 0, 1.0 0.0, 1 0, then one goes
          4, 4 0 0, 0, 0 0 0, 0.5 0.0, 2 0, down to half
          4, 2 0 0, 2, 0 0 0, 0.5 0.0, 0 0, waits for them to be gone
          4, 2 0 0, 0, 0 0 0, 0.5 0.0, 0 2, fills up again
          4, 4 0 0, 0, 0 0 0, 0.5 0.5, 2 2, down and up at once
          1, 1 0 0, 0, 0 0 0, 0.0 0.0, 1 0, a single one may go first
          1, 1 0 0, 0, 0 0 0, 1.0 0.0, 0 1, a single one stays while the next starts
          10, 10 0 0, 0, 0 0 0, 0.9 0.2, 1 2, rounds health up and capacity down
          3, 6 0 0, 0, 0 0 0, 1.0 0.0, 3 0, fewer are wanted
          3, 1 5 0, 0, 0 0 0, 1.0 0.0, 3 0, of too many those that are not ready
          3, 0 3 0, 0, 3 3 0, 1.0 0.0, 3 0, all new ones are ready so the old go whatever they are
          3, 0 3 0, 0, 0 0 0, 1.0 0.0, 1 0, old ones that are not ready make room
          3, 0 3 0, 0, 0 1 0, 1.0 1.0, 0 2, but first all room is used
          3, 0 3 0, 0, 0 3 0, 1.0 1.0, 0 0, and the new ones get their time
          3, 0 3 0, 0, 0 3 3, 1.0 1.0, 1 0, unless no node has room for them
          3, 3 0 0, 0, 0 3 3, 1.0 1.0, 0 0, ready ones never make room below the minimum
          3, 2 0 1, 0, 0 3 3, 1.0 1.0, 0 0, nor do those that nothing is heard of
          3, 0 0 3, 0, 3 3 0, 1.0 1.0, 3 0, which go when they are not needed any more
          """)
  void movesAsFarAsTheStrategyAllows(
      int wanted, String old, int ending, String fresh, String strategy, String moves, String why) {
    int[] o = numbers(old);
    int[] f = numbers(fresh);
    int[] m = numbers(moves);
    String[] parts = strategy.split(" ");
    var counts = new Counts(wanted, new Old(o[0], o[1], o[2]), ending, new Fresh(f[0], f[1], f[2]));

    Moves next =
        RollingUpdate.next(
            counts,
            new UpgradeStrategy(Double.parseDouble(parts[0]), Double.parseDouble(parts[1])));

    assertThat(next).as(why).isEqualTo(new Moves(m[0], m[1]));
  }

  @ParameterizedTest(name = "{5}")
  @CsvSource(
      textBlock =
          """
          # old: ready, ending, fresh: ready started, minimum health, kills launches, why
          2, 0, 0 0, 0.5, 1 0, down to half
          1, 1, 0 0, 0.5, 0 0, waits for the end of the old one
          1, 0, 0 0, 0.5, 0 1, and then starts the next on its volumes
          1, 0, 1 1, 0.5, 1 0, until all are new
          2, 0, 0 0, 1.0, 1 0, one goes also where all have to be ready
          1, 1, 0 0, 1.0, 0 0, and only one
          1, 0, 0 1, 1.0, 0 0, until the next is ready
          1, 0, 1 1, 1.0, 1 0, then the other
          """)
  void neverStartsTwoOnOneSetOfVolumes(
      int old, int ending, String fresh, double minimum, String moves, String why) {
    int[] f = numbers(fresh);
    int[] m = numbers(moves);
    var counts = new Counts(2, new Old(old, 0, 0), ending, new Fresh(f[0], f[1], 0));

    assertThat(RollingUpdate.next(counts, new UpgradeStrategy(minimum, 0), true))
        .as(why)
        .isEqualTo(new Moves(m[0], m[1]));
  }

  private static int[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  @Test
  void alwaysComesToAnEndWithinItsBounds() {
    everyStart(
        (strategy, wanted, ready, unready) -> {
          for (Pace pace : Pace.values()) {
            new Rollout(strategy, wanted, ready, unready, pace, Integer.MAX_VALUE).run();
          }
        });
  }

  @Test
  void comesToAnEndOnAFullMachineWhenNotAllHaveToStayReady() {
    everyStart(
        (strategy, wanted, ready, unready) -> {
          int minimum = (int) Math.ceil(wanted * strategy.minimumHealthCapacity());
          if (minimum < wanted && ready + unready >= wanted) {
            for (Pace pace : Pace.values()) {
              new Rollout(strategy, wanted, ready, unready, pace, ready + unready).run();
            }
          }
        });
  }

  private interface Start {
    void from(UpgradeStrategy strategy, int wanted, int oldReady, int oldUnready);
  }

  private static void everyStart(Start start) {
    for (double minimum : MINIMUM_HEALTH) {
      for (double over : OVER_CAPACITY) {
        var strategy = new UpgradeStrategy(minimum, over);
        for (int wanted = 1; wanted <= MAX_WANTED; wanted++) {
          for (int ready = 0; ready <= wanted + 2; ready++) {
            for (int unready = 0; unready <= 3; unready++) {
              start.from(strategy, wanted, ready, unready);
            }
          }
        }
      }
    }
  }

  /// What happens between two looks.
  private enum Pace {
    ONE_ENDS_FIRST,
    ONE_GETS_READY_FIRST,
    ALL_AT_ONCE
  }

  /// An update in which all goes well, and slowly.
  private static final class Rollout {
    private final UpgradeStrategy strategy;
    private final int wanted;
    private final Pace pace;
    private final int room;
    private final int minimum;
    private final int allowed;
    private final String start;
    private int oldReady;
    private int oldUnready;
    private int ending;
    private int newReady;
    private int newUnready;
    private int roomless;

    Rollout(UpgradeStrategy strategy, int wanted, int ready, int unready, Pace pace, int room) {
      this.strategy = strategy;
      this.wanted = wanted;
      this.oldReady = ready;
      this.oldUnready = unready;
      this.pace = pace;
      this.room = room;
      this.minimum = Math.min(ready, (int) Math.ceil(wanted * strategy.minimumHealthCapacity()));
      int capacity = (int) Math.floor(wanted * (1 + strategy.maximumOverCapacity()));
      this.allowed = Math.max(ready + unready, Math.max(capacity, wanted + 1));
      this.start = "%s of %d from %d and %d, %s".formatted(strategy, wanted, ready, unready, pace);
    }

    void run() {
      for (int round = 0; round < MAX_ROUNDS; round++) {
        if (newReady == wanted && oldReady + oldUnready + ending == 0) {
          return;
        }
        move();
        assertThat(oldReady + newReady).as("ready, %s", start).isGreaterThanOrEqualTo(minimum);
        assertThat(occupied() + roomless).as("there, %s", start).isLessThanOrEqualTo(allowed);
        pass();
      }
      fail("never over: " + start + " stands at " + counts());
    }

    private void move() {
      Moves moves = RollingUpdate.next(counts(), strategy);
      int unready = Math.min(oldUnready, moves.kills());
      oldUnready -= unready;
      oldReady -= moves.kills() - unready;
      ending += moves.kills();
      roomless += moves.launches();
      settle();
    }

    private void settle() {
      int placed = Math.min(roomless, room - Math.min(room, occupied()));
      roomless -= placed;
      newUnready += placed;
    }

    private void pass() {
      boolean endFirst = pace == Pace.ONE_ENDS_FIRST && ending > 0;
      boolean readyFirst = pace == Pace.ONE_GETS_READY_FIRST && newUnready > 0;
      if (pace == Pace.ALL_AT_ONCE) {
        ending = 0;
        newReady += newUnready;
        newUnready = 0;
      } else if (endFirst || (!readyFirst && ending > 0)) {
        ending--;
      } else if (newUnready > 0) {
        newUnready--;
        newReady++;
      }
      settle();
    }

    private int occupied() {
      return oldReady + oldUnready + ending + newReady + newUnready;
    }

    private Counts counts() {
      int started = newReady + newUnready + roomless;
      return new Counts(
          wanted, new Old(oldReady, oldUnready, 0), ending, new Fresh(newReady, started, roomless));
    }
  }
}
