package dev.slipway.example.crawler.queue;

import dev.slipway.example.crawler.queue.QueueClient.QueueUnavailable;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Progress;
import dev.slipway.example.crawler.worker.Role;
import dev.slipway.example.crawler.worker.StopSignal;
import dev.slipway.example.crawler.worker.WebServer;
import dev.slipway.example.crawler.worker.WebServer.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/// The loop of a worker: take messages from one queue, handle each, send what came of it onward,
/// and only then delete.
///
/// So a worker may be killed at any moment and no page is lost: a message whose outcome was not
/// sent is still in the queue, and comes back to another worker when its time is over. What was
/// sent but not deleted is done twice, and the store knows each page's end already. Closed gently,
/// the worker finishes the message in hand, sends, and gives the others back at once. One thread
/// handles; it owns the handler.
public final class QueueWorker implements Role {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  private static final Duration SEND_AFTER = Duration.ofMillis(500);

  private final QueueName source;
  private final int batch;
  private final Handler handler;
  private final QueueClient queues;
  private final EventLog log;
  private final StopSignal stop;
  private final Progress progress;
  private final WebServer web;
  private final Thread thread;
  private volatile boolean broken;

  /// What a worker does with a message.
  @FunctionalInterface
  public interface Handler {
    Outcome handle(Received message);
  }

  /// What came of a message.
  public sealed interface Outcome {
    /// It is done with once this was sent onward.
    record Onward(QueueName queue, String body) implements Outcome {}

    /// It shall be tried again, after a while.
    record Again(Duration after) implements Outcome {}
  }

  private QueueWorker(Start start, Handler handler) {
    this.source = start.source();
    this.batch = start.batch();
    this.handler = handler;
    this.queues = start.queues();
    this.log = start.log();
    this.stop = start.stop();
    this.progress = start.progress();
    this.web =
        WebServer.start(start.bind(), start.port(), log, _ -> Answer.health(progress.health()));
    this.thread = Thread.ofPlatform().name(source.label()).unstarted(this::run);
  }

  /// What a worker is started with.
  ///
  /// @param source the queue that it takes messages from
  /// @param batch how many it takes at once, at most [QueueClient#BATCH]
  /// @param bind the address of its health check
  /// @param port the port of its health check
  public record Start(
      QueueName source,
      int batch,
      QueueClient queues,
      EventLog log,
      StopSignal stop,
      Progress progress,
      String bind,
      int port) {}

  public static QueueWorker start(Start start, Handler handler) {
    QueueWorker worker = new QueueWorker(start, handler);
    worker.thread.start();
    return worker;
  }

  @Override
  public int port() {
    return web.port();
  }

  @Override
  public boolean awaitEnd() throws InterruptedException {
    thread.join();
    return !broken;
  }

  @Override
  public void close() {
    stop.give();
    try {
      thread.join(CLOSE_LIMIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    web.close();
    queues.close();
  }

  private void run() {
    broken = true;
    Duration pause = FIRST_PAUSE;
    // The first request does not wait for a message: its answer makes the worker healthy.
    Duration poll = Duration.ZERO;
    // Ends when the worker is stopped: a queue that is away for long is shown by the health check,
    // not by giving up.
    while (!stop.isGiven()) {
      try {
        List<Received> messages = queues.receive(source, batch, poll);
        progress.mark();
        poll = POLL;
        handle(messages);
        pause = FIRST_PAUSE;
      } catch (QueueUnavailable e) {
        log.fact("queue-unavailable", "reason", e.getMessage());
        stop.await(
            Duration.ofNanos(
                ThreadLocalRandom.current().nextLong(pause.toNanos() / 2, pause.toNanos())));
        pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
      }
    }
    broken = false;
    log.fact("worker-stopped", "queue", source.label());
  }

  private void handle(List<Received> messages) {
    Parcel parcel = new Parcel();
    for (Received message : messages) {
      if (stop.isGiven()) {
        queues.hide(source, message, Duration.ZERO);
        continue;
      }
      if (message.remaining().isNegative()) {
        // Another worker has it by now.
        continue;
      }
      handle(message, parcel);
      progress.mark();
      if (parcel.isDue()) {
        parcel.send();
      }
    }
    parcel.send();
  }

  private void handle(Received message, Parcel parcel) {
    try {
      switch (handler.handle(message)) {
        case Outcome.Onward onward -> parcel.add(message, onward);
        case Outcome.Again again -> queues.hide(source, message, again.after());
      }
    } catch (QueueUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      // A fault of the handler. The message comes back, and after some times becomes a dead letter.
      log.fact("message-not-handled", "queue", source.label(), "error", Objects.toString(e));
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    if (one.compareTo(other) < 0) {
      return one;
    }
    return other;
  }

  /// Outcomes that go onward together, to spare requests.
  private final class Parcel {
    private final List<Received> handled = new ArrayList<>();
    private final List<Outcome.Onward> outcomes = new ArrayList<>();
    private long begun = System.nanoTime();

    void add(Received message, Outcome.Onward onward) {
      handled.add(message);
      outcomes.add(onward);
    }

    boolean isDue() {
      return System.nanoTime() - begun > SEND_AFTER.toNanos();
    }

    void send() {
      if (handled.isEmpty()) {
        return;
      }
      for (QueueName queue : QueueName.values()) {
        List<String> bodies =
            outcomes.stream()
                .filter(onward -> onward.queue() == queue)
                .map(Outcome.Onward::body)
                .toList();
        queues.send(queue, bodies);
      }
      queues.delete(source, handled);
      handled.clear();
      outcomes.clear();
      begun = System.nanoTime();
    }
  }
}
