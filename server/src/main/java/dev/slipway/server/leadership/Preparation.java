package dev.slipway.server.leadership;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.leadership.Heard;
import dev.slipway.server.control.Threads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a server ready to lead while it does not: has its next term prepared and rehearsed, and
/// tells its candidacy whether one could begin. One thread, which never ends before it is closed.
final class Preparation implements AutoCloseable {
  /// Between two looks at what a term needs.
  private static final Duration AGAIN = Duration.ofSeconds(5);

  /// After one that failed, and between two looks at whether a term is over.
  private static final Duration AGAIN_UNFIT = Duration.ofSeconds(1);

  /// After so many the code that a term begins with is compiled rather than interpreted.
  private static final int REHEARSALS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

  private final Terms terms;
  private final BooleanSupplier idle;
  private final Consumer<Heard> candidacy;
  private final Thread thread =
      Thread.ofPlatform().name("preparation").daemon().unstarted(this::run);
  private volatile boolean closed;
  // Used by the thread alone.
  private Optional<String> problem = Optional.empty();
  private int rehearsals;

  /// @param idle whether this server has no term
  Preparation(Terms terms, BooleanSupplier idle, Consumer<Heard> candidacy) {
    this.terms = terms;
    this.idle = idle;
    this.candidacy = candidacy;
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        boolean fit = idle.getAsBoolean() && prepare();
        TimeUnit.NANOSECONDS.sleep((fit ? AGAIN : AGAIN_UNFIT).toNanos());
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean prepare() throws InterruptedException {
    try {
      Epoch seen = terms.prepare();
      if (problem.isPresent()) {
        LOG.info("candidacy.fit");
        problem = Optional.empty();
      }
      candidacy.accept(new Heard.FenceSeen(seen));
      candidacy.accept(new Heard.Fit());
    } catch (InterruptedException stop) {
      throw stop;
    } catch (Exception unfit) {
      String reason = String.valueOf(unfit.getMessage());
      if (!closed && !problem.equals(Optional.of(reason))) {
        LOG.warn("candidacy.unfit reason=\"{}\"", reason);
        problem = Optional.of(reason);
      }
      candidacy.accept(new Heard.Unfit(reason));
      return false;
    }
    rehearse();
    return true;
  }

  private void rehearse() {
    if (rehearsals < REHEARSALS) {
      rehearsals++;
      try {
        terms.rehearse();
      } catch (RuntimeException failure) {
        LOG.debug("candidacy.rehearsal.failed", failure);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    Threads.end(thread, Duration.ofSeconds(5));
  }
}
