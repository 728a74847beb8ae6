package dev.slipway.engine.local;

import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.StoredVolume;
import dev.slipway.core.volume.VolumeId;
import dev.slipway.engine.local.Outfit.OutfitProblem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The persistent volumes of this machine: one directory each, `volumes/<id>`, owned by the account
/// of the app, used by one task at a time, and there until somebody orders its end. What a volume
/// holds is measured and told; its requested size is not enforced, since file systems have quotas
/// only where they were made for it.
final class Volumes {
  private static final Logger log = LoggerFactory.getLogger(Volumes.class);

  /// Destroyed volumes whose removal waits; beyond them whoever destroys one removes it.
  private static final int MAX_REMOVALS = 1000;

  private final EngineDirectory directory;
  private final BlockingQueue<Path> removals = new ArrayBlockingQueue<>(MAX_REMOVALS);
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<VolumeId, String> users = new TreeMap<>();
  private final Set<VolumeId> unchanged = new HashSet<>();
  private final Map<VolumeId, Long> sizes = new ConcurrentHashMap<>();

  Volumes(EngineDirectory directory) {
    this.directory = directory;
  }

  /// Gives a volume to a task, and makes it when it is not there yet.
  ///
  /// @return where it is
  /// @throws OutfitProblem when another task has it
  Path take(MountedVolume volume, TaskDirectory task, Account account)
      throws IOException, OutfitProblem {
    occupy(volume.id(), task);
    Path path = path(volume.id());
    lock.lock();
    try {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        EngineDirectory.createWalkable(directory.volumes());
        EngineDirectory.createPrivate(path);
        RecordFile.force(directory.volumes());
        log.info("volume.made volume={}", volume.id());
      }
    } finally {
      lock.unlock();
    }
    // The app's next version may run as somebody else. No task has it now but this one, which has
    // not begun.
    SandboxOwner.give(path, account);
    return path;
  }

  private void occupy(VolumeId volume, TaskDirectory task) throws OutfitProblem {
    lock.lock();
    try {
      String user = users.putIfAbsent(volume, task.name());
      if (user != null && !user.equals(task.name())) {
        throw new OutfitProblem("the volume " + volume + " is still in use by task " + user);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes note of a task that was found running with its volumes.
  void found(List<MountedVolume> volumes, TaskDirectory task) {
    lock.lock();
    try {
      volumes.forEach(volume -> users.put(volume.id(), task.name()));
    } finally {
      lock.unlock();
    }
  }

  /// A task is over: its volumes stay, for the next one.
  void release(TaskDirectory task) {
    lock.lock();
    try {
      users.forEach(
          (volume, user) -> {
            if (user.equals(task.name())) {
              unchanged.remove(volume);
            }
          });
      users.values().removeIf(task.name()::equals);
    } finally {
      lock.unlock();
    }
  }

  /// Moved aside as a whole, so that none is found half removed: then it is gone, however long the
  /// removal of what it held takes, which [#removeNext] does. What a crash leaves there is removed
  /// at the next start.
  void destroy(VolumeId volume) throws IOException {
    Path aside = directory.removed().resolve(UUID.randomUUID().toString());
    lock.lock();
    try {
      String user = users.get(volume);
      if (user != null) {
        throw new IOException("the volume " + volume + " is still in use by task " + user);
      }
      Path path = path(volume);
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      unchanged.remove(volume);
      Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
      RecordFile.force(directory.volumes());
    } finally {
      lock.unlock();
    }
    sizes.remove(volume);
    log.info("volume.destroyed volume={}", volume);
    if (!removals.offer(aside)) {
      Tree.delete(aside);
    }
  }

  /// Waits for a destroyed volume and removes what it held.
  void removeNext() throws InterruptedException {
    Path path = removals.take();
    try {
      Tree.delete(path);
    } catch (IOException problem) {
      log.warn("volume.not.removed path={} cause=\"{}\"", path, problem.toString());
    }
  }

  /// All volumes that are there, by name.
  List<StoredVolume> all() {
    List<StoredVolume> found = new ArrayList<>();
    for (VolumeId id : ids()) {
      lock.lock();
      try {
        found.add(new StoredVolume(id, Optional.ofNullable(sizes.get(id)), users.containsKey(id)));
      } finally {
        lock.unlock();
      }
    }
    return found;
  }

  /// One round of measuring: the volumes that tasks have, and those whose last task just ended.
  void measure() {
    for (VolumeId id : ids()) {
      if (changes(id)) {
        sizes.put(id, Tree.bytes(path(id)));
      }
    }
  }

  private boolean changes(VolumeId id) {
    lock.lock();
    try {
      return unchanged.add(id) || users.containsKey(id);
    } finally {
      lock.unlock();
    }
  }

  private List<VolumeId> ids() {
    List<VolumeId> ids = new ArrayList<>();
    if (!Files.isDirectory(directory.volumes())) {
      return ids;
    }
    try (var entries = Files.newDirectoryStream(directory.volumes())) {
      for (Path entry : entries) {
        id(entry).ifPresent(ids::add);
      }
    } catch (IOException | DirectoryIteratorException problem) {
      log.warn("volumes.unreadable cause=\"{}\"", problem.toString());
    }
    ids.sort(null);
    return ids;
  }

  /// Nothing for what is no volume, as the `lost+found` of a file system of its own.
  private static Optional<VolumeId> id(Path entry) {
    try {
      return Optional.of(new VolumeId(String.valueOf(entry.getFileName())));
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private Path path(VolumeId id) {
    return directory.volumes().resolve(id.value());
  }
}
