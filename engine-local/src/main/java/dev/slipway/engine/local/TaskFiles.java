package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/// Makes the files of a task before it starts.
///
/// The output files live in a directory that the task cannot enter and are linked into the sandbox:
/// what the task does to the names in its sandbox never leads the supervisor or the rotation
/// elsewhere.
final class TaskFiles {
  /// The task's own directory for temporary files, below its sandbox.
  static final String SCRATCH = ".tmp";

  static final List<String> OUTPUTS = List.of("stdout", "stderr");

  private TaskFiles() {}

  /// An empty sandbox that only the platform can enter.
  static void createSandbox(TaskDirectory task) throws IOException {
    Tree.delete(task.sandbox());
    Tree.delete(task.output());
    EngineDirectory.createPrivate(task.sandbox());
    EngineDirectory.createPrivate(task.output());
  }

  /// Adds what every sandbox has, and gives it to the task's account.
  static void handOver(TaskDirectory task, Account account) throws IOException {
    for (String name : OUTPUTS) {
      Path file = task.output().resolve(name);
      create(file);
      SandboxOwner.own(file, account);
      Path shown = task.sandbox().resolve(name);
      // Artifacts may have brought such a name.
      if (Files.exists(shown, LinkOption.NOFOLLOW_LINKS)) {
        Tree.delete(shown);
      }
      show(file, shown);
    }
    Path scratch = task.sandbox().resolve(SCRATCH);
    if (!Files.exists(scratch, LinkOption.NOFOLLOW_LINKS)) {
      EngineDirectory.createPrivate(scratch);
    }
    SandboxOwner.give(task.sandbox(), account);
  }

  /// Creates a file that others may read.
  static void create(Path file) throws IOException {
    var readable = PosixFilePermissions.fromString("rw-r--r--");
    Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(readable))
        .close();
  }

  /// Gives a file a second name in the sandbox; whatever the task put under that name stays.
  static void show(Path file, Path shown) throws IOException {
    try {
      Files.createLink(shown, file);
    } catch (FileAlreadyExistsException theTasksOwn) {
      return;
    }
  }
}
