package dev.slipway.server.control;

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
  private final Thread thread = Thread.ofPlatform().name("snapshots").daemon().unstarted(this::run);

  public SnapshotKeeper(Journal journal, Supplier<Published> published) {
    this.journal = journal;
    this.published = published;
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        if (journal.snapshotDue()) {
          keep(published.get());
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep(Published now) {
    try {
      journal.snapshot(now.state(), now.sequence());
      LOG.info("journal.snapshot sequence={}", now.sequence());
    } catch (JournalException e) {
      // The events are still there; the next look tries again.
      LOG.warn("journal.snapshot.failed message=\"{}\"", e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
