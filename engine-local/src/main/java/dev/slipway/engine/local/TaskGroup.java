package dev.slipway.engine.local;

import dev.slipway.core.app.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/// The control groups of one task: one directory with cgroups v2, one per controller with v1. What
/// a directory can do is told by the files in it, so that both versions, and mixtures, are treated
/// alike.
record TaskGroup(List<Path> directories) {
  private static final long SMALLEST_MEMORY = 8 * Resources.MEBIBYTE;

  /// The processes that start a task (the namespace's parent, process 1) count too.
  private static final int PROCESSES_OF_OURS = 4;

  TaskGroup {
    directories = List.copyOf(directories);
  }

  static TaskGroup of(RunRecord run) {
    return new TaskGroup(run.groups().stream().map(Path::of).toList());
  }

  boolean exists() {
    return directories.stream().anyMatch(Files::isDirectory);
  }

  /// Sets what the task may use.
  ///
  /// @return the memory limit that is enforced, 0 for none
  long limit(Resources request, LocalLimits limits) throws IOException {
    long shares = Math.max(2, request.milliCpus() * 1024 / 1000);
    write("cpu.shares", Long.toString(Math.min(262_144, shares)));
    write("cpu.weight", Long.toString(weight(shares)));
    if (limits.hardCpu() && request.milliCpus() > 0) {
      long quota = Math.max(1000, request.milliCpus() * 100);
      write("cpu.cfs_quota_us", Long.toString(quota));
      write("cpu.max", quota + " 100000");
    }
    write("pids.max", Integer.toString(limits.processes() + PROCESSES_OF_OURS));
    if (request.memBytes() == 0) {
      return 0;
    }
    String memory = Long.toString(Math.max(SMALLEST_MEMORY, request.memBytes()));
    boolean first = write("memory.limit_in_bytes", memory);
    boolean enforced = write("memory.max", memory) || first;
    write("memory.memsw.limit_in_bytes", memory);
    write("memory.swap.max", "0");
    write("memory.oom.group", "1");
    if (!enforced) {
      return 0;
    }
    return Long.parseLong(memory);
  }

  /// The kernel's own translation of v1 shares (2 to 262144) to v2 weights (1 to 10000).
  private static long weight(long shares) {
    return Math.clamp(1 + (shares - 2) * 9999 / 262_142, 1, 10_000);
  }

  SortedSet<Long> processes() {
    var processes = new TreeSet<Long>();
    for (Path directory : directories) {
      read(directory.resolve("cgroup.procs"))
          .ifPresent(text -> text.lines().map(Long::valueOf).forEach(processes::add));
    }
    return processes;
  }

  /// Lets no process be added any more and kills those that the kernel kills as one.
  ///
  /// @return whether it did kill all; otherwise the caller kills one by one
  boolean killAtOnce() throws IOException {
    write("pids.max", "0");
    return write("cgroup.kill", "1");
  }

  /// How often the kernel killed a process of the task because the memory limit was reached.
  long outOfMemoryKills() {
    for (Path directory : directories) {
      for (String file : List.of("memory.events", "memory.oom_control")) {
        OptionalLong kills = field(directory.resolve(file), "oom_kill ");
        if (kills.isPresent()) {
          return kills.getAsLong();
        }
      }
    }
    return 0;
  }

  double cpuSeconds() {
    for (Path directory : directories) {
      Optional<String> nanoseconds = read(directory.resolve("cpuacct.usage"));
      if (nanoseconds.isPresent()) {
        return Long.parseLong(nanoseconds.get()) / 1e9;
      }
      OptionalLong microseconds = field(directory.resolve("cpu.stat"), "usage_usec ");
      if (microseconds.isPresent()) {
        return microseconds.getAsLong() / 1e6;
      }
    }
    return 0;
  }

  /// Memory in use without the part of the page cache that the kernel can drop at once; nothing
  /// where it is not counted.
  OptionalLong memoryBytes() {
    for (Path directory : directories) {
      for (String file : List.of("memory.current", "memory.usage_in_bytes")) {
        Optional<String> used = read(directory.resolve(file));
        if (used.isPresent()) {
          Path detail = directory.resolve("memory.stat");
          long inactive =
              field(detail, "total_inactive_file ")
                  .orElseGet(() -> field(detail, "inactive_file ").orElse(0));
          return OptionalLong.of(Math.max(0, Long.parseLong(used.get()) - inactive));
        }
      }
    }
    return OptionalLong.empty();
  }

  /// Processes and threads now; nothing where they are not counted.
  OptionalLong processCount() {
    for (Path directory : directories) {
      Optional<String> count = read(directory.resolve("pids.current"));
      if (count.isPresent()) {
        return OptionalLong.of(Long.parseLong(count.get()));
      }
    }
    return OptionalLong.empty();
  }

  /// Removes the directories; those that still have processes stay.
  ///
  /// @return whether all are gone
  boolean remove() {
    boolean gone = true;
    for (Path directory : directories) {
      try {
        Files.deleteIfExists(directory);
      } catch (IOException busy) {
        gone = false;
      }
    }
    return gone;
  }

  private boolean write(String file, String value) throws IOException {
    boolean written = false;
    for (Path directory : directories) {
      Path path = directory.resolve(file);
      if (Files.exists(path)) {
        Files.writeString(path, value);
        written = true;
      }
    }
    return written;
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException goneMeanwhile) {
      return Optional.empty();
    }
  }

  private static OptionalLong field(Path file, String prefix) {
    return read(file).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(prefix))
        .mapToLong(line -> Long.parseLong(line.substring(prefix.length()).strip()))
        .findFirst();
  }
}
