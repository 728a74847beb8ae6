package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Mesos's fetcher does, sentence by sentence (its docs/fetcher.md, src/launcher/fetcher.cpp),
/// and where this one does better.
@Timeout(60)
class MesosFetcherTest {
  private static final byte[] TEXT = "text".getBytes(UTF_8);

  @TempDir Path directory;

  private Workbench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new Workbench(directory);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private static byte[] archive() throws IOException {
    return Archives.tarGz(tar -> tar.file("bin/run", "1"));
  }

  private static Fetch fetch(String uri, boolean extract, boolean executable, boolean cache) {
    return new Fetch(uri, extract, executable, cache, Optional.empty(), Optional.empty());
  }

  @Test
  void leadingBlanksOfAnAddressAreTrimmed() throws Exception {
    try (var origin = TestOrigin.serving(TEXT)) {
      bench.fetch(Fetch.of("  " + origin.uri("/x")));
    }
    assertThat(bench.files()).containsExactly(entry("x", "text"));
  }

  @Test
  void barePathsAndFileAddressesAreCopied() throws Exception {
    Path file = Files.write(directory.resolve("x"), TEXT);

    bench.fetch(
        Fetch.of(file.toString()),
        Workbench.to("file://" + file, "y"),
        Workbench.to("" + file, "z"));

    assertThat(bench.files())
        .containsExactly(entry("x", "text"), entry("y", "text"), entry("z", "text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp", "ftps", "hdfs", "s3", "s3n", "gs"})
  void otherSchemesAreRefusedByTheirName(String scheme) throws Exception {
    assertThat(bench.failureOf(Fetch.of(scheme + "://host/x.tgz")))
        .contains(scheme)
        .contains("use http, https, file or slipway");
  }

  @Test
  void pathsRelativeToAFrameworksHomeAreRefused() throws Exception {
    assertThat(bench.failureOf(Fetch.of("dir/x.tgz"))).contains("relative to a framework's home");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h\\x",
        "http://h/it's",
        "http://h/\0",
        "http://127.0.0.1",
        "http://127.0.0.1/"
      })
  void illegalCharactersAndMissingPathsAreRefused(String uri) throws Exception {
    assertThat(bench.failureOf(Fetch.of(uri)))
        .containsAnyOf("backslash, a quote or a control", "does not end with a file name");
  }

  @Test
  void theAnswerMustBeExactly200() throws Exception {
    for (String status : List.of("201 Created", "203 Other", "206 Partial Content")) {
      try (var origin = new TestOrigin((request, out) -> TestOrigin.status(out, status))) {
        assertThat(bench.failureOf(Fetch.of(origin.uri("/x")))).startsWith("could not fetch");
      }
    }
  }

  @Test
  void theNameIncludesTheQueryAsItIsWritten() throws Exception {
    try (var origin = TestOrigin.serving(TEXT)) {
      bench.fetch(Fetch.of(origin.uri("/a%20b.txt?v=%31")));
    }
    assertThat(bench.files()).containsExactly(entry("a%20b.txt?v=%31", "text"));
  }

  @Test
  void destPathNamesTheFileAndItsDirectoriesAreMade() throws Exception {
    try (var origin = TestOrigin.serving(TEXT)) {
      bench.fetch(Workbench.to(origin.uri("/x?sig=1"), "in/deep/y.txt"));
    }
    assertThat(bench.files()).containsOnlyKeys("in", "in/deep", "in/deep/y.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/x", "../x", "a/../../x", "a/.."})
  void destPathStaysInTheSandboxUnlikeInMesos(String destPath) throws Exception {
    try (var origin = TestOrigin.serving(TEXT)) {
      assertThat(bench.failureOf(Workbench.to(origin.uri("/x"), destPath)))
          .containsAnyOf("is absolute", "leaves the sandbox");
      assertThat(origin.requests).isEmpty();
    }
  }

  @Test
  void anExecutableIsMadeOneAndIsNotExtracted() throws Exception {
    try (var origin = TestOrigin.serving(archive())) {
      bench.fetch(fetch(origin.uri("/x.tgz"), true, true, false));
    }
    assertThat(bench.files()).containsOnlyKeys("x.tgz");
    assertThat(bench.mode("x.tgz")).isEqualTo("rwxr-xr-x");
  }

  @Test
  void withoutExtractAnArchiveStaysPacked() throws Exception {
    try (var origin = TestOrigin.serving(archive())) {
      bench.fetch(fetch(origin.uri("/x.tgz"), false, false, false));
    }
    assertThat(bench.files()).containsOnlyKeys("x.tgz");
  }

