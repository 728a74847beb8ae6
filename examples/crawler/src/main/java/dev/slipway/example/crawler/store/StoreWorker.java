package dev.slipway.example.crawler.store;

import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageRequest;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.message.Wire;
import dev.slipway.example.crawler.message.Wire.MalformedMessage;
import dev.slipway.example.crawler.queue.QueueClient;
import dev.slipway.example.crawler.queue.QueueClient.QueueUnavailable;
import dev.slipway.example.crawler.queue.QueueName;
import dev.slipway.example.crawler.queue.Received;
import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Progress;
import dev.slipway.example.crawler.worker.Role;
import dev.slipway.example.crawler.worker.StopSignal;
import dev.slipway.example.crawler.worker.WebServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The role `store`: hands pages out, takes results in, keeps the items, shows the report.
///
/// One thread does all that changes the crawl. Each round it hands out what is due, takes what
/// came, writes it, and only then deletes it from the queue. If nothing comes for a while it asks
/// how much the queues hold: nothing at all while pages are out means that the queue's server lost
/// them, and they are handed out again. The counts are asked for downstream, and a worker sends
/// before it deletes, so a page on its way is seen at least once.
public final class StoreWorker implements Role {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LOOK_AFTER = Duration.ofSeconds(2);

  private final Crawl crawl;
  private final int window;
  private final QueueClient queues;
  private final EventLog log;
  private final StopSignal stop = new StopSignal();
  private final Progress progress = new Progress();
  private final Report report;
  private final WebServer web;
  private final Thread thread = Thread.ofPlatform().name("store").unstarted(this::run);
  private long lastResult = System.nanoTime();
  private long lastLook = System.nanoTime();
  private Duration poll = Duration.ZERO;
  private volatile boolean broken;

  private StoreWorker(Environment environment, EventLog log) {
    CrawlPlan plan = CrawlPlan.of(environment);
    this.queues = new QueueClient(environment.service("QUEUE_URL", ""));
    this.window = plan.window();
    this.log = log;
    this.crawl = Crawl.open(plan, Instant.now(), log);
    this.report = new Report(plan.seeds(), crawl.items(), progress, crawl.stats(Instant.now()));
    this.web = WebServer.start(environment.bind(), environment.port(), log, report::answer);
  }

  public static Role start(Environment environment, EventLog log) {
    StoreWorker store = new StoreWorker(environment, log);
    store.thread.start();
    return store;
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
    // Ends when the worker is stopped: a queue that is away for long is shown by the health check,
    // not by giving up.
    while (!stop.isGiven()) {
      try {
        round();
      } catch (QueueUnavailable e) {
        log.fact("queue-unavailable", "reason", e.getMessage());
        stop.await(PAUSE);
      }
      report.show(crawl.stats(Instant.now()));
    }
    crawl.close();
    broken = false;
    log.fact("worker-stopped", "queue", QueueName.RESULTS.label());
  }

  private void round() {
    handOut();
    List<Received> messages = queues.receive(QueueName.RESULTS, QueueClient.BATCH, poll);
    progress.mark();
    // The first request did not wait for a message: its answer makes the store healthy.
    poll = POLL;
    if (!messages.isEmpty()) {
      lastResult = System.nanoTime();
      take(QueueName.RESULTS, messages, body -> Wire.read(body, PageResult.class));
    }
    if (System.nanoTime() - lastLook > LOOK_AFTER.toNanos()) {
      lastLook = System.nanoTime();
      endDeadLetters();
      lookForLoss();
    }
  }

  private void handOut() {
    List<Page> due = crawl.frontier().due(window);
    for (int from = 0; from < due.size(); from += QueueClient.BATCH) {
      List<Page> batch = due.subList(from, Math.min(from + QueueClient.BATCH, due.size()));
      queues.send(
          QueueName.PAGES_TO_FETCH,
          batch.stream().map(page -> Wire.write(new PageRequest(page))).toList());
      crawl.frontier().handOut(batch);
    }
  }

  private void take(QueueName queue, List<Received> messages, Function<String, PageResult> reader) {
    List<PageResult> results = new ArrayList<>();
    for (Received message : messages) {
      try {
        results.add(reader.apply(message.body()));
      } catch (MalformedMessage e) {
        // Its page is still out, and is handed out again once the queues are empty.
        log.fact("message-malformed", "queue", queue.label(), "error", e.getMessage());
      }
    }
    crawl.take(results, Instant.now());
    queues.delete(queue, messages);
  }

  private void endDeadLetters() {
    List<Received> letters =
        queues.receive(QueueName.DEAD_LETTERS, QueueClient.BATCH, Duration.ZERO);
    if (!letters.isEmpty()) {
      log.fact("dead-letters", "count", letters.size());
      take(
          QueueName.DEAD_LETTERS,
          letters,
          body -> PageResult.failed(Wire.read(body, PageRequest.class).page(), "dead-letter"));
    }
  }

  private void lookForLoss() {
    int out = crawl.frontier().handedOut();
    if (out == 0 || System.nanoTime() - lastResult < LOOK_AFTER.toNanos()) {
      return;
    }
    for (QueueName queue : QueueName.values()) {
      if (queues.depth(queue) > 0) {
        return;
      }
    }
    log.fact("pages-lost-with-queue", "count", out);
    crawl.takeBack(Instant.now());
  }
}
