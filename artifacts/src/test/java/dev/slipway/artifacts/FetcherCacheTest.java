package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FetcherCacheTest {
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

  /// Serves a body with an ETag, and answers 304 to who has it.
  private static TestOrigin revalidating(ConcurrentHashMap<String, String> bodies)
      throws IOException {
    return new TestOrigin(
        (request, out) -> {
          String body = bodies.get(request.path());
          String tag = "\"" + String.valueOf(body).hashCode() + "\"";
          if (body == null) {
            TestOrigin.status(out, "404 Not Found");
          } else if (request.header("If-None-Match").equals(Optional.of(tag))) {
            TestOrigin.status(out, "304 Not Modified", "ETag: " + tag);
          } else {
            TestOrigin.ok(out, body.getBytes(UTF_8), "ETag: " + tag);
          }
        });
  }

  private List<Path> cachedContent() throws IOException {
    try (var files = Files.list(directory.resolve("cache/content"))) {
      return files.toList();
    }
  }

  private String fetchedBy(String user, String uri) throws Exception {
    Path sandbox = bench.newSandbox("of-" + user + "-" + System.nanoTime());
    bench.fetcher().fetch(List.of(Workbench.cached(uri)), sandbox, user);
    return Workbench.filesOf(sandbox).values().iterator().next();
  }

  @Test
  void aCopyIsUsedAgainWhileTheServerSaysThatItIsTheSame() throws Exception {
    var bodies = new ConcurrentHashMap<String, String>();
    bodies.put("/x", "one");
    try (var origin = revalidating(bodies)) {
      assertThat(fetchedBy("a", origin.uri("/x"))).isEqualTo("one");
      assertThat(fetchedBy("a", origin.uri("/x"))).isEqualTo("one");
      assertThat(origin.requests.get(0).header("If-None-Match")).isEmpty();
      assertThat(origin.requests.get(1).header("If-None-Match")).isPresent();

      bodies.put("/x", "two");

      assertThat(fetchedBy("a", origin.uri("/x"))).isEqualTo("two");
      assertThat(origin.requests).hasSize(3);
      assertThat(cachedContent()).hasSize(2);
    }
  }

  @Test
  void theCacheOutlivesARestart() throws Exception {
    var bodies = new ConcurrentHashMap<String, String>();
    bodies.put("/x", "one");
    try (var origin = revalidating(bodies)) {
      fetchedBy("a", origin.uri("/x"));
      bench.restart();
      fetchedBy("a", origin.uri("/x"));

      assertThat(origin.requests.get(1).header("If-None-Match")).isPresent();
    }
  }

  @Test
  void aModificationTimeServesWhereThereIsNoTag() throws Exception {
    String time = "Last-Modified: Tue, 01 Sep 2026 10:00:00 GMT";
    try (var origin =
        new TestOrigin(
            (request, out) -> {
              if (request.header("If-Modified-Since").isPresent()) {
                TestOrigin.status(out, "304 Not Modified");
              } else {
                TestOrigin.ok(out, "one".getBytes(UTF_8), time);
              }
            })) {
      fetchedBy("a", origin.uri("/x"));
      assertThat(fetchedBy("a", origin.uri("/x"))).isEqualTo("one");
      assertThat(origin.requests.get(1).header("If-Modified-Since"))
          .contains(time.substring("Last-Modified: ".length()));
    }
  }

  @Test
  void withoutValidatorsItIsLoadedAgain() throws Exception {
    try (var origin = TestOrigin.serving("one".getBytes(UTF_8))) {
      fetchedBy("a", origin.uri("/x"));
      assertThat(fetchedBy("a", origin.uri("/x"))).isEqualTo("one");

      assertThat(origin.requests).hasSize(2);
      assertThat(cachedContent()).hasSize(1);
    }
  }

  @Test
  void usersDoNotShareWhatAnAddressGave() throws Exception {
    var bodies = new ConcurrentHashMap<String, String>();
    bodies.put("/x", "one");
    try (var origin = revalidating(bodies)) {
      fetchedBy("a", origin.uri("/x"));
      fetchedBy("b", origin.uri("/x"));

      assertThat(origin.requests.get(1).header("If-None-Match")).isEmpty();
      // The content is kept once all the same.
      assertThat(cachedContent()).hasSize(1);
    }
  }

  @Test
  void anOriginThatIsGoneFailsTheFetchUnlessTheChecksumSaysWhatIsWanted() throws Exception {
    var bodies = new ConcurrentHashMap<String, String>();
    bodies.put("/x", "abc");
    String sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    var origin = revalidating(bodies);
    String uri = origin.uri("/x");
    fetchedBy("a", uri);
    origin.close();
    bench.fetcher();

    var fetch = Workbench.cached(uri);
    assertThat(bench.failureOf(fetch)).contains("could not fetch");
    assertThat(bench.failureOf(Workbench.withChecksum(fetch, "0".repeat(64))))
        .contains("the connection was refused");
    bench.fetcher().fetch(List.of(Workbench.withChecksum(fetch, sha256)), bench.sandbox, "a");

    assertThat(bench.files()).containsExactly(entry("x", "abc"));
  }

  @Test
  void theLeastRecentlyUsedGoesFirst() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withCacheBytes(25);
    var bodies = new ConcurrentHashMap<String, String>();
    for (String name : List.of("a", "b", "c", "d")) {
      bodies.put("/" + name, name.repeat(10));
    }
    try (var origin = revalidating(bodies)) {
      fetchedBy("u", origin.uri("/a"));
      fetchedBy("u", origin.uri("/b"));
      // Used again, so that b is now the one to go.
      fetchedBy("u", origin.uri("/a"));
      fetchedBy("u", origin.uri("/c"));
      assertThat(cachedContent()).hasSize(2);
      origin.requests.clear();

      fetchedBy("u", origin.uri("/a"));
      fetchedBy("u", origin.uri("/b"));

      assertThat(origin.requests.get(0).header("If-None-Match")).isPresent();
      assertThat(origin.requests.get(1).header("If-None-Match")).isEmpty();
      assertThat(cachedContent()).hasSize(2);
    }
  }

  @Test
  void whatIsLargerThanTheCacheIsUsedAndNotKept() throws Exception {
    bench.limits = ArtifactLimits.DEFAULT.withCacheBytes(5);
    try (var origin = TestOrigin.serving("0123456789".getBytes(UTF_8))) {
      assertThat(fetchedBy("u", origin.uri("/x"))).isEqualTo("0123456789");
      assertThat(cachedContent()).isEmpty();
    }
  }

  @Test
  void whatIsInUseIsNotEvicted() throws Exception {
    var cache = ContentCache.open(directory.resolve("alone"), 10);
    var first = addTo(cache, "1", "first-ten!");
    var second = addTo(cache, "2", "second-ten");

    assertThat(cache.file(first)).exists();
    assertThat(cache.file(second)).exists();

    cache.release(first);

    assertThat(cache.file(first)).doesNotExist();
    assertThat(cache.file(second)).exists();
    assertThat(cache.find("u", "1")).isEmpty();
    assertThat(cache.find("u", "2")).isPresent();
  }

  private String addTo(ContentCache cache, String address, String text) throws IOException {
    Path file = Files.writeString(directory.resolve("download"), text);
    var digest = Sha256.digest();
    digest.update(text.getBytes(UTF_8));
    String sha256 = Sha256.hex(digest);
    cache.add("u", address, file, new ContentCache.Known(sha256, Validators.NONE));
    return sha256;
  }

  @Test
  void leftoversAndADamagedIndexAreNoHindrance() throws Exception {
    var bodies = new ConcurrentHashMap<String, String>();
    bodies.put("/x", "one");
    try (var origin = revalidating(bodies)) {
      fetchedBy("a", origin.uri("/x"));
      bench.close();
      Files.writeString(directory.resolve("cache/incoming/incoming-1"), "half");
      Files.writeString(directory.resolve("cache/content/incoming-2"), "half");
      Files.write(directory.resolve("cache/index/ab"), new byte[] {0, -1, -2, 10, 32});
      try (var index = Files.list(directory.resolve("cache/index"))) {
        for (Path file : index.toList()) {
          Files.write(file, new byte[] {-1, -2});
        }
      }

      bench.restart();

      assertThat(fetchedBy("a", origin.uri("/x"))).isEqualTo("one");
      bench.assertNothingLeft();
      assertThat(cachedContent()).hasSize(1);
    }
  }

  @Test
  void neitherAddressNorUserIsWrittenDown() throws Exception {
    try (var origin = TestOrigin.serving("one".getBytes(UTF_8))) {
      fetchedBy("joe", "http://joe:hunter2@127.0.0.1:" + origin.port() + "/x?sig=hunter3");
    }
    try (var files = Files.walk(directory.resolve("cache"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file.toString() + new String(Files.readAllBytes(file), UTF_8))
            .doesNotContain("hunter")
            .doesNotContain("joe");
      }
    }
  }
}
