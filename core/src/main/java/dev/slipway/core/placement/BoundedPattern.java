package dev.slipway.core.placement;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A user's regular expression that cannot hold up the platform.
///
/// Java's expressions backtrack: `(.*a){25}b` against sixty letters `a` would take years, and the
/// control thread would stand still meanwhile. So the text is handed over through a sequence that
/// counts how often a letter is looked at, and matching is given up beyond a limit, for one text
/// and for all texts and all patterns of one placement together. Expressions that get lost without
/// looking at any letter are refused from the start, by {@link FreePaths}; what they may do between
/// two looks makes each look count for more. For one placement, by one thread.
public final class BoundedPattern {
  public static final int MAX_PATTERN_LENGTH = 1024;
  static final int MAX_TEXT_LENGTH = 512;

  /// About a millisecond; an honest pattern needs some hundreds for a host name.
  static final int MAX_STEPS = 100_000;

  /// For all nodes and all patterns together, beyond what each text has of its own; fewer where
  /// there are fewer nodes.
  static final int MAX_STEPS_IN_ALL = 10_000_000;

  private static final int LEAST_STEPS_IN_ALL = 100_000;
  private static final int STEPS_OF_EACH_NODE = 1000;

  /// What an honest pattern needs for a text is a small multiple of its length.
  private static final int OWN_STEPS = 64;

  private static final int OWN_STEPS_OF_EACH_LETTER = 2;

  /// Ways to go on between two looks at a letter; an honest expression has one.
  static final int MAX_FREE_PATHS = 1000;

  enum Match {
    YES,
    NO,
    TOO_LONG,
    TOO_COSTLY
  }

  /// A pattern, or why it cannot be used.
  sealed interface Reading {}

  record Usable(BoundedPattern pattern) implements Reading {}

  record Unusable(String why) implements Reading {}

  private final Pattern pattern;
  private final int weight;
  private final Budget budget;
  private boolean gaveUp;

  /// The steps that the patterns of one placement have together.
  static final class Budget {
    private int left;

    private Budget(int steps) {
      left = steps;
    }

    /// @param nodes that the patterns are held against
    static Budget forNodes(int nodes) {
      long steps = (long) nodes * STEPS_OF_EACH_NODE;
      return new Budget(Math.clamp(steps, LEAST_STEPS_IN_ALL, MAX_STEPS_IN_ALL));
    }
  }

  private BoundedPattern(Pattern pattern, int weight, Budget budget) {
    this.pattern = pattern;
    this.weight = weight;
    this.budget = budget;
  }

  /// Why no node is ever held against the expression; nothing where it can be used.
  public static Optional<String> fault(String expression) {
    return read(expression, Budget.forNodes(1)) instanceof Unusable(String why)
        ? Optional.of(why)
        : Optional.empty();
  }

  static Reading read(String expression, Budget budget) {
    if (expression.isEmpty()) {
      return new Unusable("a regular expression is required");
    }
    if (expression.length() > MAX_PATTERN_LENGTH) {
      return new Unusable(
          "the regular expression has more than %d characters".formatted(MAX_PATTERN_LENGTH));
    }
    try {
      var pattern = Pattern.compile(expression);
      int freePaths = FreePaths.of(expression);
      return freePaths > MAX_FREE_PATHS
          ? new Unusable(
              "the regular expression can match nothing in too many ways, or has the flag x")
          : new Usable(new BoundedPattern(pattern, Math.max(1, freePaths), budget));
    } catch (PatternSyntaxException wrong) {
      return new Unusable("the regular expression is wrong: " + wrong.getDescription());
    } catch (StackOverflowError tooDeep) {
      return new Unusable("the regular expression is nested too deeply");
    }
  }

  /// Whether the whole of `text` matches. After a text was too costly, all are.
  Match match(String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      return Match.TOO_LONG;
    }
    if (gaveUp) {
      return Match.TOO_COSTLY;
    }
    int own = OWN_STEPS + OWN_STEPS_OF_EACH_LETTER * text.length();
    var counted = new Counted(text, weight, Math.min(own + budget.left, MAX_STEPS));
    try {
      return pattern.matcher(counted).matches() ? Match.YES : Match.NO;
    } catch (TooManySteps | StackOverflowError tooCostly) {
      // Groups that repeat call themselves in Java's matcher, so a hostile pattern can end either
      // way.
      gaveUp = true;
      return Match.TOO_COSTLY;
    } finally {
      budget.left -= Math.clamp(counted.steps - own, 0, budget.left);
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }

  private static final class Counted implements CharSequence {
    private final String text;
    private final int weight;
    private final int limit;
    private int steps;

    Counted(String text, int weight, int limit) {
      this.text = text;
      this.weight = weight;
      this.limit = limit;
    }

    @Override
    public char charAt(int index) {
      steps += weight;
      if (steps > limit) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
