package dev.slipway.core.placement;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.node.Node;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A constraint, or another rule about where an instance may stand, made ready for one placement:
/// the groups are counted and the patterns compiled once, not for each node.
///
/// The operators follow Marathon (`Constraints.scala`), `GROUP_BY` without a value as it was up
/// to 1.9: the following versions divided by zero. `GROUP_BY` with a value spreads evenly over
/// the values at hand, see {@link #spread}.
///
/// @param name as it is told to people, such as `zone GROUP_BY 3`
/// @param takesAbsent whether it accepts nodes that do not have the field
record Rule(String name, Field field, boolean takesAbsent, ValueCheck check) {
  private static final Pattern INTEGER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern SCALAR = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
  private static final int SCALAR_DIGITS = 3;

  /// What speaks against a node with this value.
  @FunctionalInterface
  interface ValueCheck {
    Optional<String> objection(String value);
  }

  /// What speaks against the node, for people.
  Optional<String> objection(Node node) {
    Optional<String> value = field.of(node);
    if (value.isEmpty()) {
      return takesAbsent ? Optional.empty() : Optional.of(told("the node has no such attribute"));
    }
    return check.objection(value.get()).map(this::told);
  }

  private String told(String why) {
    return name + ": " + why;
  }

  /// What a node does not have is unlike everything; no other operator accepts it.
  private static Rule of(Constraint constraint, ValueCheck check) {
    String value = constraint.value().filter(given -> !given.isEmpty()).map(" "::concat).orElse("");
    return new Rule(
        "%s %s%s".formatted(constraint.field(), constraint.operator(), value),
        new Field(constraint.field()),
        constraint.operator() == Constraint.Operator.UNLIKE,
        check);
  }

  /// Whether the constraint is `GROUP_BY` with a value, which {@link #spread} makes ready.
  static boolean isSpread(Constraint constraint) {
    return constraint.operator() == Constraint.Operator.GROUP_BY && given(constraint).isPresent();
  }

  /// Whether it matters to a constraint where other instances stand.
  static boolean dependsOnSiblings(Constraint constraint) {
    return switch (constraint.operator()) {
      case UNIQUE, GROUP_BY, MAX_PER -> true;
      case CLUSTER -> given(constraint).isEmpty();
      case LIKE, UNLIKE, IS -> false;
    };
  }

  /// Makes any other constraint ready.
  ///
  /// @param budget what it shares with the other expressions of the placement
  static Rule of(Constraint constraint, Siblings siblings, BoundedPattern.Budget budget) {
    var groups = siblings.byValue(new Field(constraint.field()));
    return of(
        constraint,
        switch (constraint.operator()) {
          case UNIQUE -> value -> unique(groups, value);
          case CLUSTER -> value -> cluster(given(constraint).or(groups::first), value);
          case GROUP_BY -> groupBy(groups);
          case LIKE -> matching(constraint, BoundedPattern.Match.YES, budget);
          case UNLIKE -> matching(constraint, BoundedPattern.Match.NO, budget);
          case MAX_PER -> maxPer(constraint, groups);
          case IS -> value -> is(given(constraint).orElse(""), value);
        });
  }

  /// Makes `GROUP_BY` with a value ready: a value takes an instance while it has no more than any
  /// of `feasible`, the values of the nodes that could take it now but for this. Two values never
  /// differ by more than one while both can take instances; a full or lost zone holds nothing up.
  /// How many values there are is seen, so the number given does not matter beyond asking for
  /// this.
  static Rule spread(Constraint constraint, Siblings siblings, Collection<Node> able) {
    var field = new Field(constraint.field());
    var groups = siblings.byValue(field);
    if (number(constraint).isEmpty()) {
      return refusing(constraint, "GROUP_BY must define an integer value or else no value at all");
    }
    return of(constraint, even(groups, field, 1, able));
  }

