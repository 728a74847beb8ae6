package dev.slipway.example.crawler.queue;

import java.time.Duration;

/// The queues of the crawl.
///
/// A message that was received is hidden from the others for a while; if it is not deleted until
/// then, its receiver has died and the next one gets it. A message received too often goes to
/// [#DEAD_LETTERS], whose page the store ends as failed: no page waits for ever.
public enum QueueName {
  /// From the store to the fetchers: [dev.slipway.example.crawler.message.PageRequest].
  PAGES_TO_FETCH("pages-to-fetch", Duration.ofSeconds(30), 10),
  /// From the fetchers to the parsers: [dev.slipway.example.crawler.message.FetchedPage].
  PAGES_TO_PARSE("pages-to-parse", Duration.ofSeconds(15), 5),
  /// From both to the store: [dev.slipway.example.crawler.message.PageResult].
  RESULTS("results", Duration.ofSeconds(15), 0),
  /// Messages that nobody could handle.
  DEAD_LETTERS("dead-letters", Duration.ofSeconds(15), 0);

  private final String label;
  private final Duration visibility;
  private final int receiveLimit;

  QueueName(String label, Duration visibility, int receiveLimit) {
    this.label = label;
    this.visibility = visibility;
    this.receiveLimit = receiveLimit;
  }

  /// The name in SQS.
  public String label() {
    return label;
  }

  /// How long a received message is hidden from other receivers.
  public Duration visibility() {
    return visibility;
  }

  /// How often a message is received before it becomes a dead letter, 0 for without end.
  public int receiveLimit() {
    return receiveLimit;
  }
}
