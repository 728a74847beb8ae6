package dev.slipway.cli;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

/// Numbers, times and lists as people read them. Without `String.format`, which costs start-up
/// time.
public final class Words {
  private static final long MEBI = 1024L * 1024;
  private static final long SECONDS_A_DAY = 86_400;
  private static final int TIMESTAMP_LENGTH = "2026-11-22T05:24:00".length();

  private Words() {}

  /// "1 instance", "3 instances".
  public static String count(long number, String noun) {
    return number + " " + (number == 1 ? noun : noun + "s");
  }

  /// "0.5", "2", "1.25": at most two places, no trailing zeros.
  public static String number(double number) {
    long hundredths = Math.round(number * 100);
    long whole = hundredths / 100;
    long rest = Math.abs(hundredths % 100);
    String sign = hundredths < 0 && whole == 0 ? "-" : "";
    if (rest == 0) {
      return sign + whole;
    }
    String places = rest % 10 == 0 ? "" + rest / 10 : (rest < 10 ? "0" : "") + rest;
    return sign + whole + "." + places;
  }

  /// "512 B", "1.5 MiB".
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    if (bytes < MEBI) {
      return number(bytes / 1024.0) + " KiB";
    }
    return bytes < 1024 * MEBI
        ? number((double) bytes / MEBI) + " MiB"
        : number((double) bytes / (1024 * MEBI)) + " GiB";
  }

  /// The milliseconds since 1970 of a server's timestamp (`2026-11-22T05:24:00.000Z`), or -1.
  public static long moment(String timestamp) {
    if (timestamp.length() < TIMESTAMP_LENGTH) {
      return -1;
    }
    try {
      long day =
          LocalDate.of(digits(timestamp, 0, 4), digits(timestamp, 5, 7), digits(timestamp, 8, 10))
              .toEpochDay();
      long seconds =
          digits(timestamp, 11, 13) * 3600L
              + digits(timestamp, 14, 16) * 60L
              + digits(timestamp, 17, 19);
      int milliseconds =
          timestamp.length() >= TIMESTAMP_LENGTH + 4 && timestamp.charAt(TIMESTAMP_LENGTH) == '.'
              ? digits(timestamp, TIMESTAMP_LENGTH + 1, TIMESTAMP_LENGTH + 4)
              : 0;
      return (day * SECONDS_A_DAY + seconds) * 1000 + milliseconds;
    } catch (NumberFormatException | java.time.DateTimeException e) {
      return -1;
    }
  }

  private static int digits(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  /// How long ago a timestamp was: "12s", "4m", "3h", "9d"; "-" if it is none.
  public static String age(String timestamp, long now) {
    long then = moment(timestamp);
    if (then < 0) {
      return "-";
    }
    long seconds = Math.max(0, (now - then) / 1000);
    if (seconds < 100) {
      return seconds + "s";
    }
    if (seconds < 100 * 60) {
      return seconds / 60 + "m";
    }
    return seconds < 100 * 3600 ? seconds / 3600 + "h" : seconds / SECONDS_A_DAY + "d";
  }

  /// "850 ms", "4.2 s", "3 min 5 s".
  public static String duration(Duration duration) {
    long milliseconds = duration.toMillis();
    if (milliseconds < 1000) {
      return milliseconds + " ms";
    }
    if (milliseconds < 60_000) {
      return number(Math.floorDiv(milliseconds, 100L) / 10.0) + " s";
    }
    long seconds = milliseconds / 1000;
    return seconds % 60 == 0 ? seconds / 60 + " min" : seconds / 60 + " min " + seconds % 60 + " s";
  }

  /// The text without control characters: a name or message from elsewhere must not move the
  /// cursor.
  public static String printable(String text) {
    boolean clean = text.chars().noneMatch(Character::isISOControl);
    if (clean) {
      return text;
    }
    var printable = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> printable.appendCodePoint(Character.isISOControl(point) ? ' ' : point));
    return printable.toString();
  }

  /// At most `width` columns: the end is cut and marked.
  public static String cut(String text, int width, Screen screen) {
    if (text.length() <= width) {
      return text;
    }
    String mark = screen.ellipsis();
    return width <= mark.length()
        ? text.substring(0, Math.max(0, width))
        : text.substring(0, width - mark.length()) + mark;
  }

  /// At most `width` columns: the middle is cut and marked, since both ends of an id tell it apart.
  public static String cutMiddle(String text, int width, Screen screen) {
    String mark = screen.ellipsis();
    if (text.length() <= width || width <= mark.length() + 2) {
      return cut(text, width, screen);
    }
    int kept = width - mark.length();
    int tail = kept / 2;
    return text.substring(0, kept - tail) + mark + text.substring(text.length() - tail);
  }

  /// The candidates nearest to a mistyped word, best first: at most three, at most a third of the
  /// letters wrong.
  public static List<String> nearest(String word, List<String> candidates) {
    int tolerance = Math.max(2, word.length() / 3);
    record Near(String candidate, int distance) {}
    return candidates.stream()
        .distinct()
        .map(candidate -> new Near(candidate, distance(word, candidate)))
        .filter(near -> near.distance <= tolerance && near.distance < word.length())
        .sorted(java.util.Comparator.comparingInt(Near::distance).thenComparing(Near::candidate))
        .limit(3)
        .map(Near::candidate)
        .toList();
  }

  /// The edit distance of Damerau and Levenshtein (insertion, deletion, substitution, swap of
  /// neighbours).
  static int distance(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(cost, left, right, i, j);
      }
    }
    return cost[left.length()][right.length()];
  }

  private static int cheapest(int[][] cost, String left, String right, int i, int j) {
    int same = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
    int best =
        Math.min(Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1), cost[i - 1][j - 1] + same);
    boolean swapped =
        i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