  /// Lets in values that have less than `skew` instances more than the least of those that can take
  /// one.
  static ValueCheck even(ValueCounts groups, Field field, int skew, Collection<Node> able) {
    var feasible = new TreeSet<String>();
    able.forEach(node -> field.of(node).ifPresent(feasible::add));
    Optional<String> emptiest = feasible.stream().min(Comparator.comparingInt(groups::count));
    return value ->
        emptiest
            .filter(other -> groups.count(value) - groups.count(other) >= skew)
            .map(
                other ->
                    "'%s' has %d of the app's instances, '%s' has %d and could take this one"
                        .formatted(value, groups.count(value), other, groups.count(other)));
  }

  /// `GROUP_BY` for instances that stand already: none of the values has more than `most`.
  static Rule atMost(Constraint constraint, Siblings siblings, int most) {
    var groups = siblings.byValue(new Field(constraint.field()));
    return of(
        constraint,
        value ->
            groups.count(value) < most
                ? Optional.empty()
                : Optional.of(
                    "'%s' has %d of the app's instances, its share"
                        .formatted(value, groups.count(value))));
  }

  private static Optional<String> unique(ValueCounts groups, String value) {
    return groups.oldest(value).map(there -> "'%s' already has %s".formatted(value, there));
  }

  private static Optional<String> cluster(Optional<String> wanted, String value) {
    return wanted
        .filter(only -> !only.equals(value))
        .map(only -> "'%s' is not '%s'".formatted(value, only));
  }

  private static ValueCheck groupBy(ValueCounts groups) {
    int least = groups.least();
    return value -> {
      int here = groups.count(value);
      return here == 0 || here == least
          ? Optional.empty()
          : Optional.of(
              "'%s' has %d of the app's instances, another value has %d"
                  .formatted(value, here, least));
    };
  }

  private static ValueCheck matching(
      Constraint constraint, BoundedPattern.Match wanted, BoundedPattern.Budget budget) {
    return switch (BoundedPattern.read(given(constraint).orElse(""), budget)) {
      case BoundedPattern.Unusable(String why) -> value -> Optional.of(why);
      case BoundedPattern.Usable(BoundedPattern pattern) ->
          value -> {
            var match = pattern.match(value);
            return match == wanted ? Optional.empty() : Optional.of(told(match, value));
          };
    };
  }

  private static String told(BoundedPattern.Match match, String value) {
    return switch (match) {
      case YES -> "'%s' matches".formatted(value);
      case NO -> "'%s' does not match".formatted(value);
      case TOO_LONG ->
          "the value has more than %d characters".formatted(BoundedPattern.MAX_TEXT_LENGTH);
      case TOO_COSTLY ->
          "the regular expression takes too many steps; write it without repetitions inside"
              + " repetitions";
    };
  }

  private static ValueCheck maxPer(Constraint constraint, ValueCounts groups) {
    OptionalInt limit = number(constraint);
    if (limit.isEmpty()) {
      return value -> Optional.of("MAX_PER requires an integer value");
    }
    return value ->
        groups.count(value) < limit.getAsInt()
            ? Optional.empty()
            : Optional.of(
                "'%s' has %d of the app's instances already".formatted(value, groups.count(value)));
  }

  private static Optional<String> is(String wanted, String value) {
    boolean scalars = SCALAR.matcher(wanted).matches() && SCALAR.matcher(value).matches();
    boolean same = scalars ? scalar(wanted).compareTo(scalar(value)) == 0 : wanted.equals(value);
    return same ? Optional.empty() : Optional.of("it is '%s'".formatted(value));
  }

  private static BigDecimal scalar(String text) {
    return new BigDecimal(text).setScale(SCALAR_DIGITS, RoundingMode.HALF_EVEN);
  }

  private static Rule refusing(Constraint constraint, String why) {
    return of(constraint, value -> Optional.of(why));
  }

  /// The constraint's value; Marathon's clients write an absent one as an empty one, too.
  private static Optional<String> given(Constraint constraint) {
    return constraint.value().filter(value -> !value.isEmpty());
  }

  /// The number that the constraint's value is.
  static OptionalInt number(Constraint constraint) {
    String text = given(constraint).orElse("");
    return INTEGER.matcher(text).matches()
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
