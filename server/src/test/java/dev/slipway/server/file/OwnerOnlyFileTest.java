package dev.slipway.server.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyFileTest {
  @TempDir Path directory;

  private static void write(Path file, String text) throws IOException {
    OwnerOnlyFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theFileIsForItsOwnerAloneWhateverItAndACrashLeftThere() throws Exception {
    Path file = directory.resolve("file");
    Files.writeString(file, "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.createSymbolicLink(OwnerOnlyFile.unfinished(file), directory.resolve("elsewhere"));

    write(file, "new");

    assertThat(file).hasContent("new");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(directory).isDirectoryNotContaining("glob:**elsewhere");
    assertThat(OwnerOnlyFile.unfinished(file)).doesNotExist();
  }

  @Test
  void whereTheDiskRefusesTheFileIsAsItWas() throws Exception {
    Path file = directory.resolve("file");
    write(file, "old");
    Path inTheWay = Files.createDirectory(OwnerOnlyFile.unfinished(file));
    Files.createFile(inTheWay.resolve("x"));

    assertThatThrownBy(() -> write(file, "new")).isInstanceOf(IOException.class);
    assertThat(file).hasContent("old");
  }
}
