package dev.slipway.core.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulingTest {
  private static final PathId DB = PathId.of("/db");

  @ParameterizedTest
  @ValueSource(ints = {-1001, 1001, Integer.MIN_VALUE})
  void hasAPriorityWithinBounds(int priority) {
    assertRefused(() -> new Scheduling(List.of(), List.of(), List.of(), priority, false, false));
  }

  @Test
  void isNoDaemonAndGangAtOnce() {
    assertRefused(() -> new Scheduling(List.of(), List.of(), List.of(), 0, true, true));
  }

  @Test
  void hasFewRules() {
    var rule = new Scheduling.Affinity(DB, "hostname", OptionalInt.empty());
    var many = Collections.nCopies(Scheduling.MOST_RULES + 1, rule);
    assertRefused(() -> new Scheduling(List.of(), many, List.of(), 0, false, false));
    assertRefused(() -> new Scheduling(List.of(), List.of(), many, 0, false, false));
  }

  @Test
  void hasRulesWithinBounds() {
    assertRefused(() -> new Scheduling.Spread("@zone", 0, OptionalInt.empty()));
    assertRefused(() -> new Scheduling.Spread("@zone", 1001, OptionalInt.empty()));
    assertRefused(() -> new Scheduling.Spread("", 1, OptionalInt.empty()));
    assertRefused(() -> new Scheduling.Spread("@zone", 1, OptionalInt.of(0)));
    assertRefused(() -> new Scheduling.Affinity(DB, "hostname", OptionalInt.of(101)));
    assertRefused(() -> new Scheduling.Affinity(PathId.ROOT, "hostname", OptionalInt.empty()));
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable made) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class);
  }
}
