package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps `stdout` and `stderr` bounded: past the limit, the newest bytes move to `stdout.1` and the
/// file is emptied under the writer, who appends and goes on at its start. What is written between
/// the copy and the cut is lost; a writer is never blocked or killed for its output.
final class OutputRotation {
  private static final int FAST_PARTS = 8;

  private final TaskDirectory task;
  private final Account account;
  private final long limit;
  private long lastSize;
  private boolean fast;

  OutputRotation(TaskDirectory task, Account account, long limit) {
    this.task = task;
    this.account = account;
    this.limit = limit;
  }

  /// Looks at both files and cuts what is too large.
  void check() throws IOException {
    long total = 0;
    boolean cut = false;
    for (String name : TaskFiles.OUTPUTS) {
      Path file = task.output().resolve(name);
      long size = Files.size(file);
      total += size;
      if (size > limit) {
        rotate(file, size);
        cut = true;
      }
    }
    fast = cut || total - lastSize > limit / FAST_PARTS;
    lastSize = total;
  }

  /// Whether output grows so fast that a second is long.
  boolean isFast() {
    return fast;
  }

  private void rotate(Path file, long size) throws IOException {
    Path older = file.resolveSibling(file.getFileName() + ".1");
    boolean first = !Files.exists(older);
    if (first) {
      TaskFiles.create(older);
      SandboxOwner.own(older, account);
    }
    try (var from = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var to =
            FileChannel.open(
                older, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      long end = size;
      long place = Math.max(0, end - limit);
      while (place < end) {
        long copied = from.transferTo(place, end - place, to);
        if (copied <= 0) {
          break;
        }
        place += copied;
      }
      from.truncate(0);
    }
    if (first) {
      TaskFiles.show(older, task.sandbox().resolve(String.valueOf(older.getFileName())));
    }
  }
}
