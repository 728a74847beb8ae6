package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.EngineHarness;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskLaunch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tasks that see `/dev/shm` cannot keep others from their secrets by taking the directory's name.
class SecretFilesTest {
  private static final int NOBODY = 65_534;

  @BeforeEach
  void needsRootAndMemory() throws IOException {
    Workshop.assumeRoot();
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.getFileStore(Path.of("/dev/shm")).type().equals("tmpfs"));
  }

  private static Workshop workshop() throws IOException {
    return new Workshop(
            settings -> settings.withIsolation(IsolationDemand.exactly(IsolationTier.PROCESS)))
        .knowing(source -> Optional.of(SecretValue.of("value")));
  }

  private static Path usual(Workshop workshop) {
    String hash = EngineDirectory.sha256(workshop.directory().toString()).substring(0, 12);
    return Path.of("/dev/shm", "slipway-" + hash);
  }

  private static List<Path> places(Workshop workshop) throws IOException {
    try (var entries = Files.list(Path.of("/dev/shm"))) {
      return entries
          .filter(path -> path.toString().startsWith(usual(workshop).toString()))
          .toList();
    }
  }

  private static TaskLaunch asking(Workshop workshop, String line) {
    return EngineHarness.surrounded(
        workshop.shell(line),
        new Secrets(new TreeMap<>(Map.of("pw", "db/pw")), new TreeMap<>()),
        List.of(new Volume.SecretFile("pw", "pw")),
        List.of());
  }

  @Test
  void thePlaceIsTakenBeforeAnyTaskRunsAndKeptWhenTheLastOneEnded() throws Exception {
    try (var workshop = workshop()) {
      workshop.start();
      assertThat(usual(workshop)).isDirectory();

      String taking = "mkdir " + usual(workshop);
      assertThat(workshop.end(asking(workshop, taking)).successful()).isFalse();
      assertThat(workshop.end(workshop.shell(taking)).successful()).isFalse();

      TaskLaunch launch = asking(workshop, "cat pw");
      assertThat(workshop.end(launch).successful()).isTrue();
      workshop.engine().close();
      assertThat(places(workshop)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"directory", "link", "file"})
  void whereSomebodyTookTheNameAnotherIsUsedAndFoundAgain(String kind) throws Exception {
    try (var workshop = workshop()) {
      Path name = usual(workshop);
      switch (kind) {
        case "directory" -> Files.createDirectory(name);
        case "link" -> Files.createSymbolicLink(name, workshop.directory());
        default -> Files.createFile(name);
      }
      try {
        Files.setAttribute(name, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        workshop.start();
        TaskLaunch launch = workshop.run(asking(workshop, "cat pw; sleep 100"));
        List<Path> places = places(workshop);
        assertThat(places).hasSize(2).contains(name);

        workshop.restart();
        assertThat(workshop.end(asking(workshop, "cat pw")).successful()).isTrue();
        assertThat(places(workshop)).containsExactlyInAnyOrderElementsOf(places);
        workshop.kill(launch, Duration.ZERO);
        workshop.engine().close();
        assertThat(places(workshop)).containsExactly(name);
      } finally {
        Files.delete(name);
      }
    }
  }
}
