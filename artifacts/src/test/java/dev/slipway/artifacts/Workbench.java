package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/// A fetcher with a store, a cache and a sandbox in a directory of a test's own.
final class Workbench implements AutoCloseable {
  static final Patience IMPATIENT =
      new Patience(
          Duration.ofSeconds(2),
          Duration.ofMillis(800),
          128,
          Duration.ofSeconds(20),
          3,
          Duration.ofMillis(1),
          Duration.ofMillis(4));

  final Path directory;
  final Path sandbox;
  final ArtifactStore store;
  FetchPolicy policy = FetchPolicy.forOneMachine().withPatience(IMPATIENT);
  ArtifactLimits limits = ArtifactLimits.DEFAULT;
  HostLookup lookup = InetAddress::getAllByName;
  TlsSocketStrategy tls = DefaultClientTlsStrategy.createDefault();
  private final List<Fetcher> fetchers = new ArrayList<>();
  private Optional<Fetcher> fetcher = Optional.empty();

  Workbench(Path directory) throws IOException {
    this.directory = directory;
    sandbox = newSandbox("sandbox");
    store = ArtifactStore.open(directory.resolve("store"), ArtifactLimits.DEFAULT);
  }

  Path newSandbox(String name) throws IOException {
    return Files.createDirectories(directory.resolve("sandboxes").resolve(name));
  }

  Fetcher fetcher() throws IOException {
    if (fetcher.isEmpty()) {
      restart();
    }
    return fetcher.orElseThrow();
  }

  /// A new fetcher on the same directories, with the settings as they are now.
  void restart() throws IOException {
    close();
    var next =
        new Fetcher(
            Optional.of(store), directory.resolve("cache"), policy, limits, lookup, () -> tls);
    fetchers.add(next);
    fetcher = Optional.of(next);
  }

  void stored(String name, byte[] bytes) throws IOException {
    store.put(new ByteArrayInputStream(bytes), Optional.of(name), Long.MAX_VALUE);
  }

  void fetch(Fetch... artifacts) throws Exception {
    fetcher().fetch(List.of(artifacts), sandbox, "nobody");
  }

  /// Stores an archive and unpacks it into the sandbox, without keeping the archive itself.
  void unpack(String name, byte[] archive) throws Exception {
    stored(name, archive);
    fetch(cached("slipway://" + name));
  }

  /// The message of a fetch that must fail and leave nothing.
  String failureOf(Fetch... artifacts) throws IOException {
    SortedMap<String, String> before = files();
    fetcher();
    FetchFailure failure = catchThrowableOfType(FetchFailure.class, () -> fetch(artifacts));
    assertThat(failure).as("a failure to fetch").isNotNull();
    assertThat(files()).isEqualTo(before);
    assertNothingLeft();
    return String.valueOf(failure.getMessage());
  }

  String failureOfUnpacking(String name, byte[] archive) throws IOException {
    stored(name, archive);
    return failureOf(cached("slipway://" + name));
  }

  void assertNothingLeft() throws IOException {
    try (var siblings = Files.list(directory.resolve("sandboxes"))) {
      assertThat(siblings.filter(path -> path.getFileName().toString().startsWith("."))).isEmpty();
    }
    // A download that is given up is told at once; what it wrote goes when its thread has noticed.
    await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              try (var incoming = Files.list(directory.resolve("cache/incoming"))) {
                assertThat(incoming).isEmpty();
              }
            });
  }

  /// Every path below the sandbox with what is there: text, `dir`, or `-> target`.
  SortedMap<String, String> files() throws IOException {
    return filesOf(sandbox);
  }

  static SortedMap<String, String> filesOf(Path root) throws IOException {
    var found = new TreeMap<String, String>();
    try (var paths = Files.walk(root)) {
      for (Path path : paths.filter(path -> !path.equals(root)).toList()) {
        String shown;
        if (Files.isSymbolicLink(path)) {
          shown = "-> " + Files.readSymbolicLink(path);
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          shown = "dir";
        } else {
          shown =
              Files.size(path) > 1000
                  ? Files.size(path) + " bytes"
                  : new String(Files.readAllBytes(path), ISO_8859_1);
        }
        found.put(root.relativize(path).toString(), shown);
      }
    }
    return found;
  }

  String mode(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(sandbox.resolve(path)));
  }

  static Fetch cached(String uri) {
    return new Fetch(uri, true, false, true, Optional.empty(), Optional.empty());
  }

  static Fetch to(String uri, String destPath) {
    return new Fetch(uri, true, false, false, Optional.of(destPath), Optional.empty());
  }

  static Fetch withChecksum(Fetch fetch, String sha256) {
    return new Fetch(
        fetch.uri(),
        fetch.extract(),
        fetch.executable(),
        fetch.cache(),
        fetch.destPath(),
        Optional.of(sha256));
  }

  @Override
  public void close() throws IOException {
    for (Fetcher open : fetchers) {
      open.close();
    }
    fetchers.clear();
    fetcher = Optional.empty();
  }
}
