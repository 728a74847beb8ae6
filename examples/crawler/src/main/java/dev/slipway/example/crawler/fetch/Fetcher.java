package dev.slipway.example.crawler.fetch;

import dev.slipway.example.crawler.message.Address;
import dev.slipway.example.crawler.message.FetchedPage;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageRequest;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.message.Wire;
import dev.slipway.example.crawler.queue.QueueClient;
import dev.slipway.example.crawler.queue.QueueName;
import dev.slipway.example.crawler.queue.QueueWorker.Handler;
import dev.slipway.example.crawler.queue.QueueWorker.Outcome;
import dev.slipway.example.crawler.queue.Received;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Progress;
import dev.slipway.example.crawler.worker.StopSignal;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Fetches one page at a time: asks robots.txt, waits its turn at the host, downloads, and says how
/// that ended.
final class Fetcher implements Handler {
  private static final Duration SLICE = Duration.ofSeconds(1);

  private final Courtesy courtesy;
  private final Downloader downloader;
  private final Robots robots;
  private final RateLimit rates = new RateLimit();
  private final QueueClient queues;
  private final EventLog log;
  private final StopSignal stop;
  private final Progress progress;

  Fetcher(Courtesy courtesy, QueueClient queues, EventLog log, StopSignal stop, Progress progress) {
    this.courtesy = courtesy;
    this.downloader = new Downloader(courtesy.userAgent());
    this.robots = new Robots(courtesy.robotName(), downloader::robots);
    this.queues = queues;
    this.log = log;
    this.stop = stop;
    this.progress = progress;
  }

  @Override
  public Outcome handle(Received message) {
    Page page = Wire.read(message.body(), PageRequest.class).page();
    String origin = Address.origin(page.url()).orElse("");
    if (origin.isEmpty()) {
      return failed(page, "bad-address");
    }
    return switch (robots.ask(origin, page.url(), System.nanoTime())) {
      case Robots.Verdict.Forbidden _ -> skipped(page, "robots");
      case Robots.Verdict.Unknown _ -> again(message, page, "robots-unavailable", Duration.ZERO);
      case Robots.Verdict.Allowed allowed -> {
        if (waitForTurn(message, origin, courtesy.pause(origin, allowed.delay()))) {
          yield fetch(message, page);
        }
        yield new Outcome.Again(Duration.ZERO);
      }
    };
  }

  private Outcome fetch(Received message, Page page) {
    long begun = System.nanoTime();
    Download download = downloader.page(URI.create(page.url()));
    long milliseconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return switch (download) {
      case Download.Body body -> {
        log.fact(
            "page-fetched",
            "url",
            page.url(),
            "bytes",
            body.bytes().length,
            "milliseconds",
            milliseconds);
        yield fetched(page, body);
      }
      case Download.Redirect redirect -> redirected(page, redirect.location());
      case Download.Uninteresting uninteresting -> skipped(page, uninteresting.kind());
      case Download.Refused refused -> failed(page, refused.kind());
      case Download.Unavailable unavailable ->
          again(message, page, unavailable.kind(), unavailable.after());
    };
  }

  private Outcome fetched(Page page, Download.Body body) {
    String message = Wire.write(new FetchedPage(page, body.contentType(), Wire.zip(body.bytes())));
    // All of it is ASCII but the address, which is at most 2,000 characters of ASCII too.
    if (message.length() > QueueClient.BYTES_LIMIT) {
      return failed(page, "too-large");
    }
    return new Outcome.Onward(QueueName.PAGES_TO_PARSE, message);
  }

  private Outcome redirected(Page page, String location) {
    if (page.redirects() >= Page.REDIRECT_LIMIT) {
      return failed(page, "too-many-redirects");
    }
    return Address.resolve(page.url(), location)
        .map(
            target -> {
              log.fact("page-redirected", "url", page.url(), "to", target);
              return ended(PageResult.redirected(page, target));
            })
        .orElseGet(() -> failed(page, "bad-redirect"));
  }

  private Outcome again(Received message, Page page, String kind, Duration asked) {
    double chance = ThreadLocalRandom.current().nextDouble();
    return RetryPolicy.pauseAfter(message.attempt(), asked, chance)
        .<Outcome>map(
            pause -> {
              log.fact(
                  "page-retried",
                  "url",
                  page.url(),
                  "kind",
                  kind,
                  "attempt",
                  message.attempt(),
                  "after",
                  pause.toMillis());
              return new Outcome.Again(pause);
            })
        .orElseGet(() -> failed(page, kind));
  }

  private Outcome failed(Page page, String kind) {
    log.fact("page-failed", "url", page.url(), "kind", kind);
    return ended(PageResult.failed(page, kind));
  }

  private Outcome skipped(Page page, String kind) {
    log.fact("page-skipped", "url", page.url(), "kind", kind);
    return ended(PageResult.skipped(page, kind));
  }

  private static Outcome ended(PageResult result) {
    return new Outcome.Onward(QueueName.RESULTS, Wire.write(result));
  }

  /// Waits until the host may be asked. The message is kept hidden from other fetchers for as long
  /// as that takes.
  ///
  /// @return false if the worker was stopped meanwhile
  private boolean waitForTurn(Received message, String origin, Duration pause) {
    long now = System.nanoTime();
    Duration wait = rates.reserve(origin, pause, now);
    Duration needed = wait.plus(Downloader.TIME_LIMIT);
    if (needed.compareTo(message.remaining()) > 0) {
      queues.hide(QueueName.PAGES_TO_FETCH, message, needed.plusSeconds(2));
    }
    long until = now + wait.toNanos();
    for (long left = wait.toNanos(); left > 0; left = until - System.nanoTime()) {
      if (stop.await(Duration.ofNanos(Math.min(left, SLICE.toNanos())))) {
        return false;
      }
      progress.mark();
    }
    return !stop.isGiven();
  }
}
