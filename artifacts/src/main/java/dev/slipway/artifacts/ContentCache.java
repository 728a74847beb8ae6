package dev.slipway.artifacts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Downloads kept for the next time. Content is kept once, under its SHA-256; an index tells which
/// content an address gave to a user, and by which validators the server recognises it.
///
/// The least recently used content goes when all together exceed the limit, never one in use: a
/// content is held from the moment it is found or added until it is released. Use is remembered by
/// the file's time of modification, so the order survives a restart.
///
/// On disk: `content/SHA256`; `index/KEY`, where KEY is a digest of user and address (which may
/// hold a password) and the file has lines `sha256 ...`, `etag ...`, `last-modified ...`. The index
/// can be deleted at any time; what cannot be read of it is ignored.
///
/// Any thread may call; all state is under one lock, under which no network is waited for.
final class ContentCache {
  /// Addresses remembered; signed ones differ each time and would fill the disk with index files.
  static final int INDEX_ENTRIES = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(ContentCache.class);
  private static final int INDEX_FILE_BYTES = 4096;

  /// A version of what an address gave.
  record Known(String sha256, Validators validators) {}

  private final long limit;
  private final DurableDirectory content;
  private final DurableDirectory index;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock; the first two from the least to the most recently used:
  private final LinkedHashMap<String, Long> sizes = new LinkedHashMap<>(16, 0.75f, true);
  private final LinkedHashMap<String, Known> known = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Integer> holders = new HashMap<>();
  private long bytes;

  private ContentCache(Path directory, long limit) throws IOException {
    this.limit = limit;
    content = DurableDirectory.at(directory.resolve("content"));
    index = DurableDirectory.at(directory.resolve("index"));
  }

  static ContentCache open(Path directory, long limit) throws IOException {
    var cache = new ContentCache(directory, limit);
    cache.load();
    return cache;
  }

  private void load() throws IOException {
    for (Path file : oldestFirst(content.files())) {
      String sha256 = file.getFileName().toString();
      if (StoredArtifact.isSha256(sha256)) {
        sizes.put(sha256, Files.size(file));
        bytes += Files.size(file);
      } else {
        Files.deleteIfExists(file);
      }
    }
    for (Path file : oldestFirst(index.files())) {
      Optional<Known> entry = read(file).filter(read -> sizes.containsKey(read.sha256()));
      if (entry.isPresent()) {
        known.put(file.getFileName().toString(), entry.get());
      } else {
        Files.deleteIfExists(file);
      }
    }
    shrink();
  }

  private static List<Path> oldestFirst(List<Path> files) throws IOException {
    var times = new HashMap<Path, FileTime>();
    for (Path file : files) {
      times.put(file, Files.getLastModifiedTime(file));
    }
    return times.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// What an address gave to a user the last time, if its content is still here; it is then held.
  Optional<Known> find(String user, String address) {
    lock.lock();
    try {
      Known found = known.get(key(user, address));
      if (found == null || !sizes.containsKey(found.sha256())) {
        return Optional.empty();
      }
      hold(found.sha256());
      return Optional.of(found);
    } finally {
      lock.unlock();
    }
  }

  /// Takes a finished download out of its file, remembers where it came from, and holds it.
  void add(String user, String address, Path download, Known entry) throws IOException {
    long size = Files.size(download);
    // Here first, since under the lock it would hold up all others.
    DurableDirectory.force(download);
    lock.lock();
    try {
      if (!sizes.containsKey(entry.sha256())) {
        content.take(download, entry.sha256());
        sizes.put(entry.sha256(), size);
        bytes += size;
      }
      hold(entry.sha256());
      String key = key(user, address);
      index.write(key, written(entry));
      known.put(key, entry);
      shrink();
    } finally {
      lock.unlock();
    }
  }

  void release(String sha256) {
    lock.lock();
    try {
      holders.computeIfPresent(sha256, (same, count) -> count == 1 ? null : count - 1);
      shrink();
    } finally {
      lock.unlock();
    }
  }

  /// Where a held content lies.
  Path file(String sha256) {
    return content.file(sha256);
  }

  /// Marks a content as in use, and as the most recently used.
  private void hold(String sha256) {
    sizes.get(sha256);
    holders.merge(sha256, 1, Integer::sum);
    try {
      Files.setLastModifiedTime(content.file(sha256), FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Only the order after a restart hangs on it.
      LOG.debug("artifact.cache.touch sha256={}", sha256);
    }
  }

  private void shrink() {
    for (String sha256 : List.copyOf(sizes.keySet())) {
      if (bytes <= limit) {
        break;
      }
      if (!holders.containsKey(sha256)) {
        evict(sha256);
      }
    }
    while (known.size() > INDEX_ENTRIES) {
      forget(known.firstEntry().getKey());
    }
  }

  private void evict(String sha256) {
    for (String key : keysOf(sha256)) {
      forget(key);
    }
    try {
      content.remove(sha256);
      Long size = sizes.remove(sha256);
      bytes -= size == null ? 0 : size;
      LOG.info("artifact.cache.evicted sha256={} bytes={}", sha256, size);
    } catch (IOException e) {
      LOG.warn("artifact.cache.evict.failed sha256={} reason={}", sha256, e.getMessage());
    }
  }

  private List<String> keysOf(String sha256) {
    var keys = new ArrayList<String>();
    known.forEach(
        (key, entry) -> {
          if (entry.sha256().equals(sha256)) {
            keys.add(key);
          }
        });
    return keys;
  }

  private void forget(String key) {
    known.remove(key);
    try {
      index.remove(key);
    } catch (IOException e) {
      LOG.warn("artifact.cache.forget.failed key={} reason={}", key, e.getMessage());
    }
  }

  private static String key(String user, String address) {
    var digest = Sha256.digest();
    digest.update(user.getBytes(StandardCharsets.UTF_8));
    // In neither of the two.
    digest.update((byte) 0);
    digest.update(address.getBytes(StandardCharsets.UTF_8));
    return Sha256.hex(digest);
  }

  private static String written(Known entry) {
    var text = new StringBuilder("sha256 ").append(entry.sha256()).append('\n');
    entry.validators().etag().ifPresent(tag -> text.append("etag ").append(tag).append('\n'));
    entry
        .validators()
        .lastModified()
        .ifPresent(time -> text.append("last-modified ").append(time).append('\n'));
    return text.toString();
  }

  private static Optional<Known> read(Path file) throws IOException {
    if (Files.size(file) > INDEX_FILE_BYTES) {
      return Optional.empty();
    }
    var fields = new HashMap<String, String>();
    for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
      int space = line.indexOf(' ');
      if (space > 0) {
        fields.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return Optional.ofNullable(fields.get("sha256"))
        .filter(StoredArtifact::isSha256)
        .map(
            sha256 ->
                new Known(
                    sha256,
                    new Validators(
                        Optional.ofNullable(fields.get("etag")),
                        Optional.ofNullable(fields.get("last-modified")))));
  }
}
