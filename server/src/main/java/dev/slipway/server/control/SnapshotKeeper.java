package dev.slipway.server.control;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.journal.Journal;
import dev.slipway.journal.JournalException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a snapshot of the published state whenever the journal has grown enough, on a thread of
/// its own, so that the history stays bounded and a start is quick.
public final class SnapshotKeeper implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

  private final Journal journal;
  private final Supplier<Published> published;
  private final Supplier<Epoch> epoch;
  private final Mandate mandate;
  private final Thread thread = Thread.ofPlatform().name("snapshots").daemon().unstarted(this::run);

  /// @param epoch of the leadership that writes them
  /// @param mandate how long snapshots may be written
  public SnapshotKeeper(
      Journal journal, Supplier<Published> published, Supplier<Epoch> epoch, Mandate mandate) {
    this.journal = journal;
    this.epoch = epoch;
    this.mandate = mandate;
    this.published = published;
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        look();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      if (mandate.holds() && journal.snapshotDue()) {
        keep(published.get());
      }
    } catch (JournalException | StaleEpoch e) {
      // The events are still there; the next look tries again.
      LOG.warn("journal.snapshot.failed message=\"{}\"", e.getMessage());
    }
  }

  private void keep(Published now) {
    journal.snapshot(now.state(), now.sequence(), epoch.get());
    LOG.info("journal.snapshot sequence={}", now.sequence());
  }

  @Override
  public void close() {
    Threads.end(thread, Duration.ofSeconds(10));
  }
}
