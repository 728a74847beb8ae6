package dev.slipway.journal;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.Lease;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A real journal that several servers of one process share, and that can be out of reach for all
/// of them, or for one.
public final class SharedJournal {
  private final SqlJournal journal;

  public SharedJournal(Path directory) {
    journal = SqlJournal.open(directory.resolve("shared.sqlite"));
  }

  public Journal real() {
    return journal;
  }

  public void close() {
    journal.close();
  }

  /// The journal as one server reaches it.
  public Line line() {
    return new Line(journal);
  }

  public static final class Line implements Journal {
    private final Journal journal;
    private final AtomicBoolean cut = new AtomicBoolean();

    Line(Journal journal) {
      this.journal = journal;
    }

    public void cut(boolean now) {
      cut.set(now);
    }

    private Journal reached() {
      if (cut.get()) {
        throw new JournalUnreachable("of the test", "the line is cut");
      }
      return journal;
    }

    @Override
    public boolean isShared() {
      return true;
    }

    @Override
    public Recovered recover(Consumer<Replayed> each) {
      return reached().recover(each);
    }

    @Override
    public long sequence() {
      return reached().sequence();
    }

    @Override
    public Follower follow(Position after) {
      Follower follower = reached().follow(after);
      return new Follower() {
        @Override
        public News next() {
          var _ = reached();
          return follower.next();
        }

        @Override
        public boolean awaitNews(Duration atMost) throws InterruptedException {
          return follower.awaitNews(atMost);
        }

        @Override
        public Position position() {
          return follower.position();
        }

        @Override
        public void close() {
          follower.close();
        }
      };
    }

    @Override
    public Epoch takeLeadership(Candidate me, Duration lease, Epoch above) {
      return reached().takeLeadership(me, lease, above);
    }

    @Override
    public Optional<Epoch> takeLeadershipAfter(
        Optional<Lease> seen, Candidate me, Duration lease, Epoch above) {
      return reached().takeLeadershipAfter(seen, me, lease, above);
    }

    @Override
    public Optional<Lease> lease() {
      return reached().lease();
    }

    @Override
    public void renew(Epoch epoch) {
      reached().renew(epoch);
    }

    @Override
    public void release(Epoch epoch) {
      reached().release(epoch);
    }

    @Override
    public long append(List<Event> events, Epoch epoch, long after) {
      return reached().append(events, epoch, after);
    }

    @Override
    public boolean snapshotDue() {
      return reached().snapshotDue();
    }

    @Override
    public void snapshot(State state, long sequence, Epoch epoch) {
      reached().snapshot(state, sequence, epoch);
    }

    @Override
    public SealedValues sealedValues() {
      return journal.sealedValues();
    }

    @Override
    public void close() {
      cut.set(true);
    }
  }
}
