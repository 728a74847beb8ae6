package dev.slipway.bench.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptedClusterTest {
  @TempDir Path directory;
  private Path kubeconfig;
  private Path script;

  @BeforeEach
  void aScript() throws IOException {
    kubeconfig = directory.resolve("kubeconfig");
    script =
        script(
            """
            #!/bin/sh
            echo "$@" >>%1$s.verbs
            case $1 in
              up) touch %1$s ;;
              down) rm -f %1$s ;;
              env) echo "export KUBECONFIG=%1$s KUBEBUILDER_ASSETS=/assets" ;;
            esac
            """
                .formatted(kubeconfig));
  }

  private Path script(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("cluster"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  @Test
  void aClusterThatDoesNotStandIsMadeAndEnded() throws Exception {
    try (var cluster = ScriptedCluster.open(script, "KUBECONFIG")) {
      assertThat(kubeconfig).exists();
      assertThat(cluster.variables())
          .containsEntry("KUBECONFIG", kubeconfig.toString())
          .containsEntry("KUBEBUILDER_ASSETS", "/assets");
    }
    assertThat(verbs()).containsExactly("env", "up 3", "down");
  }

  @Test
  void aClusterThatStandsIsLeftAsItIs() throws Exception {
    Files.createFile(kubeconfig);
    ScriptedCluster.open(script, "KUBECONFIG").close();
    assertThat(kubeconfig).exists();
    assertThat(verbs()).containsExactly("env");
  }

  @Test
  void aScriptThatFailsIsToldWithWhatItSays() throws IOException {
    Path failing = script("#!/bin/sh\necho needs root >&2\nexit 1\n");
    assertThatThrownBy(() -> ScriptedCluster.open(failing, "KUBECONFIG"))
        .isInstanceOf(MissingException.class)
        .hasMessageContaining("env' failed: needs root");
  }

  private Iterable<String> verbs() throws IOException {
    return Files.readAllLines(Path.of(kubeconfig + ".verbs"));
  }
}
