package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FetcherFileTest {
  @TempDir Path directory;
  private Workbench bench;
  private Path shared;

  @BeforeEach
  void open() throws IOException {
    bench = new Workbench(directory);
    shared = Files.createDirectories(directory.resolve("shared"));
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  @Test
  void aFileIsCopiedByPathOrByAddress() throws Exception {
    Path file = Files.writeString(shared.resolve("x.txt"), "1");

    bench.fetch(Fetch.of(file.toString()), Workbench.to(file.toUri().toString(), "sub/y"));

    assertThat(bench.files())
        .containsExactly(entry("sub", "dir"), entry("sub/y", "1"), entry("x.txt", "1"));
    bench.assertNothingLeft();
  }

  @Test
  void withoutRootsNoFileIsRead() throws Exception {
    bench.policy = bench.policy.withFileRoots(List.of());

    assertThat(bench.failureOf(Fetch.of("file:///etc/hostname"))).contains("are not fetched here");
  }

  @Test
  void onlyFilesBelowTheRootsAreReadLinksResolved() throws Exception {
    bench.policy = bench.policy.withFileRoots(List.of(shared));
    Path secret = Files.writeString(directory.resolve("secret"), "s");
    Files.writeString(shared.resolve("good"), "g");
    Files.createSymbolicLink(shared.resolve("inner"), Path.of("good"));
    Files.createSymbolicLink(shared.resolve("outer"), secret);

    for (String path : List.of("/../secret", "/outer", "/%2e%2e/secret")) {
      assertThat(bench.failureOf(Fetch.of("file://" + shared + path)))
          .contains("in none of the directories");
    }
    bench.fetch(Fetch.of("file://" + shared + "/inner"));

    assertThat(bench.files()).containsExactly(entry("inner", "g"));
  }

  @Test
  void whatIsNoRegularFileIsRefused() throws Exception {
    Files.createDirectory(shared.resolve("d"));
    int made = new ProcessBuilder("mkfifo", shared.resolve("fifo").toString()).start().waitFor();

    assertThat(made).isZero();
    assertThat(bench.failureOf(Fetch.of("file://" + shared + "/missing")))
        .contains("there is no such file");
    assertThat(bench.failureOf(Fetch.of("file://" + shared + "/d"))).contains("not a regular file");
    assertThat(bench.failureOf(Fetch.of("file://" + shared + "/fifo")))
        .contains("not a regular file");
    assertThat(bench.failureOf(Fetch.of("/dev/zero"))).contains("not a regular file");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withArtifactBytes(3);
    Files.writeString(shared.resolve("x"), "1234");

    assertThat(bench.failureOf(Fetch.of("file://" + shared + "/x")))
        .contains("larger than 3 bytes");
  }

  @Test
  void theStoreIsReadByNameAndByChecksum() throws Exception {
    bench.stored("a.txt", "abc".getBytes(UTF_8));
    String sha256 = bench.store.resolve("a.txt").orElseThrow().sha256();

    bench.fetch(
        Fetch.of("slipway://a.txt"),
        Fetch.of("slipway://" + sha256 + "/b.txt"),
        Workbench.withChecksum(Workbench.to("slipway://a.txt", "c.txt"), sha256));

    assertThat(bench.files())
        .containsExactly(entry("a.txt", "abc"), entry("b.txt", "abc"), entry("c.txt", "abc"));
    assertThat(bench.failureOf(Fetch.of("slipway://nothing")))
        .isEqualTo(
            "could not fetch slipway://nothing: the store has no artifact of this name or"
                + " checksum");
  }

  @Test
  void aCrashedFetchIsCleanedUpByTheNext() throws Exception {
    Path leftover = Files.createDirectory(directory.resolve("sandboxes/.sandbox.fetch"));
    Files.createSymbolicLink(leftover.resolve("link"), shared);
    Files.writeString(shared.resolve("x"), "1");

    bench.fetch(Fetch.of("file://" + shared + "/x"));

    assertThat(bench.files()).containsExactly(entry("x", "1"));
    assertThat(shared.resolve("x")).exists();
    bench.assertNothingLeft();
  }

  @Test
  void aSandboxThatIsALinkIsRefused() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("sandboxes/link"), shared);
    Files.writeString(shared.resolve("x"), "1");

    assertThatThrownBy(
            () -> bench.fetcher().fetch(List.of(Fetch.of("file://" + shared + "/x")), link, "u"))
        .hasMessageContaining("is not a directory");
  }
}
