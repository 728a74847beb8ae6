package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.placement.BoundedPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Reads a constraint, with the rules and the words of Marathon's `SchedulingValidation.scala`.
final class ConstraintReading {
  private static final Pattern IS_VALUE = Pattern.compile("^[a-zA-Z0-9_/.-]*$");

  private ConstraintReading() {}

  static Optional<Constraint> read(JsonNode node, String where, Faults faults) {
    if (!node.isArray()) {
      faults.type(where, "error.expected.jsarray");
      return Optional.empty();
    }
    List<String> words = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      JsonNode word = node.get(i);
      if (!word.isString()) {
        faults.type(where + "(" + i + ")", "error.expected.jsstring");
        return Optional.empty();
      }
      words.add(word.stringValue());
    }
    Optional<String> problem = problem(words);
    problem.ifPresent(message -> faults.value(where, message));
    if (problem.isPresent()) {
      return Optional.empty();
    }
    Optional<String> value =
        words.stream().skip(2).findFirst().filter(text -> !text.isEmpty() || isEquality(words));
    return operator(words.get(1)).map(known -> new Constraint(words.get(0), known, value));
  }

  /// Only there an empty value means something.
  private static boolean isEquality(List<String> words) {
    return words.get(1).equals(Operator.IS.name());
  }

  private static Optional<String> problem(List<String> words) {
    if (words.size() < 2 || words.size() > 3) {
      return Optional.of("Each constraint must have either 2 or 3 fields");
    }
    if (words.getFirst().isEmpty()) {
      return Optional.of("the field must not be empty");
    }
    if (words.stream().anyMatch(word -> word.length() > AppLimits.CONSTRAINT_LENGTH)) {
      return Optional.of("must have at most " + AppLimits.CONSTRAINT_LENGTH + " characters");
    }
    Optional<Operator> operator = operator(words.get(1));
    if (operator.isEmpty()) {
      return Optional.of(
          "operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE"
              + " or IS");
    }
    return problem(operator.get(), words.size() > 2 ? words.get(2) : "", words.size() > 2);
  }

  private static Optional<String> problem(Operator operator, String value, boolean given) {
    return switch (operator) {
      case UNIQUE -> told(given && !value.isEmpty(), "UNIQUE does not accept a value");
      case CLUSTER -> Optional.empty();
      case GROUP_BY ->
          told(
              given && !isNumber(value),
              "GROUP BY must define an integer value or else no value at all");
      case MAX_PER -> told(!isNumber(value), "MAX_PER requires an integer value");
      case LIKE, UNLIKE ->
          BoundedPattern.fault(value)
              .map(
                  why ->
                      isExpression(value)
                          ? why
                          : "LIKE and UNLIKE require a non-empty, regular expression value");
      case IS ->
          told(
              !given || !IS_VALUE.matcher(value).matches(),
              "IS requires a value of letters, digits and the characters _ / . -");
    };
  }

  private static Optional<String> told(boolean wrong, String message) {
    return wrong ? Optional.of(message) : Optional.empty();
  }

  private static Optional<Operator> operator(String word) {
    for (Operator operator : Operator.values()) {
      if (operator.name().equals(word)) {
        return Optional.of(operator);
      }
    }
    return Optional.empty();
  }

  private static boolean isNumber(String value) {
    try {
      return Integer.parseInt(value) >= 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /// Whether it is one, if one that is not taken here.
  private static boolean isExpression(String value) {
    try {
      Pattern.compile(value);
      return !value.isEmpty();
    } catch (PatternSyntaxException e) {
      return false;
    } catch (StackOverflowError tooDeep) {
      return true;
    }
  }
}
