package dev.slipway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// What the output goes to.
///
/// Found with `/proc` and `stty`, not with a terminal library: JLine 4.5 takes a second to open a
/// terminal and writes queries to it, `stty size` takes 7 ms.
///
/// @param terminal whether a person watches: colours and redrawn lines are possible
/// @param width columns that a line may take; [#UNLIMITED] when the output is no terminal
/// @param unicode whether the locale shows more than ASCII
public record Screen(boolean terminal, int width, boolean unicode) {
  public static final int UNLIMITED = Integer.MAX_VALUE;
  private static final int USUAL_WIDTH = 80;
  private static final int NARROWEST = 20;
  private static final int WIDEST = 1_000;
  private static final long STTY_MILLISECONDS = 500;

  /// The screen of this process.
  public static Screen ofProcess(Map<String, String> environment) {
    boolean terminal = isTerminal();
    int width = terminal ? terminalWidth(environment) : UNLIMITED;
    return new Screen(terminal, width, isUnicode(environment));
  }

  public String ellipsis() {
    return unicode ? "…" : "..";
  }

  static boolean isUnicode(Map<String, String> environment) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = environment.getOrDefault(name, "");
      if (!locale.isEmpty()) {
        String upper = locale.toUpperCase(Locale.ROOT);
        return upper.contains("UTF-8") || upper.contains("UTF8");
      }
    }
    return false;
  }

  private static boolean isTerminal() {
    Path output = Path.of("/proc/self/fd/1");
    try {
      String target = Files.readSymbolicLink(output).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      // No /proc: the JDK knows, though only when the input is a terminal as well.
      return Objects.requireNonNull(System.console()).isTerminal();
    }
  }

  private static int terminalWidth(Map<String, String> environment) {
    int told = wholeNumber(environment.getOrDefault("COLUMNS", ""));
    return bounded(told > 0 ? told : askedWidth());
  }

  /// Asks `stty` (rows, then columns) about the terminal behind the standard output.
  private static int askedWidth() {
    try {
      Path terminal = Path.of("/proc/self/fd/1").toRealPath();
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(terminal.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(STTY_MILLISECONDS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return USUAL_WIDTH;
      }
      byte[] answer = stty.getInputStream().readNBytes(64);
      String size = new String(answer, StandardCharsets.US_ASCII).strip();
      return wholeNumber(size.substring(size.indexOf(' ') + 1));
    } catch (IOException e) {
      return USUAL_WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL_WIDTH;
    }
  }

  private static int bounded(int width) {
    return width <= 0 ? USUAL_WIDTH : Math.clamp(width, NARROWEST, WIDEST);
  }

  private static int wholeNumber(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
