package dev.slipway.example.crawler;

import dev.slipway.example.crawler.queue.QueueClient;
import dev.slipway.example.crawler.queue.QueueName;
import dev.slipway.example.crawler.queue.Received;
import java.net.URI;
import java.time.Duration;

/// A parser that dies of a page: it takes the page and gives it back unread, as if it had been
/// killed at once.
final class PoisonedParser implements AutoCloseable {
  private final QueueClient queues;
  private int refused;

  PoisonedParser(String queueAddress) {
    this.queues = new QueueClient(URI.create(queueAddress));
  }

  /// Takes a page if there is one.
  ///
  /// @return how often a page was taken, until now
  int refuse() {
    for (Received message : queues.receive(QueueName.PAGES_TO_PARSE, 1, Duration.ZERO)) {
      refused++;
      queues.hide(QueueName.PAGES_TO_PARSE, message, Duration.ZERO);
    }
    return refused;
  }

  @Override
  public void close() {
    queues.close();
  }
}
