package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.EngineHarness;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.SecretUnreadable;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What only this engine promises of secrets, volumes and directories of the machine.
class OutfitTest {
  private static final String VALUE = "correct-horse-battery-staple";

  @TempDir Path shared;

  static Stream<IsolationTier> tiers() throws IOException {
    return Workshop.tiers();
  }

  static Stream<IsolationTier> mountingTiers() throws IOException {
    return Workshop.tiers()
        .filter(tier -> tier == IsolationTier.BUBBLEWRAP || tier == IsolationTier.NAMESPACES);
  }

  private static Workshop workshop(IsolationTier tier, HostPath... allowed) throws IOException {
    return new Workshop(
            settings ->
                settings
                    .withIsolation(IsolationDemand.exactly(tier))
                    .withHostPaths(List.of(allowed)))
        .knowing(source -> Optional.of(SecretValue.of(VALUE)));
  }

  private static TaskLaunch with(TaskLaunch plain, Secrets secrets, Volume... volumes) {
    return with(plain, secrets, List.of(), volumes);
  }

  private static TaskLaunch with(
      TaskLaunch plain, Secrets secrets, List<MountedVolume> mounted, Volume... volumes) {
    return EngineHarness.surrounded(plain, secrets, List.of(volumes), mounted);
  }

  private static Secrets secrets(Map<String, String> variables) {
    return new Secrets(new TreeMap<>(Map.of("pw", "db/pw")), new TreeMap<>(variables));
  }

