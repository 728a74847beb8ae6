package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.SignalNames;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// Tells how a task ended from what it left: the supervisor's code and report, the kernel's count
/// of kills for memory, the orders given, the last line of its error output.
///
/// A shell tells signal n as code 128 + n, and a program may exit with such a code too. The shell
/// of the supervisor also writes the signal's name to the report, but for SIGINT and SIGPIPE with
/// some shells; so a code above 128 counts as a signal only where the report has such a line.
final class TaskEndings {
  private static final String STARTED = "started\n";
  private static final int LONGEST_REPORT = 4096;
  private static final int LONGEST_LINE = 300;
  private static final int FIRST_SIGNAL_CODE = 128;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  private TaskEndings() {}

  /// How a task ended whose supervisor saw it end.
  ///
  /// @param memoryKills how often the kernel killed a process of it for its memory limit
  static TaskEnd seen(
      TaskDirectory task,
      int code,
      Command command,
      Optional<KillOrder> order,
      long memoryKills,
      long memoryLimit) {
    String report = head(task.report());
    int started = report.indexOf(STARTED);
    boolean signaled =
        code > FIRST_SIGNAL_CODE && started >= 0 && report.length() > started + STARTED.length();
    Optional<Integer> signal = Optional.of(code - FIRST_SIGNAL_CODE).filter(number -> signaled);
    Optional<Integer> exit = Optional.of(code).filter(number -> !signaled);
    if (order.isPresent()) {
      return new TaskEnd(order.get().reason(), exit, signal, order.get().message());
    }
    if (memoryKills > 0 && code != 0) {
      return new TaskEnd(Reason.OUT_OF_MEMORY, exit, signal, outOfMemory(memoryLimit));
    }
    if (started < 0 && command instanceof Command.Arguments && isUnrunnable(code)) {
      Optional<String> invalid = invalidCommand(task, command);
      if (invalid.isPresent()) {
        return new TaskEnd(Reason.COMMAND_INVALID, exit, signal, invalid.get());
      }
    }
    if (started < 0) {
      return new TaskEnd(
          Reason.LAUNCH_FAILED, exit, signal, "the task could not be started: " + oneLine(report));
    }
    if (signaled) {
      return new TaskEnd(Reason.SIGNALED, exit, signal, "ended by " + SignalNames.of(signal.get()));
    }
    if (isUnrunnable(code)) {
      Optional<String> invalid = invalidCommand(task, command);
      if (invalid.isPresent()) {
        return new TaskEnd(Reason.COMMAND_INVALID, exit, signal, invalid.get());
      }
    }
    return new TaskEnd(Reason.EXITED, exit, signal, "exited with code " + code);
  }

  private static boolean isUnrunnable(int code) {
    return code == NOT_FOUND || code == NOT_EXECUTABLE;
  }

  /// How a task ended that nobody saw end.
  static TaskEnd unseen(Optional<KillOrder> order, String what) {
    return order
        .map(given -> TaskEnd.of(given.reason(), given.message()))
        .orElseGet(() -> TaskEnd.of(Reason.GONE, what));
  }

  static String outOfMemory(long limit) {
    return "used more memory than its limit of " + limit / Resources.MEBIBYTE + " MiB";
  }

  /// A program may exit with 126 and 127 by itself; what could not be run is told by the last line
  /// of the error output.
  private static Optional<String> invalidCommand(TaskDirectory task, Command command) {
    String last = lastLine(task.output().resolve("stderr"));
    return switch (command) {
      case Command.Shell shell -> {
        if (last.isEmpty()) {
          yield Optional.empty();
        }
        yield Optional.of("the command could not be run: " + last);
      }
      case Command.Arguments(List<String> argv) -> {
        String program = argv.getFirst();
        if (!last.contains(program)) {
          yield Optional.empty();
        }
        yield Optional.of("the program '" + program + "' could not be run: " + last);
      }
      case Command.ImageDefault _ -> Optional.empty();
    };
  }

  /// Whether the program's turn has come.
  static boolean hasStarted(TaskDirectory task) {
    return head(task.report()).contains(STARTED);
  }

  private static String head(Path file) {
    try (var input = Files.newInputStream(file)) {
      return new String(input.readNBytes(LONGEST_REPORT), UTF_8);
    } catch (IOException none) {
      return "";
    }
  }

  private static String lastLine(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer end = ByteBuffer.allocate(LONGEST_REPORT);
      channel.read(end, Math.max(0, channel.size() - LONGEST_REPORT));
      String text = new String(end.array(), 0, end.position(), UTF_8).strip();
      return oneLine(text.substring(text.lastIndexOf('\n') + 1));
    } catch (IOException none) {
      return "";
    }
  }

  private static String oneLine(String text) {
    String line = text.strip().replace('\n', ' ');
    if (line.length() > LONGEST_LINE) {
      return line.substring(0, LONGEST_LINE);
    }
    return line;
  }
}
