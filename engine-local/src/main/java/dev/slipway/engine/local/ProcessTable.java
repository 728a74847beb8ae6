package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The machine's processes as `/proc` shows them.
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final long PAGE = 4096;

  /// Clock ticks a second in `/proc`, the same on every Linux of today.
  private static final double TICKS = 100;

  /// One process.
  ///
  /// @param start when it started, in ticks since the machine did: with the number it names a
  /// process
  /// @param cpuSeconds its own and that of the children it waited for
  record Row(
      long pid,
      char state,
      long parent,
      long group,
      long session,
      double cpuSeconds,
      int threads,
      long start,
      long residentBytes) {
    boolean isDead() {
      return state == 'Z' || state == 'X';
    }
  }

  private ProcessTable() {}

  /// Which start of the machine this is.
  static String bootId() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Optional<Row> row(long pid) {
    try {
      return Optional.of(parse(Files.readString(stat(pid), ISO_8859_1)));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /// All that run now; bounded by the machine's `pid_max`.
  static List<Row> all() {
    List<Row> rows = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        row(Long.parseLong(entry.getFileName().toString())).ifPresent(rows::add);
      }
    } catch (DirectoryIteratorException | IOException e) {
      return rows;
    }
    return rows;
  }

  static List<Row> children(long pid) {
    Path file = PROC.resolve(pid + "/task/" + pid + "/children");
    try {
      List<Row> rows = new ArrayList<>();
      for (String child : Files.readString(file).strip().split(" ", -1)) {
        if (!child.isEmpty()) {
          row(Long.parseLong(child)).ifPresent(rows::add);
        }
      }
      return rows;
    } catch (IOException notOffered) {
      return all().stream().filter(row -> row.parent == pid).toList();
    }
  }

  /// Whether a process was started with `variable` (`NAME=value`) in its environment.
  static boolean hasVariable(long pid, String variable) {
    try {
      String environment = Files.readString(PROC.resolve(pid + "/environ"), ISO_8859_1);
      String wanted = new String(variable.getBytes(UTF_8), ISO_8859_1);
      return ("\0" + environment).contains("\0" + wanted + "\0");
    } catch (IOException goneOrForeign) {
      return false;
    }
  }

  private static Path stat(long pid) {
    return PROC.resolve(Long.toString(pid)).resolve("stat");
  }

  /// Field numbers are those of proc(5); the second one, the name, may hold anything.
  private static Row parse(String stat) {
    int name = stat.lastIndexOf(')');
    String[] field = stat.substring(name + 2).stripTrailing().split(" ", -1);
    long pid = Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    double ticks = 0;
    for (int i = 11; i <= 14; i++) {
      ticks += Long.parseLong(field[i]);
    }
    return new Row(
        pid,
        field[0].charAt(0),
        Long.parseLong(field[1]),
        Long.parseLong(field[2]),
        Long.parseLong(field[3]),
        ticks / TICKS,
        Integer.parseInt(field[17]),
        Long.parseLong(field[19]),
        Long.parseLong(field[21]) * PAGE);
  }
}
