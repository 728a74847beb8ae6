package dev.slipway.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The person's terminal in raw mode: each key goes to the command as it is pressed, Ctrl-C too.
/// Set and asked with `stty`, as [Screen] does, and set back when closed and at any other end.
final class Keyboard implements AutoCloseable {
  private static final Path TERMINAL = Path.of("/proc/self/fd/0");
  private static final long STTY_SECONDS = 5;
  private static final int USUAL_COLUMNS = 80;
  private static final int USUAL_ROWS = 24;

  private static final String WATCH =
      "trap 'echo resized' WINCH; while kill -0 $PPID; do sleep 1; done";

  private final String before;
  private final Interrupt atEnd;
  private volatile @Nullable Process watching;

  private Keyboard(String before) {
    this.before = before;
    this.atEnd = Interrupt.says(this::restore);
  }

  /// @param atTerminal whether the standard input is a terminal; otherwise only a usual size is
  ///     told
  static Keyboard open(boolean atTerminal) {
    var keyboard = new Keyboard(atTerminal ? stty("-g") : "");
    if (atTerminal) {
      stty("raw", "-echo");
    }
    return keyboard;
  }

  int columns() {
    return size(1, USUAL_COLUMNS);
  }

  int rows() {
    return size(0, USUAL_ROWS);
  }

  /// Calls on a thread of its own each time the window has another size. A shell beside this
  /// process hears of it, since the JVM has no supported way to.
  void onResize(Runnable resized) {
    if (before.isEmpty()) {
      return;
    }
    try {
      Process shell =
          new ProcessBuilder("/bin/sh", "-c", WATCH)
              .redirectInput(TERMINAL.toRealPath().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      watching = shell;
      Thread.ofVirtual()
          .name("exec-resize")
          .start(() -> tell(shell, resized));
    } catch (IOException none) {
      throw noStty(none);
    }
  }

  private static void tell(Process shell, Runnable resized) {
    try (var told = shell.inputReader(US_ASCII)) {
      while (told.readLine() != null) {
        resized.run();
      }
    } catch (IOException closed) {
      // The shell is ended with the keyboard.
      return;
    }
  }

  private int size(int index, int usual) {
    if (before.isEmpty()) {
      return usual;
    }
    String[] words = stty("size").split(" ", 2);
    try {
      int told = words.length == 2 ? Integer.parseInt(words[index]) : 0;
      return told > 0 ? told : usual;
    } catch (NumberFormatException odd) {
      return usual;
    }
  }

  private void restore() {
    Process shell = watching;
    if (shell != null) {
      shell.destroyForcibly();
    }
    if (!before.isEmpty()) {
      stty(before);
    }
  }

  @Override
  public void close() {
    atEnd.close();
    restore();
  }

  private static String stty(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "stty";
    System.arraycopy(words, 0, command, 1, words.length);
    try {
      Process stty =
          new ProcessBuilder(command)
              .redirectInput(TERMINAL.toRealPath().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readNBytes(4096), US_ASCII).strip();
      if (!stty.waitFor(STTY_SECONDS, TimeUnit.SECONDS) || stty.exitValue() != 0) {
        throw Complaint.of(Exit.FAILED, "The terminal cannot be set up").mend("Try --no-tty.");
      }
      return answer;
    } catch (IOException none) {
      throw noStty(none);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw Complaint.of(Exit.DETACHED, "Interrupted");
    }
  }

  private static Complaint noStty(IOException none) {
    return Complaint.of(
            Exit.FAILED,
            "A shell and `stty` are needed for a terminal: " + Objects.toString(none.getMessage()))
        .mend("Try --no-tty.");
  }
}