  private static MountedVolume volume() {
    var id = VolumeId.of(Workshop.APP, "data", UUID.randomUUID());
    return new MountedVolume(id, "data", 1 << 20);
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void noSecretIsEverOnTheDisk(IsolationTier tier) throws Exception {
    try (var workshop = workshop(tier)) {
      workshop.start();
      TaskLaunch launch =
          workshop.run(
              with(
                  workshop.shell("sleep 100"),
                  secrets(Map.of("PASSWORD", "pw")),
                  new Volume.SecretFile("pw", "pw")));
      workshop.engine().execute(launch.id(), new Command.Shell("true"), Duration.ofSeconds(10));

      assertThat(filesWith(workshop.directory(), VALUE)).isEmpty();
      assertThat(ProcessHandle.allProcesses().map(each -> each.info().commandLine().orElse("")))
          .noneMatch(line -> line.contains(VALUE));
      assertThat(secretFiles(workshop)).hasSize(1);
      workshop.restart();
      assertThat(
              workshop
                  .engine()
                  .execute(launch.id(), new Command.Shell("echo $PASSWORD"), Duration.ofSeconds(10))
                  .output())
          .isEqualTo(VALUE + "\n");
      workshop.kill(launch, Duration.ZERO);
      assertThat(filesWith(workshop.directory(), VALUE)).isEmpty();
      assertThat(secretFiles(workshop)).isEmpty();
    }
  }

  @Test
  void secretsThatACrashLeftAreRemovedAtTheNextStart() throws Exception {
    try (var workshop = workshop(IsolationTier.PROCESS)) {
      var files = SecretFiles.of(workshop.files());
      var task = workshop.files().task(workshop.shell("true").id());
      files.write(task, 0, SecretValue.of(VALUE), Accounts.self());
      assertThat(secretFiles(workshop)).hasSize(1);

      workshop.start();

      assertThat(secretFiles(workshop)).isEmpty();
    }
  }

  @Test
  void aSecretThatIsGoneIsLeftOutOfCommandsAfterARestart() throws Exception {
    var gone = new AtomicBoolean();
    SecretReader store =
        source -> gone.get() ? Optional.empty() : Optional.of(SecretValue.of(VALUE));
    try (var workshop = workshop(IsolationTier.PROCESS).knowing(store)) {
      workshop.start();
      TaskLaunch launch =
          workshop.run(with(workshop.shell("sleep 100"), secrets(Map.of("PASSWORD", "pw"))));
      gone.set(true);
      var command = new Command.Shell("echo [$PASSWORD]");

      assertThat(workshop.engine().execute(launch.id(), command, Duration.ofSeconds(10)).output())
          .isEqualTo("[" + VALUE + "]\n");
      workshop.restart();
      assertThat(workshop.engine().execute(launch.id(), command, Duration.ofSeconds(10)).output())
          .isEqualTo("[]\n");
    }
  }

  @Test
  void aSecretThatIsThereAgainIsInTheNextCommand() throws Exception {
    var gone = new AtomicBoolean();
    SecretReader store =
        source -> {
          if (gone.get()) {
            throw new SecretUnreadable("the key file is not there");
          }
          return Optional.of(SecretValue.of(VALUE));
        };
    try (var workshop = workshop(IsolationTier.PROCESS).knowing(store)) {
      workshop.start();
      TaskLaunch launch =
          workshop.run(with(workshop.shell("sleep 100"), secrets(Map.of("PASSWORD", "pw"))));
      gone.set(true);
      workshop.restart();
      var command = new Command.Shell("echo [$PASSWORD]");
      assertThat(workshop.engine().execute(launch.id(), command, Duration.ofSeconds(10)).output())
          .isEqualTo("[]\n");
      gone.set(false);

      assertThat(workshop.engine().execute(launch.id(), command, Duration.ofSeconds(10)).output())
          .isEqualTo("[" + VALUE + "]\n");
    }
  }

  @Test
  void aSecretThatIsNoTextCannotBeAVariable() throws Exception {
    byte[] bytes = {(byte) 0xff, 0, 1};
    try (var workshop =
        workshop(IsolationTier.PROCESS).knowing(source -> Optional.of(SecretValue.of(bytes)))) {
      workshop.start();

      TaskEnd end = workshop.end(with(workshop.shell("true"), secrets(Map.of("PASSWORD", "pw"))));

      assertThat(end.message()).contains("'pw' cannot be the variable PASSWORD");
    }
  }

  @ParameterizedTest
  @MethodSource("mountingTiers")
  void directoriesOfTheMachineAreMountedAsAllowed(IsolationTier tier) throws Exception {
    Workshop.assumeRoot();
    Path writable = open(shared.resolve("writable"));
    Path readable = open(shared.resolve("readable"));
    Files.writeString(readable.resolve("note"), "read me");
    try (var workshop =
        workshop(tier, new HostPath(writable, false), new HostPath(readable, true))) {
      workshop.start();

      TaskLaunch launch =
          with(
              workshop.shell("cat in/note && echo done >out/file && ! touch in/x"),
              Secrets.NONE,
              new Volume.Host("out", writable.toString(), false),
              new Volume.Host("in", readable.toString(), true));

      assertThat(workshop.end(launch).successful()).isTrue();
      assertThat(workshop.output(launch, "stdout")).isEqualTo("read me");
      assertThat(writable.resolve("file")).hasContent("done\n");
    }
  }

  private static Path open(Path directory) throws IOException {
    for (Path above = directory.getParent();
        above != null && above.startsWith("/tmp") && above.getNameCount() > 1;
        above = above.getParent()) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    return directory;
  }

  @ParameterizedTest
  @MethodSource("mountingTiers")
  void whatIsNotAllowedIsNotMounted(IsolationTier tier) throws Exception {
    Path readable = open(shared.resolve("readable"));
    Files.createSymbolicLink(readable.resolve("link"), Path.of("/etc"));
    open(shared.resolve("readable2"));
    try (var workshop = workshop(tier, new HostPath(readable, true))) {
      workshop.start();
      for (Volume.Host volume :
          List.of(
              new Volume.Host("x", readable.toString(), false),
              new Volume.Host("x", "/etc", true),
              new Volume.Host("x", readable + "/link", true),
              new Volume.Host("x", readable + "/../readable2", true),
              new Volume.Host("x", readable + "2", true))) {
        TaskEnd end = workshop.end(with(workshop.shell("true"), Secrets.NONE, volume));

        assertThat(end.reason()).isEqualTo(TaskEnd.Reason.LAUNCH_FAILED);
        assertThat(end.message()).contains(volume.hostPath()).contains("--allow-host-path");
      }
      assertThat(
              workshop
                  .end(
                      with(
                          workshop.shell("true"),
                          Secrets.NONE,
                          new Volume.Host("x", readable + "/missing", true)))
                  .message())
          .contains("does not exist on this node");
    }
  }

  @ParameterizedTest
  @MethodSource("mountingTiers")
  void aVolumeIsAlsoSeenAtAnAbsolutePath(IsolationTier tier) throws Exception {
    Workshop.assumeRoot();
    Path machine = Files.createTempDirectory(Path.of("/mnt"), "slipway");
    // The one tier shares the machine's file system, the other has one of its own.
    String place = tier == IsolationTier.BUBBLEWRAP ? "/data/of/its/own" : machine.toString();
    try (var workshop = workshop(tier)) {
      workshop.start();
      TaskLaunch launch =
          with(
              workshop.shell("echo y >data/x; cat " + place + "/x"),
              Secrets.NONE,
              List.of(volume()),
              new Volume.Host(place, "data", false));

      assertThat(workshop.end(launch).successful()).isTrue();
      assertThat(workshop.output(launch, "stdout")).isEqualTo("y\n");
    } finally {
      Files.delete(machine);
    }
  }

  @ParameterizedTest
  @MethodSource("mountingTiers")
  void everythingIsMountedInADataDirectoryThatIsClosedToOthers(IsolationTier tier)
      throws Exception {
    Workshop.assumeRoot();
    try (var workshop = workshop(tier)) {
      Files.setPosixFilePermissions(
          workshop.directory(), PosixFilePermissions.fromString("rwx------"));
      workshop.start();
      Files.setPosixFilePermissions(
          workshop.directory(), PosixFilePermissions.fromString("rwx------"));
      TaskLaunch launch =
          with(
              workshop.shell("cat deep/er/pw; echo >data/x; ls data"),
              secrets(Map.of()),
              List.of(volume()),
              new Volume.SecretFile("deep/er/pw", "pw"));

      assertThat(workshop.end(launch).successful()).isTrue();
      assertThat(workshop.output(launch, "stdout")).isEqualTo(VALUE + "x\n");
    }
  }

  @Test
  void withoutMountsOfItsOwnATaskGetsNoDirectoriesOfTheMachine() throws Exception {
    try (var workshop = workshop(IsolationTier.PROCESS, new HostPath(shared, false))) {
      workshop.start();

      assertThat(
              workshop
                  .end(
                      with(
                          workshop.shell("true"),
                          Secrets.NONE,
                          new Volume.Host("x", shared.toString(), true)))
                  .message())
          .contains("mounts of their own");
      assertThat(
              workshop
                  .end(
                      with(
                          workshop.shell("true"),
                          secrets(Map.of()),
                          new Volume.SecretFile("/etc/pw", "pw")))
                  .message())
          .contains("is absolute");
      assertThat(workshop.engine().nodes().getFirst().features())
          .containsExactly(NodeFeature.PERSISTENT_VOLUMES, NodeFeature.GPU_SHARES);
    }
  }

  @ParameterizedTest
  @MethodSource("tiers")
  void aPlaceThatAnArtifactTookIsAConflictAndNoLinkIsFollowed(IsolationTier tier) throws Exception {
    try (var workshop = workshop(tier)) {
      workshop.fetching(
          (artifacts, sandbox, user) -> {
            try {
              Files.createSymbolicLink(sandbox.resolve("link"), shared);
              Files.writeString(sandbox.resolve("file"), "x");
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      workshop.start();
      for (String path : List.of("link/pw", "link", "file/pw")) {
        TaskLaunch launch =
            with(workshop.shell("true"), secrets(Map.of()), new Volume.SecretFile(path, "pw"));

        assertThat(workshop.end(launch).message()).contains("the sandbox has something else at");
      }
      for (String path : List.of("..", "a/../../b", ".", "")) {
        TaskLaunch launch =
            with(workshop.shell("true"), secrets(Map.of()), new Volume.SecretFile(path, "pw"));

        assertThat(workshop.end(launch).message()).contains("the containerPath '" + path + "'");
      }
      assertThat(shared).isEmptyDirectory();
    }
  }

  @Test
  void aDirectoryIsAllowedByItsWholePath() {
    assertThat(HostPath.parse("/srv/data")).isEqualTo(new HostPath(Path.of("/srv/data"), false));
    assertThat(HostPath.parse("/srv/../etc:ro")).isEqualTo(new HostPath(Path.of("/etc"), true));
    assertThatThrownBy(() -> HostPath.parse("data:rw")).hasMessageContaining("whole path");
  }

  private static List<Path> secretFiles(Workshop workshop) throws IOException {
    String name =
        "slipway-" + EngineDirectory.sha256(workshop.directory().toString()).substring(0, 12);
    Path root = Path.of("/dev/shm").resolve(name);
    if (!Files.exists(root)) {
      return List.of();
    }
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static List<Path> filesWith(Path root, String text) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(
              file -> {
                try {
                  return new String(Files.readAllBytes(file), UTF_8).contains(text);
                } catch (IOException gone) {
                  return false;
                }
              })
          .toList();
    }
  }
}
