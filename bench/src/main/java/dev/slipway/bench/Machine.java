package dev.slipway.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What the figures were measured on; a number without its machine is none.
final class Machine {
  private Machine() {}

  /// On one line: cores, memory, JDK, kernel, and what else runs.
  static String describe() {
    return "%d cores (%s), %.0f GiB, JDK %s (%s), %s %s, load %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            field("/proc/cpuinfo", "model name", "unknown processor"),
            kibibytes(field("/proc/meminfo", "MemTotal", "0 kB")) / (1024.0 * 1024),
            System.getProperty("java.version"),
            System.getProperty("java.vendor"),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            load());
  }

  /// The first load average: above the number of cores the figures are those of a busy machine.
  static String load() {
    return read("/proc/loadavg").split(" ", 2)[0];
  }

  /// A line `name: value` of a file below `/proc`.
  static String field(String file, String name, String otherwise) {
    return read(file)
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse(otherwise);
  }

  /// `1234 kB` as a number.
  static long kibibytes(String text) {
    return Long.parseLong(text.split(" ", 2)[0]);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file), ISO_8859_1);
    } catch (IOException notHere) {
      return "unknown";
    }
  }
}
