package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.EngineHarness;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// No task can put programs of its own where the machine's are run with privileges.
class MountTest {
  private static final String PLANTED =
      "#!/bin/sh\nid -u >\"$(dirname \"$0\")/ran\"\nexec /usr/sbin/$(basename \"$0\") \"$@\"\n";

  @TempDir Path temporary;

  private final MountedVolume volume =
      new MountedVolume(VolumeId.of(Workshop.APP, "data", UUID.randomUUID()), "data", 1 << 20);

  static Stream<IsolationTier> mountingTiers() throws IOException {
    return OutfitTest.mountingTiers();
  }

  @BeforeEach
  void needsRoot() throws IOException {
    Workshop.assumeRoot();
  }

  private TaskLaunch with(TaskLaunch plain, Volume... volumes) {
    return EngineHarness.surrounded(plain, Secrets.NONE, List.of(volumes), List.of(volume));
  }

  private static TaskLaunch planting(Workshop workshop, String more) {
    return workshop.shell(
        "printf '%s' '"
            + PLANTED.replace("'", "'\\''")
            + "' >data/setpriv && chmod 755 data/setpriv && cp data/setpriv data/sh"
            + " && cp data/setpriv data/mount && cp data/setpriv data/readlink && "
            + more);
  }

  @ParameterizedTest
  @MethodSource("mountingTiers")
  void nothingIsMountedOverProgramsThatRunWithPrivileges(IsolationTier tier) throws Exception {
    try (var workshop = Workshop.with(tier)) {
      assertThat(workshop.end(with(planting(workshop, "true"))).successful()).isTrue();
      String java = System.getProperty("java.home");
      for (String place :
          List.of(
              "/usr/bin",
              "/usr",
              "/bin",
              "/sbin",
              "/usr/sbin",
              "/lib",
              "/lib64",
              "/etc",
              "/proc",
              "/proc/self",
              "/sys",
              "/dev",
              "/dev/shm",
              "/run",
              "/tmp",
              "/var/lib",
              "/",
              java,
              workshop.directory().toString(),
              workshop.directory() + "/library",
              "/mnt/../usr/bin",
              "//usr//bin")) {
        TaskEnd end =
            workshop.end(with(workshop.shell("true"), new Volume.Host(place, "data", false)));

        assertThat(end.reason()).as(place).isEqualTo(TaskEnd.Reason.LAUNCH_FAILED);
        assertThat(end.message()).contains("the containerPath '");
      }
      assertThat(ran(workshop)).doesNotExist();
    }
  }

  private Path ran(Workshop workshop) {
    return workshop.files().volumes().resolve(volume.id().value()).resolve("ran");
  }

  @ParameterizedTest
  @MethodSource("mountingTiers")
  void aLinkInAVolumeLeadsNoOtherMountAway(IsolationTier tier) throws Exception {
    try (var workshop = Workshop.with(tier)) {
      TaskLaunch first = workshop.shell("true");
      int depth = workshop.sandbox(first).getNameCount() + 1;
      String link = "ln -s " + "../".repeat(depth) + "usr/bin data/x";
      assertThat(workshop.end(with(planting(workshop, link))).successful()).isTrue();

      for (Volume again :
          List.of(
              new Volume.Host("data/x", "data", false), new Volume.Host("./data", "data", false))) {
        TaskEnd end = workshop.end(with(workshop.shell("true"), again));

        assertThat(end.message())
            .contains("nothing can be mounted at", "something else is mounted");
      }
      assertThat(ran(workshop)).doesNotExist();
    }
  }

  @ParameterizedTest
  @MethodSource("mountingTiers")
  void aLinkOfTheMachineIsNotFollowed(IsolationTier tier) throws Exception {
    Path link = Path.of("/mnt", "slipway-" + UUID.randomUUID());
    Files.createSymbolicLink(link, Path.of("/usr/bin"));
    try (var workshop = Workshop.with(tier)) {
      for (String place : List.of(link.toString(), link + "/x")) {
        TaskEnd end =
            workshop.end(with(workshop.shell("true"), new Volume.Host(place, "data", false)));

        assertThat(end.message()).contains("leads through a link of this node");
      }
    } finally {
      Files.delete(link);
    }
  }

  @Test
  void aDataDirectoryBelowAPlaceForMountsIsNotCovered() throws Exception {
    var targets =
        MountTargets.of(new EngineDirectory(Path.of("/srv/slipway")), Path.of("/home/a/jdk"));

    for (String place :
        List.of("/srv", "/srv/slipway", "/srv/slipway/volumes/x", "/home", "/home/a/jdk/bin")) {
      assertThat(refusal(targets, place)).as(place).contains("what the platform itself needs");
    }
    for (String place : List.of("/srv/slipway2", "/srv/a", "/home/b", "/mnt", "/data/a/b")) {
      assertThat(refusal(targets, place)).as(place).isEmpty();
    }
  }

  private static String refusal(MountTargets targets, String place) {
    try {
      targets.check(Path.of(place));
      return "";
    } catch (Outfit.OutfitProblem problem) {
      return String.valueOf(problem.getMessage());
    }
  }

  /// As when somebody swaps the place for a link between the check and the mount.
  @Test
  void aPlaceThatBecameALinkIsNotMountedOver() throws Exception {
    Path script = temporary.resolve("mount.sh");
    try (var text = EngineDirectory.class.getResourceAsStream("mount.sh")) {
      Files.write(script, java.util.Objects.requireNonNull(text).readAllBytes());
    }
    Path source = Files.createDirectory(temporary.resolve("source"));
    Path place = Files.createDirectory(temporary.resolve("place"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), place);
    List<String> words = new ArrayList<>(List.of("unshare", "--mount", "/bin/sh"));
    words.addAll(List.of(script.toString(), "1", "ro", source.toString()));
    List<String> swapped = new ArrayList<>(words);
    words.addAll(List.of(place.toString(), "grep", place.toString(), "/proc/self/mountinfo"));
    swapped.addAll(List.of(link.toString(), "grep", "place", "/proc/self/mountinfo"));

    Tool.Outcome mounted = Tool.run(words);
    assertThat(mounted.output()).contains(" ro,nosuid,nodev");
    assertThat(Tool.run(swapped)).isEqualTo(new Tool.Outcome(125, link + " is not where it was"));
  }
}
