package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The files of one task; [EngineDirectory] says what each holds.
record TaskDirectory(Path path, Path exit) {
  /// How often a start that a crash of the platform cut off is tried anew.
  static final int MAX_ATTEMPTS = 100;

  private static final String VOID = "void\n";

  String name() {
    return String.valueOf(path.getFileName());
  }

  Path sandbox() {
    return path.resolve("sandbox");
  }

  Path output() {
    return path.resolve("output");
  }

  Path report() {
    return path.resolve("report");
  }

  Optional<RecordFile.Content> launch() throws IOException {
    return RecordFile.read(path.resolve("launch"));
  }

  void writeLaunch(RecordFile.Content content) throws IOException {
    RecordFile.write(path.resolve("launch"), content);
  }

  Optional<RunRecord> run() throws IOException {
    Optional<RecordFile.Content> content = RecordFile.read(path.resolve("run"));
    if (content.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(RunRecord.decode(content.get()));
  }

  void writeRun(RunRecord run) throws IOException {
    RecordFile.write(path.resolve("run"), run.encode());
  }

  Optional<KillOrder> kill() throws IOException {
    Optional<RecordFile.Content> content = RecordFile.read(path.resolve("kill"));
    if (content.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(KillOrder.decode(content.get()));
  }

  void writeKill(KillOrder order) throws IOException {
    RecordFile.write(path.resolve("kill"), order.encode());
  }

  Optional<EndRecord> end() throws IOException {
    Optional<RecordFile.Content> content = RecordFile.read(path.resolve("end"));
    if (content.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(EndRecord.decode(content.get()));
  }

  void writeEnd(EndRecord end) throws IOException {
    RecordFile.write(path.resolve("end"), end.encode());
  }

  /// The code that the supervisor recorded, with 128 + n for signal n, if the task ended under its
  /// eyes.
  Optional<Integer> exitCode() throws IOException {
    if (!Files.exists(exit)) {
      return Optional.empty();
    }
    String text = Files.readString(exit).strip();
    try {
      return Optional.of(Integer.valueOf(text.substring(text.indexOf(' ') + 1)));
    } catch (NumberFormatException e) {
      throw new IOException("the exit record of " + name() + " is damaged", e);
    }
  }

  Path claim(int attempt) {
    return path.resolve("supervisor." + attempt);
  }

  /// The attempt that is the current one: the first that was not given up.
  int attempt() throws IOException {
    int attempt = 1;
    while (attempt < MAX_ATTEMPTS && isVoid(claim(attempt))) {
      attempt++;
    }
    return attempt;
  }

  /// Makes sure that a supervisor that may be on its way never runs the task.
  ///
  /// @return false when it already does
  boolean giveUp(int attempt) throws IOException {
    try {
      Files.writeString(claim(attempt), VOID, StandardOpenOption.CREATE_NEW);
      return true;
    } catch (FileAlreadyExistsException started) {
      return isVoid(claim(attempt));
    }
  }

  private static boolean isVoid(Path claim) throws IOException {
    return Files.exists(claim) && Files.readString(claim).equals(VOID);
  }
}
