package dev.slipway.core.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.linearizability.Operation.Action;
import dev.slipway.core.linearizability.Operation.Conflict;
import dev.slipway.core.linearizability.Operation.Read;
import dev.slipway.core.linearizability.Operation.Replace;
import dev.slipway.core.linearizability.Operation.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
  private static final Optional<String> NOTHING = Optional.empty();
  private static final Optional<String> ONE = Optional.of("1");
  private static final Optional<String> TWO = Optional.of("2");

  private final List<Operation> history = new ArrayList<>();

  private LinearizabilityTest at(long invoked, long returned, Action action) {
    history.add(new Operation("client", "/app", invoked, returned, action));
    return this;
  }

  private Optional<String> violation() {
    return Linearizability.violation(history);
  }

  @Test
  void oneAfterTheOtherIsInOrder() {
    at(1, 2, new Read(NOTHING)).at(3, 4, new Write(ONE)).at(5, 6, new Read(ONE));
    at(7, 8, new Replace(ONE, TWO)).at(9, 10, new Conflict(ONE)).at(11, 12, new Write(NOTHING));
    at(13, 14, new Read(NOTHING));
    assertThat(violation()).isEmpty();
  }

  @Test
  void aStaleReadIsNot() {
    at(1, 2, new Write(ONE)).at(3, 4, new Write(TWO)).at(5, 6, new Read(ONE));
    assertThat(violation().orElseThrow())
        .startsWith("/app: 2 of 3 operations can be put in order")
        .contains("Read[value=Optional[1]]");
  }

  @Test
  void aLostWriteIsNot() {
    at(1, 2, new Write(ONE)).at(3, 4, new Read(NOTHING));
    assertThat(violation()).isPresent();
  }

  @Test
  void readsBesideAWriteMaySeeEitherButNotGoBack() {
    at(1, 10, new Write(ONE)).at(2, 3, new Read(NOTHING)).at(4, 5, new Read(ONE));
    assertThat(violation()).isEmpty();
    at(6, 7, new Read(NOTHING));
    assertThat(violation()).isPresent();
  }

  @Test
  void ofTwoThatReplaceTheSameOneIsRefused() {
    at(1, 2, new Write(ONE));
    at(3, 10, new Replace(ONE, TWO)).at(4, 9, new Conflict(ONE));
    assertThat(violation()).isEmpty();
    at(5, 8, new Replace(ONE, Optional.of("3")));
    assertThat(violation()).isPresent();
  }

  @Test
  void whatIsNotKnownMayHappenLaterOrNever() {
    at(1, Operation.NEVER, new Write(ONE)).at(2, 3, new Read(NOTHING));
    assertThat(violation()).isEmpty();
    at(4, 5, new Read(ONE));
    assertThat(violation()).isEmpty();
    at(6, 7, new Read(NOTHING));
    assertThat(violation()).as("but only once").isPresent();
  }

  @Test
  void whatWasNeverAskedIsNeverSeen() {
    at(1, 2, new Read(ONE)).at(3, Operation.NEVER, new Write(ONE));
    assertThat(violation()).isPresent();
  }

  @Test
  void keysHaveNothingToDoWithEachOther() {
    at(1, 2, new Write(ONE));
    history.add(new Operation("client", "/other", 3, 4, new Read(NOTHING)));
    assertThat(violation()).isEmpty();
  }

  @Test
  void whatRealRegistersDoIsInOrderAndAStaleAnswerAmongManyIsFound() {
    for (long seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      history.clear();
      Optional<String> now = NOTHING;
      int last = 0;
      for (int i = 1; i <= 500; i++) {
        // Each happens at 10 i; calls and answers reach up to three others away.
        long invoked = 10L * i - random.nextInt(30);
        long returned = random.nextInt(60) == 0 ? Operation.NEVER : 10L * i + random.nextInt(30);
        Action action = action(random, now, i);
        now = action.from(now).orElseThrow();
        at(invoked, returned, action);
        last = i;
      }
      assertThat(violation()).as("seed %d", seed).isEmpty();
      at(10L * last + 100, 10L * last + 101, new Write(Optional.of("end")));
      at(10L * last + 102, 10L * last + 103, new Read(Optional.of("not the end")));
      assertThat(violation()).as("seed %d", seed).isPresent();
    }
  }

  private static Action action(Random random, Optional<String> now, int number) {
    return switch (random.nextInt(4)) {
      case 0 -> new Write(Optional.of("v" + number));
      case 1 -> new Replace(now, Optional.of("v" + number));
      case 2 -> new Conflict(Optional.of("never"));
      default -> new Read(now);
    };
  }

  @Test
  void historiesAreKeptInTheOrderOfCallsAndAnswers() {
    var clients = new History();
    History.Call first = clients.call("a", "/app");
    History.Call second = clients.call("b", "/app");
    second.answered(new Read(ONE));
    first.answered(new Write(ONE));
    clients.call("c", "/app").unknown(new Write(TWO));
    assertThat(Linearizability.violation(clients.operations())).isEmpty();
    clients.call("b", "/app").answered(new Read(NOTHING));
    assertThat(Linearizability.violation(clients.operations())).isPresent();
  }
}
