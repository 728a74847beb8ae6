package dev.slipway.engine.local;

import dev.slipway.core.instance.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes the sandboxes of ended tasks that are too old, too many or too large together, oldest
/// first. A directory is moved aside as a whole before it is removed, so that none is seen half
/// removed.
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /// Removals in one pass; the next one goes on.
  private static final int MOST_AT_ONCE = 50;

  private final EngineDirectory directory;
  private final LocalLimits limits;
  private final Map<TaskId, Long> sizes = new HashMap<>();

  Retention(EngineDirectory directory, LocalLimits limits) {
    this.directory = directory;
    this.limits = limits;
  }

  /// One pass.
  ///
  /// @param ended all ended tasks whose sandboxes are kept
  /// @param forget is told of each before it is removed
  void run(List<LocalTask> ended, Consumer<LocalTask> forget) {
    List<LocalTask> oldestFirst =
        ended.stream()
            .filter(task -> task.end().isPresent())
            .sorted(Comparator.comparing(task -> task.end().orElseThrow().at()))
            .toList();
    long bytes = 0;
    for (LocalTask task : oldestFirst) {
      bytes += sizes.computeIfAbsent(task.id(), id -> Tree.bytes(task.directory().path()));
    }
    Instant tooOld = Instant.now().minus(limits.keptAge());
    int left = oldestFirst.size();
    int removed = 0;
    for (LocalTask task : oldestFirst) {
      boolean old = task.end().orElseThrow().at().isBefore(tooOld);
      boolean wanted = !old && left <= limits.keptCount() && bytes <= limits.keptBytes();
      if (wanted || removed == MOST_AT_ONCE) {
        return;
      }
      bytes -= sizes.getOrDefault(task.id(), 0L);
      left--;
      removed++;
      forget.accept(task);
      remove(task);
    }
  }

  private void remove(LocalTask task) {
    sizes.remove(task.id());
    Path aside = directory.removed().resolve(UUID.randomUUID().toString());
    try {
      Files.move(task.directory().path(), aside, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(task.directory().exit());
      Tree.delete(aside);
      log.info("sandbox.removed task={}", task.id());
    } catch (IOException | UncheckedIOException problem) {
      log.warn("sandbox.not.removed task={} cause=\"{}\"", task.id(), problem.toString());
    }
  }

  /// Removes what a crash left half removed.
  void removeLeftovers() throws IOException {
    try (var entries = Files.newDirectoryStream(directory.removed())) {
      for (Path entry : entries) {
        Tree.delete(entry);
      }
    }
  }
}
