package dev.slipway.core.placement;

import static dev.slipway.core.placement.Machines.constraint;
import static dev.slipway.core.placement.Machines.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.Resources;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConstraintsTest {
  private static final Resources FULL = Resources.of(4, 0, 0, 0);

  /// Two nodes in zone a, one in zone b, one in none.
  private static Machines zones() {
    return new Machines()
        .node("a1", "zone", "a")
        .node("a2", "zone", "a")
        .node("b1", "zone", "b")
        .node("x");
  }

  @ParameterizedTest
  @EnumSource(Operator.class)
  void acceptsANodeWithoutTheAttributeForUnlikeAlone(Operator operator) {
    var constraint =
        switch (operator) {
          case UNIQUE, CLUSTER -> constraint("rack", operator);
          case GROUP_BY, MAX_PER -> constraint("rack", operator, "2");
          case LIKE, UNLIKE -> constraint("rack", operator, ".*");
          case IS -> constraint("rack", operator, "");
        };
    var verdict = new Machines().node("n1").verdict("n1", request(constraint));
    if (operator == Operator.UNLIKE) {
      assertThat(verdict).startsWith("FITS");
      return;
    }
    assertThat(verdict)
        .startsWith("UNFULFILLED_CONSTRAINT: rack " + operator)
        .endsWith(": the node has no such attribute");
  }

  @ParameterizedTest
  @CsvSource({"hostname", "@hostname"})
  void knowsTheHostNameUnderBothNames(String field) {
    assertThat(zones().fitting(request(constraint(field, Operator.IS, "b1"))))
        .containsExactly("b1");
  }

  @ParameterizedTest
  @CsvSource({"@region", "@zone", "disk-type"})
  void knowsRegionZoneAndAttributes(String field) {
    var machines = new Machines().node("n1", field, "x").node("n2", field, "y").node("n3");
    assertThat(machines.fitting(request(constraint(field, Operator.IS, "y"))))
        .containsExactly("n2");
  }

  @Test
  void aDedicatedNodeTakesOnlyAppsThatAskForIt() {
    var machines =
        new Machines().node("n1", "high", "true").node("n2").dedicated("n1", "high").gone("n2");
    assertThat(machines.verdict("n1", request()))
        .isEqualTo("NODE_DEDICATED: n1 is dedicated: high=true; the app does not ask for it");
    for (var asking :
        List.of(
            constraint("high", Operator.IS, "true"),
            constraint("high", Operator.CLUSTER, "true"),
            constraint("high", Operator.LIKE, "t.*"))) {
      assertThat(machines.nodeFor(request(asking))).as("%s", asking).isEqualTo("n1");
    }
    for (var other :
        List.of(
            constraint("high", Operator.CLUSTER),
            constraint("high", Operator.UNIQUE),
            constraint("high", Operator.GROUP_BY, "2"),
            constraint("high", Operator.UNLIKE, "false"),
            constraint("hostname", Operator.LIKE, ".*"))) {
      assertThat(machines.verdict("n1", request(other)))
          .as("%s", other)
          .startsWith("NODE_DEDICATED");
    }
    assertThat(machines.verdict("n1", request(constraint("high", Operator.IS, "false"))))
        .startsWith("UNFULFILLED_CONSTRAINT");
  }

  @Test
  void everythingThatANodeIsDedicatedToHasToBeAskedFor() {
    var machines =
        new Machines().node("n1", "high", "true", "team", "a").dedicated("n1", "high", "team");
    var high = constraint("high", Operator.IS, "true");
    assertThat(machines.verdict("n1", request(high)))
        .isEqualTo("NODE_DEDICATED: n1 is dedicated: team=a; the app does not ask for it");
    assertThat(machines.nodeFor(request(high, constraint("team", Operator.IS, "a"))))
        .isEqualTo("n1");
    machines.dedicated("n1", "nothing");
    assertThat(machines.verdict("n1", request(high))).startsWith("NODE_DEDICATED");
  }

  @Test
  void aDedicatedNodeIsNotWaitedForByWhatSpreads() {
    var machines = new Machines().node("n1", "zone", "a").node("n2", "zone", "b", "high", "true");
    machines.dedicated("n2", "high");
    var even = request(constraint("zone", Operator.GROUP_BY, "2"));
    assertThat(machines.placeAll(3, even)).containsOnly("n1").hasSize(3);
  }

  @Test
  void demandsAllConstraints() {
    var both =
        request(constraint("zone", Operator.IS, "a"), constraint("hostname", Operator.LIKE, ".2"));
    assertThat(zones().fitting(both)).containsExactly("a2");
    assertThat(zones().verdict("a1", both))
        .isEqualTo("UNFULFILLED_CONSTRAINT: hostname LIKE .2: 'a1' does not match");
  }

  @Test
  void uniqueTakesEachValueOnce() {
    var unique = request(constraint("zone", Operator.UNIQUE));
    assertThat(zones().placeAll(9, unique)).containsExactly("a1", "b1");
    assertThat(zones().running("a2").verdict("a1", unique))
        .isEqualTo(
            "UNFULFILLED_CONSTRAINT: zone UNIQUE: 'a' already has"
                + " shop_cart.instance-00000000-0000-0000-0000-000000000000");
    var hosts = request(constraint("hostname", Operator.UNIQUE));
    assertThat(zones().placeAll(9, hosts)).containsExactly("a1", "a2", "b1", "x");
  }

  @Test
  void clusterWithAValueTakesThatValueWhereverOthersStand() {
    var cluster = request(constraint("zone", Operator.CLUSTER, "b"));
    assertThat(zones().running("a1").fitting(cluster)).containsExactly("b1");
    assertThat(zones().verdict("a1", cluster))
        .isEqualTo("UNFULFILLED_CONSTRAINT: zone CLUSTER b: 'a' is not 'b'");
  }

  @Test
  void clusterWithoutAValueStaysWithTheFirstInstance() {
    var cluster = request(constraint("zone", Operator.CLUSTER));
    assertThat(zones().fitting(cluster)).containsExactly("a1", "a2", "b1");
    assertThat(zones().running("b1").fitting(cluster)).containsExactly("b1");
    assertThat(zones().running("b1").running("a1").fitting(cluster)).containsExactly("b1");
    assertThat(zones().running("x").fitting(cluster)).containsExactly("a1", "a2", "b1");
    var empty = request(constraint("zone", Operator.CLUSTER, ""));
    assertThat(zones().running("b1").fitting(empty)).containsExactly("b1");
  }

  @Test
  void groupByWithoutAValueTakesNewValuesAndTheSmallestGroups() {
    var groupBy = request(constraint("zone", Operator.GROUP_BY));
    assertThat(zones().fitting(groupBy)).containsExactly("a1", "a2", "b1");
    assertThat(zones().running("a1").fitting(groupBy)).containsExactly("a1", "a2", "b1");
    var twice = zones().running("a1").running("a1").running("b1");
    assertThat(twice.fitting(groupBy)).containsExactly("b1");
    assertThat(twice.verdict("a1", groupBy))
        .isEqualTo(
            "UNFULFILLED_CONSTRAINT: zone GROUP_BY: 'a' has 2 of the app's instances, another value"
                + " has 1");
  }

  @Test
  void groupByWithAValueSpreadsEvenlyFromTheFirstOn() {
    var groupBy = request(constraint("zone", Operator.GROUP_BY, "2"));
    assertThat(zones().running("a1").fitting(groupBy)).containsExactly("b1");
    assertThat(zones().running("a1").verdict("a2", groupBy))
        .isEqualTo(
            "UNFULFILLED_CONSTRAINT: zone GROUP_BY 2: 'a' has 1 of the app's instances, 'b' has 0"
                + " and could take this one");
    assertThat(zones().placeAll(6, groupBy)).containsExactly("a1", "b1", "a2", "b1", "a1", "b1");
  }

  @Test
  void groupByWithAValueGoesOnWithoutAValueThatCannotTakeMore() {
    var groupBy = request(constraint("zone", Operator.GROUP_BY, "2"));
    assertThat(zones().used("b1", FULL).running("a1").fitting(groupBy)).containsExactly("a1", "a2");
    assertThat(zones().silent("b1").running("a1").fitting(groupBy)).containsExactly("a1", "a2");
    assertThat(zones().draining("b1").running("a1").fitting(groupBy)).containsExactly("a1", "a2");
    var onlyA =
        request(
            constraint("zone", Operator.GROUP_BY, "2"),
            constraint("hostname", Operator.LIKE, "a."));
    assertThat(zones().running("a1").fitting(onlyA)).containsExactly("a1", "a2");
  }

  @Test
  void groupByWithAValueTellsWhatAFullNodeLacksAndNotItsGroup() {
    var groupBy = request(constraint("zone", Operator.GROUP_BY, "2"));
    assertThat(zones().used("b1", FULL).running("a1").verdict("b1", groupBy))
        .isEqualTo("INSUFFICIENT_CPUS: cpus 0 free < 1 requested");
  }

  @Test
  void groupByUsesAllValuesThereAreWhateverNumberIsGiven() {
    for (String number : new String[] {"1", "2", "50"}) {
      var groupBy = request(constraint("hostname", Operator.GROUP_BY, number));
      assertThat(zones().placeAll(8, groupBy))
          .as(number)
          .containsExactly("a1", "a2", "b1", "x", "a1", "a2", "b1", "x");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a1, true",
    "a., true",
    ".*, true",
    "a, false",
    "1, false",
    "[ab]1, true",
    "(?i)A1, true",
    "b1|a1, true",
    "^a1$, true",
    "a1.+, false",
    "(a)(\\d)(?<!2), true"
  })
  void likeAndUnlikeMatchTheWholeValue(String expression, boolean matches) {
    var like = request(constraint("hostname", Operator.LIKE, expression));
    assertThat(zones().fitting(like).contains("a1")).isEqualTo(matches);
    var unlike = request(constraint("hostname", Operator.UNLIKE, expression));
    assertThat(zones().fitting(unlike).contains("a1")).isEqualTo(!matches);
  }

  @Test
  void unlikeSaysWhatMatched() {
    assertThat(zones().verdict("a1", request(constraint("zone", Operator.UNLIKE, "[a-c]"))))
        .isEqualTo("UNFULFILLED_CONSTRAINT: zone UNLIKE [a-c]: 'a' matches");
  }

  @Test
  void maxPerLimitsEachValue() {
    var maxPer = request(constraint("zone", Operator.MAX_PER, "2"));
    assertThat(zones().placeAll(9, maxPer)).containsExactly("a1", "a2", "b1", "b1");
    assertThat(zones().running("a1").running("a1").verdict("a2", maxPer))
        .isEqualTo(
            "UNFULFILLED_CONSTRAINT: zone MAX_PER 2: 'a' has 2 of the app's instances already");
    assertThat(zones().fitting(request(constraint("zone", Operator.MAX_PER, "0")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b, false",
    "a, A, false",
    "a, a1, false",
    "0.8, 0.8, true",
    "0.8, 0.80, true",
    "1, 1.0, true",
    "1, 1.0004, true",
    "1, 1.0006, false",
    "0.0005, 0, true",
    "0.0015, 0.002, true",
    "-1, -1.0, true",
    "1.0.0, 1.0.0, true",
    "1.0, 1.0.0, false"
  })
  void isComparesTextAsTextAndNumbersToThreeDigits(String wanted, String value, boolean same) {
    var machines = new Machines().node("n1", "v", value);
    assertThat(machines.fitting(request(constraint("v", Operator.IS, wanted))).isEmpty())
        .isEqualTo(!same);
  }

  @Test
  void isSaysWhatTheValueIs() {
    assertThat(zones().verdict("a1", request(constraint("zone", Operator.IS, "b"))))
        .isEqualTo("UNFULFILLED_CONSTRAINT: zone IS b: it is 'a'");
  }

  @Test
  void refusesConstraintsThatMakeNoSense() {
    assertRefused(
        constraint("hostname", Operator.MAX_PER, "many"), "MAX_PER requires an integer value");
    assertRefused(constraint("hostname", Operator.MAX_PER), "MAX_PER requires an integer value");
    assertRefused(
        constraint("hostname", Operator.GROUP_BY, "all"),
        "GROUP_BY must define an integer value or else no value at all");
    assertRefused(constraint("hostname", Operator.LIKE), "a regular expression is required");
    assertRefused(
        constraint("hostname", Operator.UNLIKE, "a("),
        "the regular expression is wrong: Unclosed group");
  }

  private static void assertRefused(Constraint constraint, String why) {
    assertThat(zones().fitting(request(constraint))).isEmpty();
    assertThat(zones().verdict("a1", request(constraint)))
        .startsWith("UNFULFILLED_CONSTRAINT: hostname " + constraint.operator())
        .endsWith(": " + why);
  }
}
