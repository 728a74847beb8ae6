package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.SandboxProblem;
import dev.slipway.core.engine.SandboxProblem.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@SuppressWarnings("NullAway.Init")
class LocalSandboxTest {
  private static final int FLIPS = 10_000;

  @TempDir Path directory;
  private Path root;
  private Path foreign;
  private Sandbox sandbox;

  @BeforeEach
  void fill() throws IOException {
    root = Files.createDirectory(directory.resolve("sandbox"));
    foreign = Files.createDirectory(directory.resolve("foreign"));
    Files.writeString(foreign.resolve("data"), "foreign");
    Files.createDirectories(root.resolve("logs/old"));
    Files.writeString(root.resolve("logs/data"), "own bytes");
    sandbox = new LocalSandbox(root);
  }

  private static void assertRefused(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SandboxProblem.class, problem -> assertThat(problem.kind()).isEqualTo(kind));
  }

  @Test
  void directoriesAreListedByName() throws IOException {
    assertThat(sandbox.list("")).extracting(Sandbox.Entry::path).containsExactly("logs");
    assertThat(sandbox.list("logs"))
        .extracting(Sandbox.Entry::path)
        .containsExactly("logs/data", "logs/old");
    assertThat(sandbox.list("logs/").getFirst().mode()).matches("-rw-r.-r.-");
    assertThat(sandbox.list("logs").getFirst().size()).isEqualTo(9);
  }

  @Test
  void filesAreReadInParts() throws IOException {
    assertThat(sandbox.size("logs/data")).isEqualTo(9);
    assertThat(sandbox.read("logs/data", 4, 100)).asString().isEqualTo("bytes");
    assertThat(sandbox.read("logs/data", 0, 3)).asString().isEqualTo("own");
    assertThat(sandbox.read("logs/data", 100, 3)).isEmpty();
    try (var input = sandbox.open("logs/data")) {
      assertThat(input.readAllBytes()).asString().isEqualTo("own bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../foreign/data", "/etc/passwd", "logs/../logs/data", "logs//data", "..", "a\0b"})
  void pathsThatCouldLeaveAreRefused(String path) {
    assertRefused(Kind.REFUSED, () -> sandbox.read(path, 0, 10));
    assertRefused(Kind.REFUSED, () -> sandbox.list(path));
    assertRefused(Kind.REFUSED, () -> sandbox.open(path));
    assertRefused(Kind.REFUSED, () -> sandbox.size(path));
  }

  @Test
  void linksAreRefused() throws IOException {
    Files.createSymbolicLink(root.resolve("file"), foreign.resolve("data"));
    Files.createSymbolicLink(root.resolve("dir"), foreign);
    assertRefused(Kind.REFUSED, () -> sandbox.read("file", 0, 10));
    assertRefused(Kind.REFUSED, () -> sandbox.read("dir/data", 0, 10));
    assertRefused(Kind.REFUSED, () -> sandbox.list("dir"));
    assertThat(sandbox.list("").getFirst().mode()).startsWith("l");
  }

  @Test
  void whatIsNoFileIsNotRead() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor())
        .isZero();
    assertRefused(Kind.NOT_A_FILE, () -> sandbox.read("pipe", 0, 10));
    assertRefused(Kind.NOT_A_FILE, () -> sandbox.open("logs"));
    assertRefused(Kind.NOT_A_DIRECTORY, () -> sandbox.list("logs/data"));
    assertRefused(Kind.MISSING, () -> sandbox.read("logs/none", 0, 10));
    assertRefused(Kind.MISSING, () -> sandbox.list("none"));
  }

  @Test
  void noForeignByteIsReadWhileADirectoryFlipsToALink() throws Exception {
    var done = new AtomicBoolean();
    Path place = root.resolve("logs");
    Path kept = directory.resolve("kept");
    Path link = directory.resolve("link");
    Thread flipper =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < FLIPS; i++) {
                      Files.move(place, kept);
                      Files.createSymbolicLink(link, foreign);
                      Files.move(link, place, StandardCopyOption.ATOMIC_MOVE);
                      Files.delete(place);
                      Files.move(kept, place);
                    }
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  } finally {
                    done.set(true);
                  }
                });
    var read = new AtomicInteger();
    while (!done.get()) {
      try {
        String text = new String(sandbox.read("logs/data", 0, 100), StandardCharsets.UTF_8);
        assertThat(text).isEqualTo("own bytes");
        read.incrementAndGet();
      } catch (IOException between) {
        assertThat(between).isNotNull();
      }
    }
    flipper.join();
    assertThat(read).hasPositiveValue();
  }
}
