package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InitFetchTest {
  /// An account that is nobody's.
  private static final int TASK = 61_234;

  @TempDir Path directory;

  private Path sandbox = Path.of("/");

  @BeforeEach
  void name() {
    sandbox = directory.resolve("work/sandbox");
  }

  private InitFetch ordered(Optional<Integer> owner) throws IOException {
    var order =
        new FetchOrder(List.of(Fetch.of("http://a/b")), sandbox, "user", owner, Optional.empty());
    Path file = Files.writeString(directory.resolve(FetchOrder.FILE), order.encode());
    return new InitFetch(file, directory.resolve("termination-log"));
  }

  private static ArtifactFetcher writing(String name) {
    return (artifacts, where, user) -> {
      try {
        Files.writeString(where.resolve(name), artifacts.getFirst().uri() + " " + user);
      } catch (IOException e) {
        throw new FetchFailure("disk", e);
      }
    };
  }

  private static ArtifactFetcher failing(String message) {
    return (artifacts, where, user) -> {
      throw new FetchFailure(message);
    };
  }

  @Test
  void itFetchesWhatItIsToldIntoASandboxThatItMakes() throws IOException {
    assertThat(ordered(Optional.empty()).run(order -> writing("b"))).isZero();
    assertThat(sandbox.resolve("b")).hasContent("http://a/b user");
    assertThat(directory.resolve("termination-log")).doesNotExist();
  }

  @Test
  void anyAccountMayWriteIntoASandboxThatIsGivenToNone() throws IOException {
    ordered(Optional.empty()).run(order -> writing("b"));
    assertThat(Files.getPosixFilePermissions(sandbox)).hasSize(9);
  }

  @Test
  void theReasonForAFailureIsOneLineOfThePodsStatus() throws IOException {
    String message = "could not fetch http://a/b:\nthe server answered 404";
    assertThat(ordered(Optional.empty()).run(order -> failing(message))).isEqualTo(1);
    assertThat(directory.resolve("termination-log"))
        .hasContent("could not fetch http://a/b: the server answered 404");
  }

  @Test
  void aLongReasonIsCutBetweenTwoCharacters() throws IOException {
    assertThat(ordered(Optional.empty()).run(order -> failing("x" + "𝄞".repeat(1100))))
        .isEqualTo(1);
    String kept = Files.readString(directory.resolve("termination-log"));
    assertThat(kept.getBytes(StandardCharsets.UTF_8)).hasSize(1 + 4 * 1023);
  }

  @Test
  void anOrderThatCannotBeReadIsAFailureToo() throws IOException {
    Path file = Files.writeString(directory.resolve(FetchOrder.FILE), "{");
    var fetch = new InitFetch(file, directory.resolve("termination-log"));
    assertThat(fetch.run(order -> writing("b"))).isEqualTo(1);
    assertThat(directory.resolve("termination-log")).hasContent("the fetch order is not JSON");
  }

  @Test
  void theTaskOwnsWhatWasFetchedAndNothingThatALinkLeadsTo() throws IOException {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Path outside = Files.writeString(directory.resolve("outside"), "not the task's");
    ArtifactFetcher linking =
        (artifacts, where, user) -> {
          try {
            Files.createDirectory(where.resolve("lib"));
            Files.writeString(where.resolve("lib/a"), "a");
            Files.createSymbolicLink(where.resolve("link"), outside);
            Files.createSymbolicLink(where.resolve("up"), directory);
          } catch (IOException e) {
            throw new FetchFailure("disk", e);
          }
        };
    assertThat(ordered(Optional.of(TASK)).run(order -> linking)).isZero();
    for (String path : List.of(".", "lib", "lib/a", "link", "up")) {
      assertThat(uid(sandbox.resolve(path))).as(path).isEqualTo(TASK);
    }
    assertThat(uid(outside)).isZero();
    assertThat(uid(directory)).isZero();
  }

  private static int uid(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }
}
