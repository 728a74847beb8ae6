package dev.slipway.core.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreePathsTest {
  private static final int EXPRESSIONS = 20_000;
  private static final int LONGEST = 60;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        ".*",
        "n[0-9]+",
        "(n1|n2|n3)",
        "(?:eu|us)-(?:west|east)-[0-9][a-z]?",
        "(.*)-(.*)-(.*)-(.*)",
        "a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?",
        "(foo)?(bar)?(baz)*(x-.*)?",
        "(?i)NODE-\\d{1,4}(\\.example\\.(com|org))?",
        "[]a]+[^]b]*[a-z&&[^bc]]",
        "\\Qa|(b\\E.*",
        "\\p{Lower}+\\p{L}\\pL\\x41\\x{42}\\u0043\\0101\\cA",
        "^.*$",
        "(?!db-).*",
        "(?<rack>r[0-9]+)-\\k<rack>"
      })
  void findsOneWayAtMostThroughHonestExpressions(String honest) {
    assertThat(Pattern.compile(honest)).isNotNull();
    assertThat(FreePaths.of(honest)).as(honest).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "(?:|),2",
    "(|),2",
    "(|)(|)(|),8",
    "(|a|),2",
    "(a*|b*),2",
    "(a*)*,2",
    "(a?)?,2",
    "(a?){9},9",
    "(|){5},160",
    "((|)(|))a,4",
    "a(|)(|),4",
    "((|)a){7},4",
    "(?=(|)),2",
    "\\b*,2",
    "(){3},3",
    "(?:(|)),2",
    "(?<n>|),2",
    "(?>|),2",
    "(?i:|),2",
    "(|(|)),3",
    "[(|](|),2",
    "\\(|(|),2"
  })
  void countsTheWaysThatLookAtNothing(String expression, int ways) {
    assertThat(Pattern.compile(expression)).isNotNull();
    assertThat(FreePaths.of(expression)).as(expression).isEqualTo(ways);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a?|b?){40}",
        "(?:(?:(?:){1000}){1000}){1000}",
        "(?x)( | #(\n | ){40}",
        "(\\b|){40}h\\G"
      })
  void findsTooManyWaysWhereMatchingWouldGetLost(String bomb) {
    assertThat(Pattern.compile(bomb)).isNotNull();
    assertThat(FreePaths.of(bomb)).isEqualTo(FreePaths.MANY);
    assertThat(FreePaths.of("(?:|)".repeat(40))).isEqualTo(FreePaths.MANY);
  }

  /// Expressions put together at random from all that is dangerous: whatever is let through is done
  /// with soon, each of them, or this test does not end in time.
  @Test
  void letsNothingThroughThatGetsLost() {
    var random = new Random(11);
    String[] parts = {
      "(", "(", "(?:", "(?=", "(?!", "(?<=", "(?>", ")", ")", ")", "|", "|", "a", "b", "a", ".",
      "[ab]", "\\b", "^", "$", "\\G", "\\z", "\\1", "\\2", "?", "*", "+", "*", "{2}", "{9}",
      "{0,9}", "{3,}", "??", "*+", "\\Qa\\E", "\\Q\\E"
    };
    int usable = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
      String expression = random(random, parts);
      if (!compiles(expression)
          || !(BoundedPattern.read(expression, BoundedPattern.Budget.forNodes(10_000))
              instanceof BoundedPattern.Usable(var pattern))) {
        continue;
      }
      usable++;
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> {
            for (String text : new String[] {"", "a", "ab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"}) {
              pattern.match(text);
            }
          },
          expression);
    }
    assertThat(usable).isGreaterThan(EXPRESSIONS / 10);
  }

  private static String random(Random random, String[] parts) {
    var expression = new StringBuilder();
    int open = 0;
    int length = 1 + random.nextInt(LONGEST);
    for (int i = 0; i < length; i++) {
      String part = parts[random.nextInt(parts.length)];
      if (part.equals(")") && open == 0) {
        continue;
      }
      open += part.startsWith("(") ? 1 : 0;
      open -= part.equals(")") ? 1 : 0;
      expression.append(part);
    }
    return expression.append(")".repeat(open)).toString();
  }

  private static boolean compiles(String expression) {
    try {
      Pattern.compile(expression);
      return true;
    } catch (PatternSyntaxException wrong) {
      return false;
    }
  }
}
