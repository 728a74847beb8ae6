package dev.slipway.server.leadership;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.leadership.Heard;
import dev.slipway.core.leadership.Strand;
import dev.slipway.server.control.Mandate;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins and ends terms on a thread of its own, one after the other, and holds the mandate of the
/// one that goes on. The mandate is given up the moment the end is asked for, whatever the thread
/// does then.
///
/// The others are called by the candidacy's thread alone.
final class TermRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TermRunner.class);

  private final Terms terms;
  private final Consumer<Heard> candidacy;
  // At most a begin, an end and a few forgets wait.
  private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().name("terms").unstarted(this::run);
  private volatile boolean closed;
  private volatile boolean beginning;
  private Mandate mandate = Mandate.until(System.nanoTime());
  private final Map<Strand, Long> doneBefore = new EnumMap<>(Strand.class);

  TermRunner(Terms terms, Consumer<Heard> candidacy) {
    this.terms = terms;
    this.candidacy = candidacy;
  }

  void start() {
    thread.start();
  }

  /// @param until the moment, as `System.nanoTime()` gives it, until which it may act for now
  void begin(Epoch epoch, long until) {
    Mandate fresh = Mandate.until(until);
    mandate = fresh;
    beginning = true;
    work.add(() -> beginNow(epoch, fresh));
  }

  private void beginNow(Epoch epoch, Mandate fresh) {
    try {
      if (fresh.holds()) {
        terms.begin(epoch, fresh);
        candidacy.accept(new Heard.TermBegan(epoch));
      } else {
        candidacy.accept(new Heard.TermFailed("the lease ended before the term began"));
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (Exception failure) {
      fresh.giveUp();
      LOG.warn("term.failed epoch={} reason=\"{}\"", epoch.value(), failure.getMessage());
      candidacy.accept(new Heard.TermFailed(String.valueOf(failure.getMessage())));
    } finally {
      beginning = false;
    }
  }

  void extendMandate(long until) {
    mandate.extend(until);
  }

  void end(Epoch epoch, String reason) {
    mandate.giveUp();
    work.add(
        () -> {
          terms.end(reason);
          LOG.info("term.ended epoch={}", epoch.value());
          candidacy.accept(new Heard.TermEnded());
        });
  }

  void forget() {
    work.add(terms::forget);
  }

  /// Since it was asked last.
  List<Heard.Progress> progress() {
    var begin = new Heard.Progress(Strand.BEGINNING, false, beginning);
    return Stream.concat(Stream.of(begin), terms.work().stream().map(this::progress)).toList();
  }

  private Heard.Progress progress(Terms.Work work) {
    Long before = doneBefore.put(work.strand(), work.done());
    boolean made = before == null || before != work.done();
    return new Heard.Progress(work.strand(), made, work.pending());
  }

  private void run() {
    while (!closed || !work.isEmpty()) {
      try {
        work.take().run();
      } catch (InterruptedException stop) {
        // Closed: what is left is done, and nothing new comes.
        closed = true;
      } catch (RuntimeException fault) {
        LOG.error("term.fault", fault);
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  /// Does what waits, ends what goes on for show, and stops.
  @Override
  public void close() {
    mandate.giveUp();
    work.add(() -> terms.end("the server ends"));
    work.add(terms::forget);
    work.add(() -> closed = true);
    try {
      if (!thread.join(Duration.ofSeconds(30))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
