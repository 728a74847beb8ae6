package dev.slipway.endtoend.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The machine as anybody sees it, by `/proc` and `/sys`: what runs for a server and what is left
/// of it. Nothing of the product is asked.
public final class Machine {
  private static final Path PROC = Path.of("/proc");
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final int CGROUP_DEPTH = 6;
  private static final int START_FIELD = 19;

  private Machine() {}

  /// The program of each task below a directory, by the task's id: the first process that was
  /// started with the task's environment.
  public static Map<String, Program> programs(Path data) {
    Map<String, Program> programs = new TreeMap<>();
    for (long pid : pids()) {
      String environment = read(pid, "environ");
      String task = value(environment, "MESOS_TASK_ID");
      boolean ours = value(environment, "MESOS_SANDBOX").startsWith(data + "/");
      Optional<Program> program = ours ? identity(pid) : Optional.empty();
      program.ifPresent(
          found ->
              programs.merge(task, found, (one, two) -> one.start() <= two.start() ? one : two));
    }
    return programs;
  }

  /// All that would be left on the machine if a server with this directory were gone now: processes
  /// that know the directory, mounts in it, control groups of its engine.
  public static List<String> leftovers(Path data) {
    List<String> left = new ArrayList<>();
    for (long pid : processesOf(data)) {
      left.add("process " + pid + ": " + read(pid, "cmdline").replace('\0', ' '));
    }
    read(ProcessHandle.current().pid(), "mountinfo")
        .lines()
        .filter(line -> line.contains(" " + data))
        .forEach(line -> left.add("mount " + line));
    cgroups(data).forEach(group -> left.add("control group " + group));
    return left;
  }

  /// Ends whatever [#leftovers] would name. For the end of a test that has failed.
  public static void clean(Path data) {
    Eventually.so(
        "no process is left",
        () -> {
          List<Long> left = processesOf(data);
          left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
          return left.isEmpty();
        });
    for (Path group : cgroups(data).reversed()) {
      Eventually.so("the control group " + group + " is removed", () -> remove(group));
    }
  }

  /// Runs one of the system's programs; its exit code.
  public static int run(String... words) {
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", words) + " does not end");
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static boolean remove(Path group) {
    try {
      Files.deleteIfExists(group);
      return true;
    } catch (IOException busy) {
      return false;
    }
  }

  private static List<Long> processesOf(Path data) {
    return pids().stream()
        .filter(pid -> pid != ProcessHandle.current().pid())
        .filter(
            pid ->
                read(pid, "cmdline").contains(data.toString())
                    || read(pid, "environ").contains(data + "/"))
        .toList();
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

  private static Optional<Program> identity(long pid) {
    String stat = read(pid, "stat");
    int name = stat.lastIndexOf(')');
    if (name < 0) {
      return Optional.empty();
    }
    String[] fields = stat.substring(name + 2).split(" ", -1);
    boolean dead = fields[0].equals("Z") || fields[0].equals("X");
    return dead
        ? Optional.empty()
        : Optional.of(new Program(pid, Long.parseLong(fields[START_FIELD])));
  }

  private static String value(String environment, String name) {
    for (String entry : environment.split("\0", -1)) {
      if (entry.startsWith(name + "=")) {
        return entry.substring(name.length() + 1);
      }
    }
    return "";
  }

  /// The groups that the local engine made for this directory (their names come from its SHA-256).
  private static List<Path> cgroups(Path data) {
    String name = "slipway-" + Sha256.of(data.resolve("engine").toString()).substring(0, 12);
    if (!Files.isDirectory(CGROUPS)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    collect(CGROUPS, name, CGROUP_DEPTH, found);
    return found;
  }

  private static void collect(Path directory, String name, int depth, List<Path> found) {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.filter(Files::isDirectory).toList()) {
        boolean ours = entry.toString().contains("/" + name);
        if (ours) {
          found.add(entry);
        }
        if (depth > 0 && !Files.isSymbolicLink(entry)) {
          collect(entry, name, depth - 1, found);
        }
      }
    } catch (IOException goneMeanwhile) {
      // A group of somebody else; ours do not come and go while they are looked for.
      return;
    } catch (UncheckedIOException goneMeanwhile) {
      return;
    }
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(PROC.resolve(Long.toString(pid)).resolve(file), ISO_8859_1);
    } catch (IOException goneOrForeign) {
      return "";
    }
  }
}
