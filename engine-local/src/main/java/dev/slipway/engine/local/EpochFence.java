package dev.slipway.engine.local;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/// Refuses orders of a leadership that was followed by another, also after a restart.
final class EpochFence {
  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private Epoch highest;

  EpochFence(Path file) throws IOException {
    this.file = file;
    var record = RecordFile.read(file);
    this.highest =
        new Epoch(record.isPresent() ? Long.parseLong(record.get().required("epoch")) : 0);
  }

  /// Lets an order pass, after a higher epoch is on the disk.
  ///
  /// @throws StaleEpoch when a higher one was seen
  void admit(Epoch epoch) {
    lock.lock();
    try {
      int order = epoch.compareTo(highest);
      if (order < 0) {
        throw new StaleEpoch(epoch, highest);
      }
      if (order > 0) {
        RecordFile.write(file, new RecordFile.Lines().add("epoch", epoch.value()).content());
        highest = epoch;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }
}
