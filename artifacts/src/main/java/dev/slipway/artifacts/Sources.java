package dev.slipway.artifacts;

import static java.nio.file.StandardOpenOption.WRITE;

import dev.slipway.artifacts.ContentCache.Known;
import dev.slipway.artifacts.Flights.Cargo;
import dev.slipway.artifacts.Flights.Lease;
import dev.slipway.core.app.Fetch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the bytes of an artifact into a file that stays as it is: from the store, from this
/// machine's files, from the cache or from the web.
final class Sources implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private final Optional<ArtifactStore> store;
  private final FetchPolicy policy;
  private final ArtifactLimits limits;
  private final FirstUse<WebClient> client;
  private final ContentCache cache;
  private final DurableDirectory incoming;
  private final Flights flights;

  private Sources(
      Optional<ArtifactStore> store,
      Path directory,
      FetchPolicy policy,
      ArtifactLimits limits,
      Supplier<WebClient> client)
      throws IOException {
    this.store = store;
    this.policy = policy;
    this.limits = limits;
    this.client = new FirstUse<>(client);
    cache = ContentCache.open(directory, limits.cacheBytes());
    incoming = DurableDirectory.at(directory.resolve("incoming"));
    flights = new Flights(policy.patience());
  }

  /// @param client made with the first download: that takes 150 ms, which a platform that starts
  /// should
  ///     not spend on what it may never need
  /// @param directory for the cache and for downloads under way, of which those of an earlier run
  /// are removed
  static Sources open(
      Optional<ArtifactStore> store,
      Path directory,
      FetchPolicy policy,
      ArtifactLimits limits,
      Supplier<WebClient> client)
      throws IOException {
    var sources = new Sources(store, directory, policy, limits, client);
    sources.incoming.clear();
    return sources;
  }

  Lease bring(ArtifactAddress address, Fetch fetch, String user)
      throws IOException, InterruptedException {
    return switch (address) {
      case ArtifactAddress.Stored stored -> fromStore(stored);
      case ArtifactAddress.LocalFile file -> fromFile(file);
      case ArtifactAddress.Web web -> fromWeb(web, fetch, user);
    };
  }

  private Lease fromStore(ArtifactAddress.Stored stored) throws ArtifactProblem {
    ArtifactStore here =
        store.orElseThrow(
            () -> new ArtifactProblem("the platform's store cannot be read from here"));
    StoredArtifact artifact =
        here.resolve(stored.reference())
            .orElseThrow(
                () -> new ArtifactProblem("the store has no artifact of this name or checksum"));
    return new Kept(here.file(artifact.sha256()), artifact.sha256(), () -> {});
  }

  /// A copy, since others may write to the file while it is read, and its checksum must be that of
  /// what lands in the sandbox.
  private Lease fromFile(ArtifactAddress.LocalFile address) throws IOException {
    Path copy = incoming.newFile();
    try {
      var digest = Sha256.digest();
      long size = 0;
      byte[] buffer = new byte[BUFFER_BYTES];
      try (SeekableByteChannel from = openAllowed(address.path());
          FileChannel to = FileChannel.open(copy, WRITE)) {
        for (int read = from.read(ByteBuffer.wrap(buffer));
            read >= 0;
            read = from.read(ByteBuffer.wrap(buffer))) {
          size += read;
          if (size > limits.artifactBytes()) {
            throw new ArtifactProblem("it is larger than " + limits.artifactBytes() + " bytes");
          }
          digest.update(buffer, 0, read);
          ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
          while (bytes.hasRemaining()) {
            to.write(bytes);
          }
        }
      }
      return new Kept(copy, Sha256.hex(digest), () -> delete(copy));
    } catch (IOException | RuntimeException e) {
      delete(copy);
      throw e;
    }
  }

  private SeekableByteChannel openAllowed(Path path) throws IOException {
    if (policy.fileRoots().isEmpty()) {
      throw new ArtifactProblem("files of the platform's machine are not fetched here");
    }
    Path real;
    try {
      real = path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new ArtifactProblem("there is no such file");
    } catch (FileSystemException e) {
      throw new ArtifactProblem("the file cannot be read: " + e.getReason());
    }
    for (Path root : policy.fileRoots()) {
      Path realRoot = root.toRealPath();
      if (real.startsWith(realRoot) && !real.equals(realRoot)) {
        Path below = realRoot.relativize(real);
        // Walked without links now: what was resolved above is what is opened.
        try (OpenDirectory top = OpenDirectory.at(realRoot);
            OpenDirectory directory =
                top.descendant(
                    StreamSupport.stream(below.spliterator(), false)
                        .limit(below.getNameCount() - 1L)
                        .map(Path::toString)
                        .toList())) {
          return directory.read(below.getFileName().toString());
        }
      }
    }
    throw new ArtifactProblem("the file is in none of the directories that files are fetched from");
  }

  private Lease fromWeb(ArtifactAddress.Web web, Fetch fetch, String user)
      throws IOException, InterruptedException {
    String address = remembered(web, fetch);
    if (fetch.cache() && fetch.checksum().isPresent()) {
      Optional<Known> known = cache.find(user, address);
      if (known.isPresent()) {
        String sha256 = known.get().sha256();
        if (sha256.equalsIgnoreCase(fetch.checksum().get())) {
          // The user said which bytes it shall be, so nobody needs to be asked.
          return new Kept(cache.file(sha256), sha256, () -> cache.release(sha256));
        }
        cache.release(sha256);
      }
    }
    return flights.join(
        new FlightKey(user, address, fetch.cache()),
        deadline -> fetch.cache() ? cached(web, user, address, deadline) : fresh(web, deadline));
  }

  /// By what the cache knows an address. A link to the platform's store is another one each time,
  /// what it leads to is not.
  private String remembered(ArtifactAddress.Web web, Fetch fetch) {
    return policy.isPlatform(web.uri()) && fetch.checksum().isPresent()
        ? "slipway://" + fetch.checksum().get()
        : fetch.uri().strip();
  }

  private record FlightKey(String user, String address, boolean cached) {
    @Override
    public String toString() {
      return "FlightKey[...]";
    }
  }

  private Cargo fresh(ArtifactAddress.Web web, long deadline)
      throws IOException, InterruptedException {
    Path file = incoming.newFile();
    boolean done = false;
    try {
      var download = download(web, Validators.NONE, deadline);
      if (!(download.into(file) instanceof Download.Outcome.Complete complete)) {
        throw new ArtifactProblem("the server sent nothing");
      }
      done = true;
      return new Cargo(file, complete.sha256(), () -> delete(file));
    } finally {
      if (!done) {
        delete(file);
      }
    }
  }

  private Cargo cached(ArtifactAddress.Web web, String user, String address, long deadline)
      throws IOException, InterruptedException {
    Optional<Known> known = cache.find(user, address);
    Path file = incoming.newFile();
    try {
      var download = download(web, known.map(Known::validators).orElse(Validators.NONE), deadline);
      return switch (download.into(file)) {
        case Download.Outcome.Unchanged() -> held(known.orElseThrow().sha256());
        case Download.Outcome.Complete complete -> {
          cache.add(user, address, file, new Known(complete.sha256(), complete.validators()));
          known.ifPresent(old -> cache.release(old.sha256()));
          known = Optional.empty();
          yield held(complete.sha256());
        }
      };
    } catch (IOException | InterruptedException | RuntimeException e) {
      known.ifPresent(old -> cache.release(old.sha256()));
      throw e;
    } finally {
      delete(file);
    }
  }

  private Cargo held(String sha256) {
    return new Cargo(cache.file(sha256), sha256, () -> cache.release(sha256));
  }

  private Download download(ArtifactAddress.Web web, Validators known, long deadline) {
    return new Download(
        client.get(), policy.patience(), web, known, limits.artifactBytes(), deadline);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It is removed at the next start.
      LOG.warn("artifact.leftover file={} reason={}", file, e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    flights.close();
    Optional<WebClient> used = client.ifUsed();
    if (used.isPresent()) {
      used.get().close();
    }
  }

  /// A file that one fetch holds alone.
  private static final class Kept implements Lease {
    private final Path file;
    private final String sha256;
    private final Runnable release;
    private boolean closed;

    Kept(Path file, String sha256, Runnable release) {
      this.file = file;
      this.sha256 = sha256;
      this.release = release;
    }

    @Override
    public Path file() {
      return file;
    }

    @Override
    public String sha256() {
      return sha256;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release.run();
      }
    }
  }
}
