package dev.slipway.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real registry of this machine, the program `docker-registry` of Debian's package of that name.
/// Where there is none the tests are skipped.
class RegistryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Process registry;
  private int port;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(isInstalled(), "no program docker-registry: install Debian's package of that name");
    SmallImage.writeBuild(home);
    SmallImage.writeBase(home.resolve("base.tar"));
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path settings = home.resolve("registry.yml");
    Files.writeString(
        settings,
        """
        version: 0.1
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: 127.0.0.1:%d}
        """
            .formatted(home.resolve("registry"), port));
    registry =
        new ProcessBuilder("docker-registry", "serve", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("registry.log").toFile())
            .start();
    awaitAnswer();
  }

  private static boolean isInstalled() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "docker-registry")));
  }

  private void awaitAnswer() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException notYet) {
        if (!registry.isAlive() || System.nanoTime() > deadline) {
          throw new AssertionError(Files.readString(home.resolve("registry.log")), notYet);
        }
        Thread.sleep(20);
      }
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (registry != null) {
      registry.destroy();
      assertThat(registry.waitFor(PATIENCE)).isTrue();
    }
  }

  private int run(String base, String to) {
    return Main.run(
        home, new PrintWriter(out, true), new PrintWriter(err, true), "--base", base, "--to", to);
  }

  @Test
  void whatWasPushedToARegistryOfThisMachineIsABaseForTheNext() throws IOException {
    String name = "127.0.0.1:" + port + "/team/slipway:1";
    assertThat(run("tar:" + home.resolve("base.tar"), name)).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("Pushed " + name + " (sha256:");

    Path file = home.resolve("next.tar");
    assertThat(run(name, "tar:" + file)).as(err.toString()).isZero();
    assertThat(file).isNotEmptyFile();
  }

  @Test
  void aRegistryThatHasNoSuchImageIsToldByItsName() {
    String name = "127.0.0.1:" + port + "/nothing:1";
    assertThat(run(name, "tar:" + home.resolve("next.tar"))).isEqualTo(1);
    assertThat(err.toString()).contains("slipway kubernetes image: ").contains("nothing");
  }
}
