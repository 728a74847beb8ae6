package dev.slipway.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The tasks of a server as the kernel knows them, without asking the server.
final class TaskProcesses {
  private static final Path PROC = Path.of("/proc");

  /// The start time among the fields of `stat` after the name.
  private static final int START_FIELD = 19;

  private TaskProcesses() {}

  /// A task's program: a number that the kernel gives again later, and when it started.
  record Identity(long pid, long started) {}

  /// The program of each task whose sandbox is below `data`, by the task's id: the first process
  /// that has the task's environment.
  static Map<String, Identity> below(Path data) {
    Map<String, Identity> programs = new TreeMap<>();
    for (long pid : pids()) {
      String environment = read(pid, "environ");
      if (!value(environment, "MESOS_SANDBOX").startsWith(data + "/")) {
        continue;
      }
      String stat = read(pid, "stat");
      int name = stat.lastIndexOf(')');
      if (name < 0) {
        continue;
      }
      String[] fields = stat.substring(name + 2).split(" ", -1);
      if (fields[0].equals("Z")) {
        continue;
      }
      var identity = new Identity(pid, Long.parseLong(fields[START_FIELD]));
      programs.merge(
          value(environment, "MESOS_TASK_ID"),
          identity,
          (one, two) -> one.started() <= two.started() ? one : two);
    }
    return programs;
  }

  /// Kills all that knows the directory. What a run that went wrong has left.
  static void killAll(Path data) {
    for (long pid : pids()) {
      boolean ours =
          read(pid, "cmdline").contains(data + "/") || read(pid, "environ").contains(data + "/");
      if (ours && pid != ProcessHandle.current().pid()) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static List<Long> pids() {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      List<Long> pids = new ArrayList<>();
      entries.forEach(entry -> pids.add(Long.valueOf(entry.getFileName().toString())));
      return pids;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String value(String environment, String name) {
    for (String entry : environment.split("\0", -1)) {
      if (entry.startsWith(name + "=")) {
        return entry.substring(name.length() + 1);
      }
    }
    return "";
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(PROC.resolve(Long.toString(pid)).resolve(file), ISO_8859_1);
    } catch (IOException goneOrForeign) {
      return "";
    }
  }
}
