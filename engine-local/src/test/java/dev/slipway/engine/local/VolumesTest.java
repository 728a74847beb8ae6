package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Secrets;
import dev.slipway.core.engine.EngineHarness;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.StoredVolume;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.volume.VolumeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Persistent volumes on the disk.
class VolumesTest {
  @TempDir Path root;

  private final MountedVolume volume = volume("data");

  private static MountedVolume volume(String path) {
    return new MountedVolume(VolumeId.of(Workshop.APP, path, UUID.randomUUID()), path, 1 << 20);
  }

  private EngineDirectory directory() {
    return new EngineDirectory(root);
  }

  @BeforeEach
  void prepare() throws Exception {
    directory().prepare();
  }

  /// One that no task has any more.
  private Path made(Volumes volumes, MountedVolume one) throws Exception {
    TaskDirectory task = directory().named("task");
    Path path = volumes.take(one, task, Accounts.self());
    volumes.release(task);
    return path;
  }

  @Test
  void aVolumeIsGoneBeforeWhatItHeldIsRemoved() throws Exception {
    var volumes = new Volumes(directory());
    Path path = made(volumes, volume);
    Files.writeString(path.resolve("file"), "x");

    volumes.destroy(volume.id());
    assertThat(volumes.all()).isEmpty();
    assertThat(path).doesNotExist();
    assertThat(directory().removed()).isNotEmptyDirectory();

    volumes.removeNext();
    assertThat(directory().removed()).isEmptyDirectory();
  }

  @Test
  void whatIsNoVolumeHidesNone() throws Exception {
    var volumes = new Volumes(directory());
    made(volumes, volume);
    for (String foreign : List.of("lost+found", "a b", "a%2fb")) {
      Files.createDirectory(directory().volumes().resolve(foreign));
    }
    for (int i = 0; i < 20; i++) {
      made(volumes, volume("data" + i));
    }

    assertThat(volumes.all()).hasSize(21);
  }

  @Test
  void nothingIsSaidOfWhatWasNotMeasured() throws Exception {
    var volumes = new Volumes(directory());
    Path path = made(volumes, volume);
    assertThat(volumes.all())
        .containsExactly(new StoredVolume(volume.id(), Optional.empty(), false));

    volumes.measure();
    assertThat(volumes.all())
        .containsExactly(new StoredVolume(volume.id(), Optional.of(0L), false));
    assertThat(path).isEmptyDirectory();
  }

  @Test
  void whatAVolumeHoldsIsMeasuredAndRemoved() throws Exception {
    try (var workshop = Workshop.with(IsolationTier.PROCESS)) {
      TaskLaunch launch =
          EngineHarness.surrounded(
              workshop.shell("head -c 5000 /dev/zero >data/x"),
              Secrets.NONE,
              List.of(),
              List.of(volume));
      assertThat(workshop.end(launch).successful()).isTrue();

      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      var measured = new StoredVolume(volume.id(), Optional.of(5000L), false);
      while (!workshop.engine().volumes().contains(measured)) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
      workshop.engine().destroyVolume(volume.id(), new Epoch(1));
      assertThat(workshop.files().volumes()).isEmptyDirectory();
      while (isNotEmpty(workshop.files().removed())) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
    }
  }

  private static boolean isNotEmpty(Path directory) throws Exception {
    try (var entries = Files.list(directory)) {
      return entries.findAny().isPresent();
    }
  }
}
