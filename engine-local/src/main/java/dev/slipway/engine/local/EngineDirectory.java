package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.instance.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// Where the engine keeps everything:
/// ```
/// accounts                 which account number belongs to which app
/// epoch                    the highest epoch seen
/// platform                 whose tasks these are
/// library/                 the supervisor's constant scripts
/// secret-place             where the files with secrets lie, if not at the usual name
/// exits/<task>             "exit <code>", renamed into place by the supervisor of an ended task
/// tasks/<task>/launch      the order, written before anything is done
/// tasks/<task>/run         how it was started: tier, account, control groups
/// tasks/<task>/supervisor.<n>   who supervises attempt n: process, its start, the machine's boot
/// tasks/<task>/report      what the supervisor's tools said
/// tasks/<task>/kill        that it is to end, why and when
/// tasks/<task>/end         how it ended
/// tasks/<task>/output/     stdout, stderr, and one older part of each
/// tasks/<task>/sandbox/    what the task owns; the output files are linked into it
/// volumes/<volume>/        a persistent volume
/// removed/                 sandboxes and volumes on their way out
/// ```
/// Directories can be walked through but not listed by others, since tasks have accounts of their
/// own; records are for the owner alone.
final class EngineDirectory {
  /// Longest directory name; longer task ids are cut and told apart by their SHA-256.
  private static final int LONGEST_NAME = 200;

  private static final List<String> SCRIPTS =
      List.of("supervise.sh", "init.sh", "mount.sh", "cover.sh", "beside.sh");

  private final Path root;

  EngineDirectory(Path root) {
    this.root = root;
  }

  /// Makes what is missing and writes the scripts of this version.
  void prepare() throws IOException {
    for (Path directory : List.of(root, tasks())) {
      createWalkable(directory);
    }
    createWalkable(library());
    for (Path directory : List.of(exits(), removed())) {
      if (!Files.isDirectory(directory)) {
        createPrivate(directory);
      }
    }
    for (String script : SCRIPTS) {
      installScript(script);
    }
  }

  Path root() {
    return root;
  }

  Path tasks() {
    return root.resolve("tasks");
  }

  Path exits() {
    return root.resolve("exits");
  }

  Path library() {
    return root.resolve("library");
  }

  Path volumes() {
    return root.resolve("volumes");
  }

  Path removed() {
    return root.resolve("removed");
  }

  Path accounts() {
    return root.resolve("accounts");
  }

  Path secretPlace() {
    return root.resolve("secret-place");
  }

  Path epoch() {
    return root.resolve("epoch");
  }

  Path platform() {
    return root.resolve("platform");
  }

  TaskDirectory task(TaskId id) {
    return named(nameOf(id));
  }

  TaskDirectory named(String name) {
    return new TaskDirectory(tasks().resolve(name), exits().resolve(name));
  }

  /// The names of all tasks on the disk.
  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(tasks())) {
      for (Path entry : entries) {
        names.add(Objects.requireNonNull(entry.getFileName()).toString());
      }
    }
    names.sort(null);
    return names;
  }

  /// How many tasks have an order and no end on the disk.
  int unended() throws IOException {
    int count = 0;
    for (String name : names()) {
      Path task = tasks().resolve(name);
      if (Files.exists(task.resolve("launch")) && !Files.exists(task.resolve("end"))) {
        count++;
      }
    }
    return count;
  }

  static String nameOf(TaskId id) {
    String value = id.value();
    if (value.length() <= LONGEST_NAME) {
      return value;
    }
    return value.substring(0, LONGEST_NAME - 65) + "-" + sha256(value);
  }

  static String sha256(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static void createPrivate(Path directory) throws IOException {
    create(directory, "rwx------");
  }

  static void createWalkable(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      create(directory, "rwx--x--x");
    }
  }

  private static void create(Path directory, String permissions) throws IOException {
    var wanted = PosixFilePermissions.fromString(permissions);
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(wanted));
    Files.setPosixFilePermissions(directory, wanted);
  }

  static void makeWalkable(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
  }

  private void installScript(String name) throws IOException {
    Path file = library().resolve(name);
    Path aside = library().resolve(name + ".new");
    try (InputStream script = EngineDirectory.class.getResourceAsStream(name)) {
      if (script == null) {
        throw new UncheckedIOException(new IOException("the engine's jar has no " + name));
      }
      Files.deleteIfExists(aside);
      Files.write(aside, script.readAllBytes());
    }
    Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-r--r--"));
    // Renamed, so that a supervisor that reads the old text keeps it.
    Files.move(
        aside,
        file,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
