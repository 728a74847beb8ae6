package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In processes of their own, since a library is loaded once a process.
class NativeLibraryTest {
  @TempDir Path directory;

  @Test
  void itIsKeptBesideTheJournalAndNothingIsLeftElsewhere() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path data = Files.createDirectory(directory.resolve("data"));

    assertThat(killedWriter(data, temporary)).isEqualTo("ready");
    Path kept = data.resolve(NativeLibrary.DIRECTORY);
    List<Path> first = names(kept);
    assertThat(first).hasSize(1);
    assertThat(names(temporary)).isEmpty();

    Files.writeString(first.getFirst(), "damaged");
    assertThat(killedWriter(data, temporary)).isEqualTo("ready");
    assertThat(names(kept)).isEqualTo(first);
    assertThat(Files.size(first.getFirst())).isGreaterThan(100_000);
    assertThat(names(temporary)).isEmpty();
  }

  /// Opens a journal and waits to be killed.
  public static void main(String[] arguments) throws IOException {
    try (var lock = DirectoryLock.acquire(Path.of(arguments[0]));
        var journal = SqlJournal.open(lock)) {
      journal.recover();
      System.out.println("ready");
      int _ = System.in.read();
    }
  }

  private static String killedWriter(Path data, Path temporary) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                NativeLibraryTest.class.getName(),
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      return String.valueOf(process.inputReader().readLine());
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static List<Path> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
