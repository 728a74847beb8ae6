package dev.slipway.example.crawler.worker;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Facts on the standard output, one a line: `event=page-fetched url=http://... milliseconds=12`.
///
/// Bounded: at most [#LINES_PER_SECOND], the others are counted and told; a value has at most
/// [#VALUE_LIMIT] characters; characters that could forge a line or move a terminal's cursor are
/// replaced. Safe for all threads.
public final class EventLog {
  static final int LINES_PER_SECOND = 100;
  static final int VALUE_LIMIT = 300;

  private final PrintStream out;
  private long second = Long.MIN_VALUE;
  private int lines;
  private long suppressed;

  public EventLog(PrintStream out) {
    this.out = out;
  }

  /// Writes one fact.
  ///
  /// @param event its name
  /// @param fields names and values in turn
  public void fact(String event, @Nullable Object... fields) {
    StringBuilder line = new StringBuilder(120).append("event=").append(event);
    for (int index = 0; index + 1 < fields.length; index += 2) {
      line.append(' ')
          .append(fields[index])
          .append('=')
          .append(quoted(String.valueOf(fields[index + 1])));
    }
    write(line.toString());
  }

  private synchronized void write(String line) {
    long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (now != second) {
      second = now;
      lines = 0;
      if (suppressed > 0) {
        out.println("event=lines-suppressed count=" + suppressed);
        suppressed = 0;
      }
    }
    if (lines >= LINES_PER_SECOND) {
      suppressed++;
      return;
    }
    lines++;
    out.println(line);
  }

  private static String quoted(String value) {
    StringBuilder safe = new StringBuilder(value.length() + 2);
    boolean quotes = value.isEmpty();
    for (int index = 0; index < Math.min(value.length(), VALUE_LIMIT); index++) {
      char character = value.charAt(index);
      quotes |= character == ' ' || character == '=';
      if (Character.isISOControl(character) || character == '"' || character == '\\') {
        safe.append('?');
      } else {
        safe.append(character);
      }
    }
    if (value.length() > VALUE_LIMIT) {
      safe.append("...");
    }
    if (quotes) {
      return "\"" + safe + "\"";
    }
    return safe.toString();
  }
}
