package dev.slipway.example.crawler.fetch;

import dev.slipway.example.crawler.message.Address;
import dev.slipway.example.crawler.queue.QueueClient;
import dev.slipway.example.crawler.queue.QueueName;
import dev.slipway.example.crawler.queue.QueueWorker;
import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Progress;
import dev.slipway.example.crawler.worker.Role;
import dev.slipway.example.crawler.worker.StopSignal;

/// The role `fetch`: takes pages to fetch, hands their bodies to the parsers.
public final class FetchWorker {
  /// A batch shall not take longer than this at the rate of the site.
  private static final double BATCH_SECONDS = 1;

  private FetchWorker() {}

  public static Role start(Environment environment, EventLog log) {
    Courtesy courtesy = Courtesy.of(environment);
    QueueClient queues = new QueueClient(environment.service("QUEUE_URL", ""));
    StopSignal stop = new StopSignal();
    Progress progress = new Progress();
    // What is in the hands of one worker, the others cannot fetch: take few when each takes long.
    int batch =
        (int) Math.clamp(slowest(courtesy, environment) * BATCH_SECONDS, 1, QueueClient.BATCH);
    QueueWorker.Start start =
        new QueueWorker.Start(
            QueueName.PAGES_TO_FETCH,
            batch,
            queues,
            log,
            stop,
            progress,
            environment.bind(),
            environment.port());
    log.fact("fetch-started", "agent", courtesy.userAgent(), "batch", batch);
    return QueueWorker.start(start, new Fetcher(courtesy, queues, log, stop, progress));
  }

  private static double slowest(Courtesy courtesy, Environment environment) {
    return environment.list("SEED_URL").stream()
        .flatMap(seed -> Address.origin(seed).stream())
        .mapToDouble(courtesy::rateFor)
        .min()
        .orElseGet(() -> courtesy.rateFor(courtesy.ownSite()));
  }
}
