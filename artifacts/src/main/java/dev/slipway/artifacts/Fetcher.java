package dev.slipway.artifacts;

import dev.slipway.artifacts.Flights.Lease;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches artifacts into sandboxes, as Mesos's fetcher does, and safely.
///
/// Everything is put together in a directory beside the sandbox (`.NAME.fetch`, for a sandbox
/// called NAME) and moved in when all of it is complete and allowed. A fetch that fails, or is
/// interrupted, leaves the sandbox as it was; what a crash leaves is removed by the next fetch into
/// the same sandbox.
///
/// Any thread may call; each call works in the caller's thread, downloads in virtual threads of
/// their own.
public final class Fetcher implements ArtifactFetcher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
  private static final int EXECUTABLE_MODE = 0755;
  private static final int PLAIN_MODE = 0644;

  private final Sources sources;
  private final ArtifactLimits limits;
  private final Set<Path> sandboxesInWork = ConcurrentHashMap.newKeySet();

  /// @param store answers `slipway` addresses
  /// @param cacheDirectory ours alone; made when missing, and cleaned of what a crash left behind
  public Fetcher(
      ArtifactStore store, Path cacheDirectory, FetchPolicy policy, ArtifactLimits limits)
      throws IOException {
    this(
        Optional.of(store),
        cacheDirectory,
        policy,
        limits,
        InetAddress::getAllByName,
        DefaultClientTlsStrategy::createSystemDefault);
  }

  /// A fetcher on a machine that does not have the platform's store.
  public static Fetcher withoutStore(Path cacheDirectory, FetchPolicy policy, ArtifactLimits limits)
      throws IOException {
    return new Fetcher(
        Optional.empty(),
        cacheDirectory,
        policy,
        limits,
        InetAddress::getAllByName,
        DefaultClientTlsStrategy::createSystemDefault);
  }

  Fetcher(
      Optional<ArtifactStore> store,
      Path cacheDirectory,
      FetchPolicy policy,
      ArtifactLimits limits,
      HostLookup lookup,
      Supplier<TlsSocketStrategy> tls)
      throws IOException {
    this.limits = limits;
    sources =
        Sources.open(
            store, cacheDirectory, policy, limits, () -> new WebClient(policy, lookup, tls.get()));
  }

  @Override
  public void fetch(List<Fetch> artifacts, Path sandbox, String user)
      throws FetchFailure, InterruptedException {
    if (artifacts.isEmpty()) {
      return;
    }
    if (artifacts.size() > limits.artifactsPerTask()) {
      throw new FetchFailure(
          "a task may fetch "
              + limits.artifactsPerTask()
              + " artifacts at most, not "
              + artifacts.size());
    }
    Path target = sandbox.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FetchFailure("the sandbox " + target + " is not a directory");
    }
    if (!sandboxesInWork.add(target)) {
      throw new FetchFailure("artifacts are already being fetched into " + target);
    }
    try {
      fetchAll(artifacts, parent, target, user);
    } finally {
      sandboxesInWork.remove(target);
    }
  }

  private void fetchAll(List<Fetch> artifacts, Path parent, Path sandbox, String user)
      throws FetchFailure, InterruptedException {
    String beside = "." + sandbox.getFileName() + ".fetch";
    try (StagingTree tree = StagingTree.create(parent, beside)) {
      for (Fetch artifact : artifacts) {
        fetchOne(artifact, tree, user);
      }
      tree.complete();
      SandboxEntry.move(tree, sandbox);
    } catch (IOException e) {
      throw failure(
          "the sandbox could not be filled", e, message -> withoutSecrets(message, artifacts));
    }
  }

  /// The move knows names only, and an artifact's query may be part of its name.
  private static String withoutSecrets(String message, List<Fetch> artifacts) {
    String shown = message;
    for (Fetch artifact : artifacts) {
      try {
        shown = ArtifactAddress.parse(artifact.uri()).withoutSecrets(shown);
      } catch (ArtifactProblem impossible) {
        return "a file of an artifact conflicts with what is there";
      }
    }
    return shown;
  }

  private void fetchOne(Fetch artifact, StagingTree tree, String user)
      throws FetchFailure, InterruptedException {
    long start = System.nanoTime();
    ArtifactAddress address;
    try {
      address = ArtifactAddress.parse(artifact.uri());
    } catch (ArtifactProblem e) {
      throw new FetchFailure("could not fetch an artifact: " + e.getMessage());
    }
    try {
      Landing landing = landingOf(artifact, address);
      try (Lease lease = sources.bring(address, artifact, user)) {
        long size = Files.size(lease.file());
        check(artifact, lease);
        land(landing, lease.file(), tree);
        LOG.info(
            "artifact.fetched address={} bytes={} sha256={} ms={} unpacked={}",
            address.shown(),
            size,
            lease.sha256(),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
            landing.archive.isPresent());
      }
    } catch (IOException e) {
      throw failure("could not fetch " + address.shown(), e, address::withoutSecrets);
    }
  }

  /// A message for the user, whose cause is told only where it cannot hold an address.
  private static FetchFailure failure(String what, IOException e, UnaryOperator<String> cleaned)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (e instanceof ArtifactProblem problem) {
      return new FetchFailure(what + ": " + cleaned.apply(String.valueOf(problem.getMessage())));
    }
    return new FetchFailure(what + ": " + cleaned.apply(e.toString()));
  }

  /// What becomes of an artifact's bytes.
  ///
  /// @param archive what is unpacked
  /// @param kept whether the file itself lands too
  private record Landing(SandboxPath target, Optional<Archive> archive, boolean kept, int mode) {
    private record Archive(ArchiveFormat format, String name) {
      static Optional<Archive> of(String name) {
        return ArchiveFormat.ofName(name).map(format -> new Archive(format, name));
      }
    }
  }

  /// As in Mesos: the file's name tells whether it is an archive, and an archive stays beside its
  /// content unless it comes from the cache. Beyond Mesos, where it stays packed: an archive whose
  /// address has a query is one too. It always stays, as whoever relies on Mesos expects.
  private Landing landingOf(Fetch artifact, ArtifactAddress address) throws ArtifactProblem {
    SandboxPath target = targetOf(artifact, address);
    int mode = artifact.executable() ? EXECUTABLE_MODE : PLAIN_MODE;
    if (!artifact.extract() || artifact.executable()) {
      return new Landing(target, Optional.empty(), true, mode);
    }
    Optional<Landing.Archive> archive = Landing.Archive.of(target.name());
    if (archive.isPresent()) {
      return new Landing(target, archive, !artifact.cache(), mode);
    }
    Optional<Landing.Archive> behindQuery =
        artifact.destPath().isPresent()
            ? Optional.empty()
            : Landing.Archive.of(address.nameWithoutQuery());
    return new Landing(target, behindQuery, true, mode);
  }

  private SandboxPath targetOf(Fetch artifact, ArtifactAddress address) throws ArtifactProblem {
    if (artifact.destPath().isPresent()) {
      return SandboxPath.parse(artifact.destPath().get(), limits.extraction());
    }
    if (address.lastPart().isEmpty() || address.lastPart().indexOf('/') >= 0) {
      throw new ArtifactProblem("its address does not end with a file name; set destPath");
    }
    return SandboxPath.parse(address.lastPart(), limits.extraction());
  }

  private static void check(Fetch artifact, Lease lease) throws ArtifactProblem {
    Optional<String> wanted = artifact.checksum().map(sum -> sum.toLowerCase(Locale.ROOT));
    if (wanted.isPresent() && !wanted.get().equals(lease.sha256())) {
      throw new ArtifactProblem(
          "its SHA-256 is " + lease.sha256() + ", not " + SandboxPath.quoted(wanted.get()));
    }
  }

  /// As in Mesos: an archive is unpacked into the sandbox itself, wherever destPath puts the
  /// archive.
  private void land(Landing landing, Path file, StagingTree tree) throws IOException {
    if (landing.kept) {
      try (InputStream bytes = Files.newInputStream(file)) {
        tree.file(landing.target, bytes, landing.mode, Optional.empty());
      }
    }
    if (landing.archive.isPresent()) {
      var archive = landing.archive.get();
      Unpacking.unpack(archive.format(), file, archive.name(), tree, limits.extraction());
    }
  }

  /// Stops the downloads under way, whose tasks then fail to fetch. Idempotent; takes 5 s at most.
  @Override
  public void close() throws IOException {
    sources.close();
  }
}
