package dev.slipway.engine.local;

import dev.slipway.core.app.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The control groups that this machine lets us use, found by trying: v2 where it has controllers,
/// else those of v1 that can be written, else a v2 hierarchy without controllers, which can still
/// kill a whole task at once, else none.
///
/// All tasks of one engine are below one parent named after its directory, outside the platform's
/// own group, so that a service manager that ends the platform's group does not end the tasks.
final class ControlGroups {
  private static final List<String> CONTROLLERS = List.of("memory", "cpu", "cpuacct", "pids");

  private final List<Path> parents;

  private ControlGroups(List<Path> parents) {
    this.parents = List.copyOf(parents);
  }

  static ControlGroups none() {
    return new ControlGroups(List.of());
  }

  /// Finds what works for the engine with this directory.
  static ControlGroups probe(Path engineDirectory) throws IOException {
    String name = "slipway-" + EngineDirectory.sha256(engineDirectory.toString()).substring(0, 12);
    List<CgroupMount> mounts = CgroupMount.all();
    Optional<Path> unified =
        mounts.stream().filter(CgroupMount::isVersionTwo).findFirst().flatMap(m -> open(m, name));
    if (unified.filter(ControlGroups::hasControllers).isPresent()) {
      return new ControlGroups(List.of(unified.get()));
    }
    Map<Path, Path> parents = new TreeMap<>();
    for (String controller : CONTROLLERS) {
      mounts.stream()
          .filter(mount -> mount.has(controller))
          .findFirst()
          .filter(mount -> !parents.containsKey(mount.point()))
          .flatMap(mount -> open(mount, name).map(parent -> Map.entry(mount.point(), parent)))
          .ifPresent(found -> parents.put(found.getKey(), found.getValue()));
    }
    if (!parents.isEmpty()) {
      unified.ifPresent(ControlGroups::deleteIfEmpty);
      return new ControlGroups(List.copyOf(parents.values()));
    }
    return new ControlGroups(unified.stream().toList());
  }

  boolean areUsed() {
    return !parents.isEmpty();
  }

  /// Whether the kernel ends a task that takes more memory than it asked for.
  boolean limitMemory() {
    return anyParentHas("memory.limit_in_bytes") || anyParentHas("memory.max");
  }

  /// Whether the kernel bounds the processes of a task.
  boolean limitProcesses() {
    return anyParentHas("pids.max");
  }

  /// Makes the groups of a task and sets their limits.
  ///
  /// @return how a task is told of them, and the memory limit that holds
  Created create(String task, Resources request, LocalLimits limits) throws IOException {
    TaskGroup group = named(task);
    for (Path directory : group.directories()) {
      Files.createDirectories(directory);
    }
    return new Created(group, group.limit(request, limits));
  }

  record Created(TaskGroup group, long memoryLimit) {}

  /// The groups that a task has, or would have.
  TaskGroup named(String task) {
    return new TaskGroup(parents.stream().map(parent -> parent.resolve(task)).toList());
  }

  /// The groups that a crash left behind: all below our parents but those of tasks that run.
  List<TaskGroup> strangers(Set<String> running) throws IOException {
    Set<String> names = new HashSet<>();
    for (Path parent : parents) {
      try (var entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
        entries.forEach(entry -> names.add(entry.getFileName().toString()));
      }
    }
    names.removeAll(running);
    return names.stream().map(this::named).toList();
  }

  /// Removes the parents if no task is left in them.
  void close() {
    parents.forEach(ControlGroups::deleteIfEmpty);
  }

  private boolean anyParentHas(String file) {
    return parents.stream().anyMatch(parent -> Files.exists(parent.resolve(file)));
  }

  private static boolean hasControllers(Path parent) {
    try {
      return !Files.readString(parent.resolve("cgroup.subtree_control")).isBlank();
    } catch (IOException e) {
      return false;
    }
  }

  /// Makes our parent in the mount's root or, where that is not ours to write, in our own group,
  /// and tries whether a process can enter a group below it.
  private static Optional<Path> open(CgroupMount mount, String name) {
    for (Path base : mount.candidates()) {
      Path parent = base.resolve(name);
      try {
        Files.createDirectories(parent);
        if (mount.isVersionTwo()) {
          enableControllers(base);
          enableControllers(parent);
        }
        shareProcessors(parent);
        if (canBeEntered(parent)) {
          return Optional.of(parent);
        }
        deleteIfEmpty(parent);
      } catch (IOException notOurs) {
        deleteIfEmpty(parent);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static void enableControllers(Path directory) {
    for (String controller : CONTROLLERS) {
      try {
        Files.writeString(directory.resolve("cgroup.subtree_control"), "+" + controller);
      } catch (IOException notOffered) {
        // Each controller is taken where it is offered.
      }
    }
  }

  /// All tasks together count as many shares as there are cores, not as one process among others.
  private static void shareProcessors(Path parent) throws IOException {
    int cores = Runtime.getRuntime().availableProcessors();
    if (Files.exists(parent.resolve("cpu.shares"))) {
      Files.writeString(parent.resolve("cpu.shares"), Integer.toString(1024 * cores));
    }
    if (Files.exists(parent.resolve("cpu.weight"))) {
      Files.writeString(
          parent.resolve("cpu.weight"), Integer.toString(Math.min(10_000, 100 * cores)));
    }
  }

  private static boolean canBeEntered(Path parent) throws IOException, InterruptedException {
    Path trial = Files.createDirectories(parent.resolve("trial"));
    try {
      String script = "echo 0 >\"$1/cgroup.procs\"";
      return Tool.run(List.of("/bin/sh", "-c", script, "sh", trial.toString())).succeeded();
    } finally {
      deleteIfEmpty(trial);
    }
  }

  private static void deleteIfEmpty(Path directory) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException inUse) {
      return;
    }
  }
}
