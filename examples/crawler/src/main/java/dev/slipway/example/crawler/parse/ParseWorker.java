package dev.slipway.example.crawler.parse;

import dev.slipway.example.crawler.message.FetchedPage;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.message.Wire;
import dev.slipway.example.crawler.queue.QueueClient;
import dev.slipway.example.crawler.queue.QueueName;
import dev.slipway.example.crawler.queue.QueueWorker;
import dev.slipway.example.crawler.queue.QueueWorker.Outcome;
import dev.slipway.example.crawler.queue.Received;
import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Progress;
import dev.slipway.example.crawler.worker.Role;
import dev.slipway.example.crawler.worker.StopSignal;
import java.util.Objects;

/// The role `parse`: takes fetched pages, tells the store what is on them.
public final class ParseWorker {
  /// Bytes of a page, unpacked.
  private static final int PAGE_LIMIT = 2 << 20;

  private ParseWorker() {}

  public static Role start(Environment environment, EventLog log) {
    QueueClient queues = new QueueClient(environment.service("QUEUE_URL", ""));
    String version = environment.text("PARSE_VERSION", "1");
    QueueWorker.Start start =
        new QueueWorker.Start(
            QueueName.PAGES_TO_PARSE,
            QueueClient.BATCH,
            queues,
            log,
            new StopSignal(),
            new Progress(),
            environment.bind(),
            environment.port());
    PageParser parser = new PageParser(version);
    log.fact("parse-started", "version", version);
    return QueueWorker.start(start, message -> handle(parser, message, log));
  }

  static Outcome handle(PageParser parser, Received message, EventLog log) {
    FetchedPage fetched = Wire.read(message.body(), FetchedPage.class);
    PageResult result = result(parser, fetched, log);
    log.fact(
        "page-parsed",
        "url",
        fetched.page().url(),
        "items",
        result.items().size(),
        "links",
        result.links().size());
    return new Outcome.Onward(QueueName.RESULTS, Wire.write(result));
  }

  /// A page that the parser cannot take is a page that failed, not a worker that fails.
  private static PageResult result(PageParser parser, FetchedPage fetched, EventLog log) {
    try {
      byte[] body = Wire.unzip(fetched.zippedBody(), PAGE_LIMIT);
      return parser.parse(fetched.page(), fetched.contentType(), body);
    } catch (RuntimeException e) {
      log.fact(
          "page-failed",
          "url",
          fetched.page().url(),
          "kind",
          "parse-error",
          "error",
          Objects.toString(e));
      return PageResult.failed(fetched.page(), "parse-error");
    }
  }
}
