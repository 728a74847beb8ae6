package dev.slipway.artifacts;

import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The platform's own artifacts, addressed by content. An artifact is kept under the SHA-256 of its
/// bytes and never changes; a name points to one artifact at a time and is moved by putting it
/// again. An artifact that lost its name stays until it is removed, since an app may ask for it by
/// its checksum.
///
/// On disk: `blobs/SHA256` the bytes, `names/NAME` the checksum that the name points to, `incoming`
/// uploads under way (emptied at start). A put that returned survives a power cut; one that failed
/// leaves nothing.
///
/// Any thread may call; uploads run side by side (at most [#UPLOADS]), and only changes of names
/// are under a lock. One process at a time: the directory is the platform's.
public final class ArtifactStore {
  public static final int UPLOADS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(ArtifactStore.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private final ArtifactLimits limits;
  private final DurableDirectory blobs;
  private final DurableDirectory names;
  private final DurableDirectory incoming;
  private final Semaphore uploads = new Semaphore(UPLOADS);
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock:
  private final TreeMap<String, Long> sizes = new TreeMap<>();
  private final TreeMap<String, String> shaByName = new TreeMap<>();
  private long storedBytes;
  private long incomingBytes;

  private ArtifactStore(Path directory, ArtifactLimits limits) throws IOException {
    this.limits = limits;
    blobs = DurableDirectory.at(directory.resolve("blobs"));
    names = DurableDirectory.at(directory.resolve("names"));
    incoming = DurableDirectory.at(directory.resolve("incoming"));
  }

  /// Opens the store in `directory`, made when missing, and removes what a crash left behind.
  public static ArtifactStore open(Path directory, ArtifactLimits limits) throws IOException {
    var store = new ArtifactStore(directory, limits);
    store.incoming.clear();
    store.load();
    return store;
  }

  private void load() throws IOException {
    for (Path blob : blobs.files()) {
      String sha256 = blob.getFileName().toString();
      if (StoredArtifact.isSha256(sha256)) {
        sizes.put(sha256, Files.size(blob));
        storedBytes += sizes.get(sha256);
      }
    }
    for (Path file : names.files()) {
      String name = file.getFileName().toString();
      String sha256 = Files.size(file) > 100 ? "" : Files.readString(file).strip();
      if (!StoredArtifact.isName(name)) {
        Files.deleteIfExists(file);
      } else if (sizes.containsKey(sha256)) {
        shaByName.put(name, sha256);
      } else {
        LOG.warn("artifact.name.dangling name={} file={}", name, file);
      }
    }
  }

  /// Takes an artifact from a stream, which the caller closes.
  ///
  /// @param name what it shall be called from now on; `Optional.empty()` for its checksum alone
  /// @param limit in bytes; the store's own limit for one artifact holds as well
  /// @throws ArtifactRefused when it is too large, the store is full, or the name is none
  /// @throws IOException when the stream breaks or the disk fails
  public StoredArtifact put(InputStream bytes, Optional<String> name, long limit)
      throws IOException {
    if (name.isPresent()
        && (!StoredArtifact.isName(name.get()) || StoredArtifact.isSha256(name.get()))) {
      throw new ArtifactRefused(
          ArtifactRefused.Reason.NAME,
          "an artifact's name has at most 128 letters, digits, '.', '_' and '-', and starts with"
              + " none of the last two");
    }
    if (!uploads.tryAcquire()) {
      throw new ArtifactRefused(
          ArtifactRefused.Reason.BUSY, UPLOADS + " uploads are under way; try again");
    }
    Upload upload = new Upload(incoming.newFile());
    try {
      upload.receive(bytes, Math.min(limit, limits.artifactBytes()));
      return keep(upload, name);
    } finally {
      upload.end();
      uploads.release();
    }
  }

  private StoredArtifact keep(Upload upload, Optional<String> name) throws IOException {
    lock.lock();
    try {
      if (!sizes.containsKey(upload.sha256)) {
        blobs.take(upload.file, upload.sha256);
        sizes.put(upload.sha256, upload.size);
        storedBytes += upload.size;
      }
      if (name.isPresent()) {
        names.write(name.get(), upload.sha256 + "\n");
        shaByName.put(name.get(), upload.sha256);
      }
      LOG.info(
          "artifact.stored sha256={} bytes={} name={}",
          upload.sha256,
          upload.size,
          name.orElse("-"));
      return new StoredArtifact(upload.sha256, upload.size, name);
    } finally {
      lock.unlock();
    }
  }

  /// The artifact that a name or a checksum points to now.
  public Optional<StoredArtifact> resolve(String nameOrSha256) {
    lock.lock();
    try {
      String named = shaByName.get(nameOrSha256);
      String sha256 = named == null ? nameOrSha256 : named;
      return Optional.ofNullable(sizes.get(sha256))
          .map(size -> new StoredArtifact(sha256, size, nameOf(nameOrSha256, sha256)));
    } finally {
      lock.unlock();
    }
  }

  private Optional<String> nameOf(String asked, String sha256) {
    if (shaByName.containsKey(asked)) {
      return Optional.of(asked);
    }
    return shaByName.entrySet().stream()
        .filter(entry -> entry.getValue().equals(sha256))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// All artifacts: one entry for each name, in their order, then those without one.
  public List<StoredArtifact> list() {
    lock.lock();
    try {
      var artifacts = new ArrayList<StoredArtifact>();
      shaByName.forEach(
          (name, sha256) ->
              artifacts.add(
                  new StoredArtifact(sha256, sizes.getOrDefault(sha256, 0L), Optional.of(name))));
      var named = Set.copyOf(shaByName.values());
      sizes.forEach(
          (sha256, size) -> {
            if (!named.contains(sha256)) {
              artifacts.add(new StoredArtifact(sha256, size, Optional.empty()));
            }
          });
      return artifacts;
    } finally {
      lock.unlock();
    }
  }

  /// The bytes of an artifact; nothing when there is none of this name or checksum. What is being
  /// read stays readable while the artifact is replaced or removed.
  public Optional<InputStream> open(String nameOrSha256) throws IOException {
    Optional<StoredArtifact> artifact = resolve(nameOrSha256);
    return artifact.isEmpty()
        ? Optional.empty()
        : Optional.of(Files.newInputStream(file(artifact.get().sha256())));
  }

  /// Removes a name, and the artifact if it has no other; or, by checksum, the artifact and all its
  /// names.
  ///
  /// @return whether there was something to remove
  public boolean remove(String nameOrSha256) throws IOException {
    lock.lock();
    try {
      String sha256 = shaByName.get(nameOrSha256);
      if (sha256 != null) {
        unname(nameOrSha256);
        if (!shaByName.containsValue(sha256)) {
          removeBlob(sha256);
        }
        return true;
      }
      if (!sizes.containsKey(nameOrSha256)) {
        return false;
      }
      for (String name : namesOf(nameOrSha256)) {
        unname(name);
      }
      removeBlob(nameOrSha256);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private List<String> namesOf(String sha256) {
    return shaByName.entrySet().stream()
        .filter(entry -> entry.getValue().equals(sha256))
        .map(Map.Entry::getKey)
        .toList();
  }

  private void unname(String name) throws IOException {
    names.remove(name);
    shaByName.remove(name);
    LOG.info("artifact.unnamed name={}", name);
  }

  private void removeBlob(String sha256) throws IOException {
    blobs.remove(sha256);
    Long size = sizes.remove(sha256);
    storedBytes -= size == null ? 0 : size;
    LOG.info("artifact.removed sha256={}", sha256);
  }

  /// Where an artifact's bytes lie. Others read them, nobody writes them.
  Path file(String sha256) {
    return blobs.file(sha256);
  }

  /// The bytes of all artifacts together.
  public long storedBytes() {
    lock.lock();
    try {
      return storedBytes;
    } finally {
      lock.unlock();
    }
  }

  /// Claims room for bytes that are about to be written.
  private void reserve(int bytes) throws ArtifactRefused {
    lock.lock();
    try {
      if (storedBytes + incomingBytes + bytes > limits.storeBytes()) {
        throw new ArtifactRefused(
            ArtifactRefused.Reason.STORE_FULL,
            "the store is full: it holds "
                + storedBytes
                + " of at most "
                + limits.storeBytes()
                + " bytes; remove artifacts that no app needs");
      }
      incomingBytes += bytes;
    } finally {
      lock.unlock();
    }
  }

  private void unreserve(long bytes) {
    lock.lock();
    try {
      incomingBytes -= bytes;
    } finally {
      lock.unlock();
    }
  }

  /// One upload on its way into the store.
  private final class Upload {
    private final Path file;
    private long size;
    private String sha256 = "";

    Upload(Path file) {
      this.file = file;
    }

    void receive(InputStream bytes, long limit) throws IOException {
      var digest = Sha256.digest();
      byte[] buffer = new byte[BUFFER_BYTES];
      try (var channel = FileChannel.open(file, WRITE)) {
        for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
          if (size + read > limit) {
            throw new ArtifactRefused(
                ArtifactRefused.Reason.TOO_LARGE,
                "the artifact is larger than " + limit + " bytes");
          }
          reserve(read);
          size += read;
          digest.update(buffer, 0, read);
          ByteBuffer unwritten = ByteBuffer.wrap(buffer, 0, read);
          while (unwritten.hasRemaining()) {
            channel.write(unwritten);
          }
        }
        // Here, so that the slow part of making it durable is not done under the lock.
        channel.force(true);
      }
      sha256 = Sha256.hex(digest);
    }

    /// Gives back the reservation, and removes the file if the store has not taken it.
    void end() throws IOException {
      unreserve(size);
      Files.deleteIfExists(file);
    }
  }
}
