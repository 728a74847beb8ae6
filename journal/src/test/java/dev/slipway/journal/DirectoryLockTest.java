package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path parent;

  @Test
  void theDirectoryIsMadeForItsOwnerAlone() throws Exception {
    Path directory = parent.resolve("data/here");
    try (var lock = DirectoryLock.acquire(directory)) {
      assertThat(lock.directory()).isEqualTo(directory.toRealPath());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
          .isEqualTo("rwx------");
      assertThat(directory.resolve("lock"))
          .content()
          .startsWith("process " + ProcessHandle.current().pid() + " on ");
    }
  }

  @Test
  void theSameProcessDoesNotGetItTwice() {
    try (var _ = DirectoryLock.acquire(parent)) {
      assertThatThrownBy(() -> DirectoryLock.acquire(parent.resolve("../" + parent.getFileName())))
          .isInstanceOf(DirectoryInUse.class)
          .hasMessageContaining("this process");
    }
    DirectoryLock.acquire(parent).close();
  }

  @Test
  @Timeout(60)
  void anotherProcessIsNamedAndItsDeathFreesTheDirectory() throws Exception {
    Process other =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    AppendForever.class.getName(),
                    parent.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output =
        new BufferedReader(
            new InputStreamReader(other.getInputStream(), StandardCharsets.US_ASCII))) {
      assertThat(output.readLine()).isNotNull();

      assertThatThrownBy(() -> DirectoryLock.acquire(parent))
          .isInstanceOf(DirectoryInUse.class)
          .hasMessageContaining("process " + other.pid() + " on ")
          .hasMessageContaining("--data");
      assertThatThrownBy(() -> DirectoryLock.acquire(parent)).isInstanceOf(DirectoryInUse.class);
    } finally {
      other.destroyForcibly();
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    DirectoryLock.acquire(parent).close();
  }

  @Test
  void aLinkInThePlaceOfTheLockIsNotFollowed() throws Exception {
    Path elsewhere = Files.createFile(parent.resolve("elsewhere"));
    Path directory = Files.createDirectory(parent.resolve("data"));
    Files.createSymbolicLink(directory.resolve("lock"), elsewhere);

    assertThatThrownBy(() -> DirectoryLock.acquire(directory))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(elsewhere).isEmptyFile();
  }
}
