package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The processes of one task, but for its supervisor: found by control group, else as what descends
/// from the supervisor, shares the program's session or carries the task's mark.
///
/// Below the supervisor stand, with a namespace of their own: the process that made it, its process
/// 1,
/// and the program; without one only the program. A signal goes to a process only if that is still
/// the one that was found: numbers are used again.
final class TaskProcesses {
  private final TaskDirectory task;
  private final ProcessIdentity supervisor;
  private final RunRecord run;
  private final TaskGroup group;

  TaskProcesses(TaskDirectory task, ProcessIdentity supervisor, RunRecord run) {
    this.task = task;
    this.supervisor = supervisor;
    this.run = run;
    this.group = TaskGroup.of(run);
  }

  /// Process 1 of the task's namespace.
  Optional<ProcessTable.Row> init() {
    if (!run.tier().hasOwnProcesses()) {
      return Optional.empty();
    }
    return supervised().flatMap(TaskProcesses::firstChild);
  }

  /// Asks the task to end: SIGTERM to the process group of its program and to process 1, which then
  /// leaves the rest its time.
  void askToEnd() {
    Optional<ProcessTable.Row> init = init();
    init.ifPresent(row -> signal(row, false));
    Optional<ProcessTable.Row> program;
    if (run.tier().hasOwnProcesses()) {
      program = init.flatMap(TaskProcesses::firstChild);
    } else {
      program = supervised();
    }
    if (program.isEmpty()) {
      return;
    }
    long leader = program.get().pid();
    List<ProcessTable.Row> asked =
        new ArrayList<>(members().stream().filter(row -> row.group() == leader).toList());
    if (asked.stream().noneMatch(row -> row.pid() == leader)) {
      asked.add(program.get());
    }
    asked.forEach(row -> signal(row, false));
  }

  /// One round of SIGKILL for all that is left. Rounds are repeated until nothing is.
  void killAll() throws IOException {
    if (group.exists() && group.killAtOnce()) {
      return;
    }
    init().ifPresent(row -> signal(row, true));
    members().forEach(row -> signal(row, true));
  }

  boolean isEmpty() {
    if (group.exists()) {
      return group.processes().isEmpty();
    }
    if (run.tier().hasOwnProcesses() && Files.exists(task.exit())) {
      // The supervisor saw the namespace's end, which is the end of all in it.
      return true;
    }
    return members().isEmpty();
  }

  /// All that belongs to the task, without the dead that nobody waited for yet.
  List<ProcessTable.Row> members() {
    if (group.exists()) {
      return group.processes().stream()
          .flatMap(pid -> ProcessTable.row(pid).stream())
          .filter(row -> !row.isDead())
          .toList();
    }
    List<ProcessTable.Row> table = ProcessTable.all();
    Set<ProcessTable.Row> members = new HashSet<>(family(table));
    if (members.isEmpty() || !run.tier().hasOwnProcesses()) {
      table.stream().filter(row -> !row.isDead() && isMarked(row)).forEach(members::add);
    }
    return List.copyOf(members);
  }

  /// What descends from the supervisor or shares a session with such a process.
  List<ProcessTable.Row> family(List<ProcessTable.Row> table) {
    Set<Long> family = new HashSet<>();
    Set<Long> sessions = new HashSet<>();
    if (supervisor.isAlive(ProcessTable.bootId())) {
      family.add(supervisor.pid());
    }
    // Parents were mostly started before their children; a second pass finds the others.
    var byStart = new ArrayList<>(table);
    byStart.sort(Comparator.comparingLong(ProcessTable.Row::start));
    for (int pass = 0; pass < 2; pass++) {
      for (ProcessTable.Row row : byStart) {
        if (family.contains(row.parent()) || sessions.contains(row.session())) {
          family.add(row.pid());
          sessions.add(row.session());
        }
      }
    }
    return byStart.stream()
        .filter(row -> family.contains(row.pid()))
        .filter(row -> row.pid() != supervisor.pid() && !row.isDead())
        .toList();
  }

  private boolean isMarked(ProcessTable.Row row) {
    return row.pid() != supervisor.pid()
        && row.start() >= supervisor.start()
        && ProcessTable.hasVariable(row.pid(), Supervisor.MARK + "=" + task.name());
  }

  /// The supervisor's child.
  private Optional<ProcessTable.Row> supervised() {
    if (!supervisor.isAlive(ProcessTable.bootId())) {
      return Optional.empty();
    }
    return ProcessTable.row(supervisor.pid()).flatMap(TaskProcesses::firstChild);
  }

  private static Optional<ProcessTable.Row> firstChild(ProcessTable.Row parent) {
    return ProcessTable.children(parent.pid()).stream()
        .filter(row -> !row.isDead())
        .min(
            Comparator.comparingLong(ProcessTable.Row::start)
                .thenComparingLong(ProcessTable.Row::pid));
  }

  private static void signal(ProcessTable.Row row, boolean force) {
    Optional<ProcessHandle> handle = ProcessHandle.of(row.pid());
    // The handle remembers the start too; what is asked here is that it is the start we saw.
    boolean same =
        ProcessTable.row(row.pid()).filter(now -> now.start() == row.start()).isPresent();
    if (handle.isEmpty() || !same) {
      return;
    }
    if (force) {
      handle.get().destroyForcibly();
    } else {
      handle.get().destroy();
    }
  }
}
