package dev.slipway.engine.local;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.engine.ForeignPlatform;
import dev.slipway.core.engine.StaleEpoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Refuses orders of a leadership that was followed by another, and of a platform whose tasks these
/// are not, also after a restart. Two small files beside the tasks keep it: the highest epoch, and
/// the platform. Whoever gives a platform up on purpose removes the second.
final class EpochFence {
  private static final String EPOCH = "epoch";
  private static final String PLATFORM = "platform";

  private final EngineDirectory directory;
  private final Path epochFile;
  private final Path platformFile;
  private final ReentrantLock lock = new ReentrantLock();
  private Epoch highest;
  private Optional<String> platform;

  /// @throws IOException when one of the files is damaged
  EpochFence(EngineDirectory directory) throws IOException {
    this.directory = directory;
    this.epochFile = directory.epoch();
    this.platformFile = directory.platform();
    var epoch = RecordFile.read(epochFile);
    this.highest = new Epoch(epoch.isPresent() ? Long.parseLong(epoch.get().required(EPOCH)) : 0);
    var owner = RecordFile.read(platformFile);
    this.platform =
        owner.isPresent() ? Optional.of(owner.get().required(PLATFORM)) : Optional.empty();
  }

  /// What is kept now.
  Fenced fenced() {
    lock.lock();
    try {
      return new Fenced(
          highest,
          platform,
          Math.min(directory.unended(), Fenced.MOST_COUNTED),
          "the directory " + directory.root().toAbsolutePath(),
          "remove the file " + platformFile.toAbsolutePath(),
          "");
    } catch (IOException e) {
      throw new UncheckedIOException("the tasks of this machine cannot be counted", e);
    } finally {
      lock.unlock();
    }
  }

  /// Keeps that the tasks are this platform's.
  ///
  /// @throws ForeignPlatform when they are another's
  /// @throws StaleEpoch when a higher epoch was seen
  void claim(String candidate, Epoch epoch) {
    lock.lock();
    try {
      fenced().check(candidate);
      admit(epoch);
      if (platform.isEmpty()) {
        RecordFile.write(platformFile, new RecordFile.Lines().add(PLATFORM, candidate).content());
        platform = Optional.of(candidate);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
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
        RecordFile.write(epochFile, new RecordFile.Lines().add(EPOCH, epoch.value()).content());
        highest = epoch;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }
}
