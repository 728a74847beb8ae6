package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.engine.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The words that run a command in a terminal: below util-linux's `script`, which makes one, inside
/// the task's namespaces and with its account.
///
/// The first line on standard error names the terminal's device, so that a later `stty` beside the
/// task can resize it. The kernel tells the program in front.
final class TerminalCommand {
  private static final String DEVICES = "/dev/";
  private static final int LONGEST_LINE = 1024;

  private TerminalCommand() {}

  static List<String> words(List<String> argv, Optional<TerminalSize> terminal) {
    return terminal.map(size -> words(argv, size)).orElse(argv);
  }

  private static List<String> words(List<String> argv, TerminalSize size) {
    String line =
        "tty >&5; exec 5>&-; stty sane cols "
            + size.columns()
            + " rows "
            + size.rows()
            + "; export TERM=\"${TERM:-xterm}\"; exec "
            + argv.stream().map(TerminalCommand::quoted).collect(Collectors.joining(" "));
    return List.of("/bin/sh", "-c", "SHELL=/bin/sh exec script -qefc \"$0\" /dev/null 5>&2", line);
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /// The device that a started command was given.
  ///
  /// @throws IOException when it has none, with what was said instead
  static String device(InputStream errors) throws IOException {
    var line = new StringBuilder();
    int next = errors.read();
    while (next >= 0 && next != '\n' && line.length() < LONGEST_LINE) {
      line.append((char) next);
      next = errors.read();
    }
    if (line.indexOf(DEVICES) != 0) {
      byte[] more = errors.readNBytes(LONGEST_LINE);
      throw new IOException(
          "no terminal can be made beside the task; try without one: "
              + (line + " " + new String(more, UTF_8)).strip());
    }
    return line.toString();
  }

  static List<String> resizing(String device, TerminalSize size) {
    return List.of(
        "stty",
        "-F",
        device,
        "cols",
        Integer.toString(size.columns()),
        "rows",
        Integer.toString(size.rows()));
  }
}
