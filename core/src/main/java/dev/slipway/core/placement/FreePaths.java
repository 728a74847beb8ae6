package dev.slipway.core.placement;

/// In how many ways a regular expression can go on without looking at the text, at most.
///
/// Counting the letters looked at bounds a match only when something is looked at: `(?:|)` forty
/// times in a row has 2^40 ways to match nothing and looks at nothing. Such ways come from groups
/// alone that can match nothing: from several alternatives that can, and from repeating what can.
/// A letter, even a repeated one, offers none, so honest expressions have one way.
///
/// The expression is read once, by a grammar that is coarse where that errs towards more ways; it
/// has to be one that Java accepts.
final class FreePaths {
  /// Beyond this, the number is not told apart.
  static final int MANY = 1_000_000;

  private static final int WITHOUT_LIMIT = -1;

  /// A piece of the expression: the ways through it, and whether it can match nothing.
  private record Piece(double ways, boolean empty) {
    static final Piece LETTER = new Piece(1, false);
    static final Piece NOTHING = new Piece(1, true);
  }

  private final String expression;
  private int at;

  private FreePaths(String expression) {
    this.expression = expression;
  }

  static int of(String expression) {
    var paths = new FreePaths(expression);
    double ways = paths.alternatives().ways();
    return paths.more() ? MANY : (int) ways;
  }

  private Piece alternatives() {
    double ways = 0;
    boolean empty = false;
    do {
      Piece one = sequence();
      // An alternative that begins with a letter and hides nothing is over as soon as it looks.
      ways += one.empty() || one.ways() > 1 ? one.ways() : 0;
      empty |= one.empty();
    } while (take('|'));
    return new Piece(capped(ways), empty);
  }

  private Piece sequence() {
    double ways = 1;
    boolean empty = true;
    while (more() && peek() != '|' && peek() != ')') {
      Piece piece = repeated(atom());
      ways = capped(ways * piece.ways());
      empty &= piece.empty();
    }
    return new Piece(ways, empty);
  }

  private Piece repeated(Piece piece) {
    Piece result = piece;
    while (more() && "?*+{".indexOf(peek()) >= 0) {
      result = repeatedOnce(result);
      if (more() && (peek() == '?' || peek() == '+')) {
        at++;
      }
    }
    return result;
  }

  private Piece repeatedOnce(Piece piece) {
    int least = 0;
    int most = WITHOUT_LIMIT;
    switch (next()) {
      case '?' -> most = 1;
      case '+' -> least = 1;
      case '{' -> {
        least = number();
        most = least;
        if (take(',')) {
          most = more() && Character.isDigit(peek()) ? number() : WITHOUT_LIMIT;
        }
        take('}');
      }
      default -> {
        // The star: any number of times.
      }
    }
    boolean empty = piece.empty() || least == 0;
    // Java goes at most once more through a loop that matched nothing.
    int rounds = most == WITHOUT_LIMIT ? least + 1 : most;
    if (!piece.empty()) {
      // Between two looks lie the end of one round and the beginning of the next, no more.
      return new Piece(capped(Math.pow(piece.ways(), Math.min(rounds, 2))), empty);
    }
    int skipped = least == 0 ? 1 : 0;
    return new Piece(capped(Math.pow(piece.ways(), rounds) * Math.max(1, rounds + skipped)), empty);
  }

  private Piece atom() {
    return switch (next()) {
      case '(' -> group();
      case '[' -> letterClass();
      case '\\' -> escape();
      case '^', '$' -> Piece.NOTHING;
      default -> Piece.LETTER;
    };
  }

  private Piece group() {
    boolean looking = false;
    if (take('?')) {
      if (take('<')) {
        looking = more() && (peek() == '=' || peek() == '!');
        skipPast(looking ? peek() : '>');
      } else if (more() && "=!>".indexOf(peek()) >= 0) {
        looking = next() != '>';
      } else {
        int flags = at;
        while (more() && peek() != ':' && peek() != ')') {
          at++;
        }
        if (expression.substring(flags, at).contains("x")) {
          // White space and comments would have to be told from letters.
          return new Piece(MANY, true);
        }
        if (take(')')) {
          return Piece.NOTHING;
        }
        take(':');
      }
    }
    Piece inner = alternatives();
    take(')');
    double ways = Math.max(1, inner.ways());
    return new Piece(ways, looking || inner.empty());
  }

  private Piece letterClass() {
    take('^');
    take(']');
    while (more() && peek() != ']') {
      switch (next()) {
        case '[' -> letterClass();
        case '\\' -> {
          if (take('Q')) {
            quoted();
          } else {
            at++;
          }
        }
        default -> {
          // A letter, a dash or an ampersand.
        }
      }
    }
    take(']');
    return Piece.LETTER;
  }

  private Piece escape() {
    char kind = more() ? next() : '\\';
    switch (kind) {
      case 'Q' -> {
        return quoted() == 0 ? Piece.NOTHING : Piece.LETTER;
      }
      case 'b', 'B', 'A', 'G', 'z', 'Z' -> {
        braced();
        return Piece.NOTHING;
      }
      case 'k' -> {
        skipPast('>');
        return Piece.NOTHING;
      }
      case 'p', 'P', 'N' -> {
        if (!braced()) {
          at++;
        }
      }
      case 'x' -> {
        if (!braced()) {
          at += 2;
        }
      }
      case 'u' -> at += 4;
      case 'c' -> at++;
      case '0' -> digits();
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        // What an earlier group matched, perhaps nothing.
        digits();
        return Piece.NOTHING;
      }
      default -> {
        // One letter of a kind.
      }
    }
    return Piece.LETTER;
  }

  /// Passes over what is quoted; how long it is.
  private int quoted() {
    int start = at;
    int end = expression.indexOf("\\E", at);
    at = end < 0 ? expression.length() : end + 2;
    return (end < 0 ? expression.length() : end) - start;
  }

  private boolean braced() {
    if (more() && peek() == '{') {
      skipPast('}');
      return true;
    }
    return false;
  }

  private void skipPast(char last) {
    int end = expression.indexOf(last, at);
    at = end < 0 ? expression.length() : end + 1;
  }

  private void digits() {
    while (more() && Character.isDigit(peek())) {
      at++;
    }
  }

  private int number() {
    int value = 0;
    while (more() && Character.isDigit(peek())) {
      value = Math.min(MANY, value * 10 + Character.digit(next(), 10));
    }
    return value;
  }

  private boolean more() {
    return at < expression.length();
  }

  private char peek() {
    return expression.charAt(at);
  }

  private char next() {
    return expression.charAt(at++);
  }

  private boolean take(char wanted) {
    if (more() && peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private static double capped(double ways) {
    return Math.min(MANY, ways);
  }
}
