package dev.slipway.core.placement;

import static dev.slipway.core.placement.Machines.constraint;
import static dev.slipway.core.placement.Machines.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.placement.BoundedPattern.Match;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedPatternTest {
  /// Far more than is needed, far less than a pattern without limits takes.
  private static final Duration SOON = Duration.ofSeconds(20);

  /// Java remembers dead ends of a loop where nothing refers back to a group, so `(a+)+b` is
  /// harmless by now.
  private static final String BOMB = "((a+)+)\\1b";

  private static BoundedPattern pattern(String expression) {
    return switch (BoundedPattern.read(expression, BoundedPattern.Budget.forNodes(10_000))) {
      case BoundedPattern.Usable(BoundedPattern pattern) -> pattern;
      case BoundedPattern.Unusable(String why) -> throw new AssertionError(why);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"(.*a){25}b", "((a+)+)\\1b", "(a|aa)+(a)\\2b", "(.*)(.*)(.*)(.*)(.*)b"})
  void givesUpOnPatternsThatExplode(String bomb) {
    assertThat(assertTimeoutPreemptively(SOON, () -> pattern(bomb).match("a".repeat(60))))
        .isEqualTo(Match.TOO_COSTLY);
  }

  @ParameterizedTest
  @EnumSource(
      value = Operator.class,
      names = {"LIKE", "UNLIKE"})
  void rejectsAllNodesSoonUnderABomb(Operator operator) {
    var machines = new Machines();
    for (int i = 0; i < 500; i++) {
      machines.node("a".repeat(60) + i);
    }
    var request = request(constraint("hostname", operator, BOMB));
    var verdicts = assertTimeoutPreemptively(SOON, () -> machines.explain(request));
    assertThat(verdicts)
        .hasSize(500)
        .allSatisfy(
            verdict ->
                assertThat(verdict.detail())
                    .isEqualTo(
                        "hostname %s %s: the regular expression takes too many steps; write it"
                                .formatted(operator, BOMB)
                            + " without repetitions inside repetitions"));
  }

  @Test
  void spendsABudgetForAllTextsTogether() {
    var pattern = pattern("(.*)(.*)(.*)b");
    String text = "a".repeat(30);
    int matched = 0;
    while (pattern.match(text) == Match.NO) {
      matched++;
    }
    assertThat(matched).isBetween(10, BoundedPattern.MAX_STEPS_IN_ALL / 1000);
    assertThat(pattern.match("b")).isEqualTo(Match.TOO_COSTLY);
  }

  @Test
  void survivesPatternsThatCallThemselvesDeeply() {
    String nested = "(a|b".repeat(150) + ")*".repeat(150);
    assertThat(pattern(nested).match("ab".repeat(256))).isIn(Match.YES, Match.TOO_COSTLY);
  }

  @Test
  void acceptsAnHonestPatternForManyNodes() {
    var pattern = pattern(".*\\.(eu|us)-[a-z]+-[0-9]\\..*\\.internal");
    for (int i = 0; i < 10_000; i++) {
      assertThat(pattern.match("ip-10-0-0-" + i + ".eu-west-1.compute.internal"))
          .isEqualTo(Match.YES);
    }
  }

  @Test
  void boundsTheLengthOfPatternAndText() {
    assertThat(
            BoundedPattern.read(
                "a".repeat(BoundedPattern.MAX_PATTERN_LENGTH),
                BoundedPattern.Budget.forNodes(10_000)))
        .isInstanceOf(BoundedPattern.Usable.class);
    assertThat(
            BoundedPattern.read(
                "a".repeat(BoundedPattern.MAX_PATTERN_LENGTH + 1),
                BoundedPattern.Budget.forNodes(10_000)))
        .isEqualTo(
            new BoundedPattern.Unusable("the regular expression has more than 1024 characters"));
    var any = pattern("a*");
    assertThat(any.match("a".repeat(BoundedPattern.MAX_TEXT_LENGTH))).isEqualTo(Match.YES);
    assertThat(any.match("a".repeat(BoundedPattern.MAX_TEXT_LENGTH + 1))).isEqualTo(Match.TOO_LONG);
    var machines = new Machines().node("n1", "tags", "a".repeat(600));
    assertThat(machines.verdict("n1", request(constraint("tags", Operator.UNLIKE, "b"))))
        .endsWith(": the value has more than 512 characters");
  }
}
