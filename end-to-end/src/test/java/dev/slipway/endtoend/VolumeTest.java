package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// What a task keeps outlives it, its app and the server, until somebody deletes it.
class VolumeTest {
  @RegisterExtension static final SharedServer SHARED = new SharedServer("volume");

  private final RunningServer server = SHARED.get();

  /// Counts its starts in its volume.
  private static App database() {
    return App.running("/db", "echo started >> data/starts; exec sleep 3600")
        .with(
            "container",
            Map.of(
                "type",
                "MESOS",
                "volumes",
                List.of(
                    Map.of(
                        "containerPath", "data", "mode", "RW", "persistent", Map.of("size", 16)))));
  }

  private JsonNode volumes() {
    return server.client().json("/api/v1/volumes").path("volumes");
  }

  private List<Path> starts() throws IOException {
    try (Stream<Path> files = Files.walk(server.data())) {
      return files.filter(file -> file.endsWith("starts") && Files.isRegularFile(file)).toList();
    }
  }

  private void hasStarted(int times) {
    Eventually.holds(
        "it has started " + times + " times with one volume",
        () ->
            assertThat(starts().stream().map(Path::toAbsolutePath).toList())
                .anySatisfy(file -> assertThat(Files.readAllLines(file)).hasSize(times)));
  }

  @Test
  void aVolumeIsKeptUntilItIsDeleted() throws IOException {
    server.createAndAwait(database());
    hasStarted(1);
    assertThat(volumes()).hasSize(1);
    JsonNode volume = volumes().get(0);
    assertThat(volume.path("app").asString()).isEqualTo("/db");
    assertThat(volume.path("state").asString()).isEqualTo("attached");
    String id = volume.path("id").asString();

    assertThat(server.slipway("restart", "/db").code()).isZero();
    hasStarted(2);
    server.killHard();
    server.start();
    assertThat(volumes()).hasSize(1);
    assertThat(server.client().delete("/api/v1/volumes/" + id).status()).isEqualTo(409);

    assertThat(server.slipway("destroy", "/db").code()).isZero();
    Eventually.holds(
        "nothing has it any more",
        () -> assertThat(volumes().get(0).path("state").asString()).isEqualTo("detached"));
    server.createAndAwait(database());
    hasStarted(3);
    assertThat(volumes()).hasSize(1);

    assertThat(server.slipway("destroy", "/db").code()).isZero();
    Eventually.holds(
        "nothing has it any more",
        () -> assertThat(volumes().get(0).path("state").asString()).isEqualTo("detached"));
    CommandRun deleted = server.slipway("volumes", "delete", id);
    assertThat(deleted.code()).as(deleted.err()).isZero();
    Eventually.holds("it is gone", () -> assertThat(volumes()).isEmpty());
    Eventually.holds(
        "with what it held",
        () -> assertThat(starts()).noneMatch(file -> file.toString().contains("/volumes/")));
  }
}