  @Test
  void theTargetsEndingTellsTheArchiveNotTheAddress() throws Exception {
    try (var origin = TestOrigin.serving(archive())) {
      bench.fetch(
          Workbench.to(origin.uri("/x.tgz"), "plain.bin"),
          Workbench.to(origin.uri("/blob"), "sub/named.tgz"));
    }
    assertThat(bench.files())
        .containsOnlyKeys("bin", "bin/run", "plain.bin", "sub", "sub/named.tgz");
  }

  @Test
  void whatIsNoArchiveIsKeptAsItIs() throws Exception {
    try (var origin = TestOrigin.serving(TEXT)) {
      bench.fetch(fetch(origin.uri("/x.jar"), true, false, true));
    }
    assertThat(bench.files()).containsExactly(entry("x.jar", "text"));
  }

  @Test
  void pastTheCacheArchiveAndContentStayFromTheCacheOnlyTheContent() throws Exception {
    try (var origin = TestOrigin.serving(archive())) {
      bench.fetch(fetch(origin.uri("/past.tgz"), true, false, false));
      bench.fetch(fetch(origin.uri("/cached.tgz"), true, false, true));
    }
    assertThat(bench.files()).containsOnlyKeys("bin", "bin/run", "past.tgz");
  }

  @Test
  void aGzippedFileLosesItsEndingPastTheCacheAndFromIt() throws Exception {
    byte[] gz = Archives.gz(TEXT);
    try (var origin = TestOrigin.serving(gz)) {
      bench.fetch(fetch(origin.uri("/past.txt.gz"), true, false, false));
      bench.fetch(fetch(origin.uri("/cached.txt.gz"), true, false, true));
    }
    assertThat(bench.files()).containsOnlyKeys("past.txt", "past.txt.gz", "cached.txt");
    assertThat(bench.files()).containsEntry("past.txt", "text").containsEntry("cached.txt", "text");
  }

  @Test
  void anArchiveBehindAQueryIsUnpackedAndStaysUnlikeInMesos() throws Exception {
    try (var origin = TestOrigin.serving(archive())) {
      bench.fetch(fetch(origin.uri("/app.tgz?sig=1"), true, false, true));
    }
    assertThat(bench.files()).containsOnlyKeys("app.tgz?sig=1", "bin", "bin/run");
  }

  @Test
  void aQueryInANameIsNotToldWhenItConflicts() throws Exception {
    Files.createDirectory(bench.sandbox.resolve("x?sig=hunter5"));
    try (var origin = TestOrigin.serving(TEXT)) {
      assertThat(bench.failureOf(Fetch.of(origin.uri("/x?sig=hunter5"))))
          .contains("the sandbox has something else at \"x?...\"")
          .doesNotContain("hunter5");
    }
  }

  @Test
  void whatIsCachedIsAskedForAgainByItsTagUnlikeInMesos() throws Exception {
    byte[] second = "second".getBytes(UTF_8);
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              if (request.number() == 1) {
                TestOrigin.ok(out, TEXT, "ETag: \"1\"");
              } else if (request.number() == 2) {
                TestOrigin.status(out, "304 Not Modified");
              } else {
                TestOrigin.ok(out, second, "ETag: \"2\"");
              }
            })) {
      for (int i = 1; i <= 3; i++) {
        bench.fetch(fetch(origin.uri("/x"), true, false, true));
        assertThat(bench.files()).containsExactly(entry("x", i < 3 ? "text" : "second"));
      }
      assertThat(origin.requests.get(1).header("If-None-Match")).contains("\"1\"");
    }
  }

  @Test
  void theSizeNeedNotBeKnownToBeCachedUnlikeInMesos() throws Exception {
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              if (request.number() == 1) {
                out.write(
                    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nETag: \"1\"\r\n\r\n"
                            + "4\r\ntext\r\n0\r\n\r\n")
                        .getBytes(UTF_8));
              } else {
                TestOrigin.status(out, "304 Not Modified");
              }
            })) {
      bench.fetch(fetch(origin.uri("/x"), true, false, true));
      bench.fetch(fetch(origin.uri("/x"), true, false, true));
    }
    assertThat(bench.files()).containsExactly(entry("x", "text"));
  }

  @Test
  void artifactsAreFetchedOneAfterTheOtherAndTheFirstFailureEndsIt() throws Exception {
    try (var origin =
        TestOrigin.byPath(path -> path.equals("/2") ? Optional.empty() : Optional.of(TEXT))) {
      bench.failureOf(
          Fetch.of(origin.uri("/1")), Fetch.of(origin.uri("/2")), Fetch.of(origin.uri("/3")));

      assertThat(origin.requests).extracting(TestOrigin.Request::path).containsExactly("/1", "/2");
    }
  }
}
