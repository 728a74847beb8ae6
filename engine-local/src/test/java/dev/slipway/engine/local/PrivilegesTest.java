package dev.slipway.engine.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.TaskLaunch;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What differs with who the platform is, and with where its data lies.
class PrivilegesTest {
  private static final int NOBODY = 65_534;

  static Stream<IsolationTier> tiersWithTheirOwnMounts() throws IOException {
    return Workshop.tiers().filter(IsolationTier::hasOwnProcesses);
  }

  @ParameterizedTest
  @MethodSource("tiersWithTheirOwnMounts")
  void aDataDirectoryClosedToOthersIsReachedAllTheSame(IsolationTier tier) throws Exception {
    try (var workshop =
        new Workshop(settings -> settings.withIsolation(IsolationDemand.exactly(tier)))) {
      close(workshop.directory());
      workshop.start();
      close(workshop.directory());
      TaskLaunch launch = workshop.shell("echo x >\"$MESOS_SANDBOX/file\"; cat $HOME/file");
      assertThat(workshop.end(launch).successful()).isTrue();
      assertThat(workshop.output(launch, "stdout")).isEqualTo("x\n");
    }
  }

  @Test
  void withoutMountsOfItsOwnAClosedDirectoryIsRefusedWithAdvice() throws Exception {
    Workshop.assumeRoot();
    try (var outer = new Workshop(settings -> settings)) {
      Path closed = Files.createDirectory(outer.directory().resolve("closed"));
      close(closed);
      var settings =
          LocalEngineSettings.of(
                  closed.resolve("data"), outer.settings().nodes(), (a, sandbox, user) -> {})
              .withIsolation(IsolationDemand.exactly(IsolationTier.PROCESS));
      assertThatThrownBy(() -> LocalEngine.open(settings).close())
          .isInstanceOf(EngineRefusal.class)
          .hasMessageContaining("cannot enter " + closed);
    }
  }

  private static void close(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @EnumSource(names = {"PROCESS", "USER_NAMESPACES"})
  void aPlatformWithoutPrivilegesRunsTasks(IsolationTier tier) throws Exception {
    Workshop.assumeRoot();
    try (var place = new Workshop(settings -> settings)) {
      Path data = Files.createDirectory(place.directory().resolve("data"));
      SandboxOwner.own(data, new Account(NOBODY, NOBODY, java.util.Optional.empty()));
      List<String> words = new ArrayList<>();
      words.addAll(List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"));
      words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      words.addAll(List.of("-cp", readableClasspath(place.directory().resolve("classes"))));
      words.addAll(List.of(Unprivileged.class.getName(), data.toString(), tier.label()));
      Process process =
          new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      Assumptions.assumeFalse(output.startsWith("refused"), output);
      assertThat(output).contains("exit=7\n", "NoNewPrivs:\t1\n", "end=KILLED\n");
      assertThat(output).contains(data + "/tasks/");
    }
  }

  /// The class path may lie where only root can read.
  private static String readableClasspath(Path target) throws IOException {
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path source = Path.of(entry);
      if (Files.exists(source)) {
        copies.add(copy(source, target.resolve(Integer.toString(copies.size()))).toString());
      }
    }
    return String.join(File.pathSeparator, copies);
  }

  private static Path copy(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(place(directory));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = place(file);
            Files.createDirectories(copy.resolve("..").normalize());
            Files.write(copy, Files.readAllBytes(file));
            return FileVisitResult.CONTINUE;
          }

          private Path place(Path path) {
            if (path.equals(source) && Files.isRegularFile(path)) {
              return target.resolve("one.jar");
            }
            return target.resolve(source.relativize(path).toString());
          }
        });
    return Files.isRegularFile(source) ? target.resolve("one.jar") : target;
  }
}
