package dev.slipway.server.marathon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which labels an app must have (`LabelSelector.scala`): terms joined by commas, all of which have
/// to hold: `key`, `key==value`, `key!=value`, `key in (a, b)`, `key notin (a, b)`. Every term asks
/// for the key to be there. Letters other than `[-A-Za-z0-9_.]` are written after a backslash.
record LabelSelector(List<Term> terms) {
  private static final int MAX_LENGTH = 4096;

  /// @param values with `mustBeIn` the values that are allowed, without it those that are not;
  /// empty for a
  ///     term that asks for the key alone
  record Term(String key, Set<String> values, boolean mustBeIn) {
    boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      if (value == null) {
        return false;
      }
      return values.isEmpty() || values.contains(value) == mustBeIn;
    }
  }

  boolean matches(Map<String, String> labels) {
    return terms.stream().allMatch(term -> term.matches(labels));
  }

  /// @throws Rejected with 422 when the text is not a selector
  static LabelSelector parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw invalid("the selector is longer than " + MAX_LENGTH + " characters");
    }
    return new Reader(text).selector();
  }

  private static Rejected invalid(String why) {
    return new Rejected(Answer.message(422, "Can not parse label selector: " + why));
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    LabelSelector selector() {
      List<Term> terms = new ArrayList<>();
      do {
        terms.add(term());
      } while (take(","));
      blanks();
      if (at < text.length()) {
        throw invalid("'" + text.substring(at) + "' is not expected at position " + at);
      }
      return new LabelSelector(List.copyOf(terms));
    }

    private Term term() {
      String key = word();
      if (take("==")) {
        return new Term(key, Set.of(word()), true);
      }
      if (take("!=")) {
        return new Term(key, Set.of(word()), false);
      }
      int before = at;
      if (take("notin") && next() == '(') {
        return new Term(key, set(), false);
      }
      at = before;
      if (take("in") && next() == '(') {
        return new Term(key, set(), true);
      }
      at = before;
      return new Term(key, Set.of(), true);
    }

    private Set<String> set() {
      take("(");
      Set<String> values = new TreeSet<>();
      do {
        values.add(word());
      } while (take(","));
      if (!take(")")) {
        throw invalid("')' is missing at position " + at);
      }
      return values;
    }

    private String word() {
      blanks();
      var word = new StringBuilder();
      while (at < text.length()) {
        char letter = text.charAt(at);
        if (letter == '\\' && at + 1 < text.length()) {
          word.append(text.charAt(at + 1));
          at += 2;
          continue;
        }
        if (!isPlain(letter)) {
          break;
        }
        word.append(letter);
        at++;
      }
      if (word.isEmpty()) {
        throw invalid("a word is missing at position " + at);
      }
      return word.toString();
    }

    private static boolean isPlain(char letter) {
      return (letter >= 'a' && letter <= 'z')
          || (letter >= 'A' && letter <= 'Z')
          || (letter >= '0' && letter <= '9')
          || letter == '-'
          || letter == '_'
          || letter == '.';
    }

    private boolean take(String token) {
      blanks();
      if (!text.startsWith(token, at)) {
        return false;
      }
      at += token.length();
      return true;
    }

    private char next() {
      blanks();
      return at < text.length() ? text.charAt(at) : '\0';
    }

    private void blanks() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
  }
}
