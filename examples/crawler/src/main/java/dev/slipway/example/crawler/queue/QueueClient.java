package dev.slipway.example.crawler.queue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/// The queues as a worker sees them: SQS over the AWS SDK. Safe for all threads; each call blocks.
///
/// Region and credentials are made up, as the local server asks for none; nothing is looked up in
/// the environment or from a cloud's metadata. The SDK does not retry: who calls knows whether a
/// second try is worth it.
public final class QueueClient implements AutoCloseable {
  /// Messages of one request, at most.
  public static final int BATCH = 10;

  /// Bytes of a message, and of all messages of one request, at most. SQS allows 262,144.
  public static final int BYTES_LIMIT = 250_000;

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(5);

  private final URI server;
  private final SqsClient client;

  /// @param server the address of the SQS server, such as `http://127.0.0.1:19324`
  public QueueClient(URI server) {
    this.server = server;
    this.client =
        SqsClient.builder()
            .endpointOverride(server)
            .region(Region.of("elasticmq"))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")))
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_LIMIT)
                    .socketTimeout(CALL_LIMIT)
                    .build())
            .overrideConfiguration(
                configuration -> configuration.retryStrategy(strategy -> strategy.maxAttempts(1)))
            .build();
  }

  /// The server did not do what it was asked, now. The message is a short reason.
  public static final class QueueUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    QueueUnavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /// Takes up to `limit` messages, waiting up to `wait` (whole seconds, less than 5) for the first.
  public List<Received> receive(QueueName queue, int limit, Duration wait) {
    try {
      // Before the request: the server starts to count no earlier.
      long hiddenUntil = System.nanoTime() + queue.visibility().toNanos();
      return client
          .receiveMessage(
              request ->
                  request
                      .queueUrl(url(queue))
                      .maxNumberOfMessages(Math.min(limit, BATCH))
                      .waitTimeSeconds((int) wait.toSeconds())
                      .messageSystemAttributeNames(
                          MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
          .messages()
          .stream()
          .map(
              message ->
                  new Received(
                      message.body(), message.receiptHandle(), attempt(message), hiddenUntil))
          .toList();
    } catch (SdkException e) {
      throw unavailable("receive from", queue, e);
    }
  }

  /// Sends all messages, or throws; then some may have been sent.
  public void send(QueueName queue, List<String> bodies) {
    List<String> batch = new ArrayList<>();
    int bytes = 0;
    for (String body : bodies) {
      int size = body.getBytes(StandardCharsets.UTF_8).length;
      if (size > BYTES_LIMIT) {
        throw new IllegalArgumentException(
            "a message has " + size + " bytes, at most " + BYTES_LIMIT + " can be sent");
      }
      if (batch.size() == BATCH || bytes + size > BYTES_LIMIT) {
        sendBatch(queue, batch);
        batch.clear();
        bytes = 0;
      }
      batch.add(body);
      bytes += size;
    }
    if (!batch.isEmpty()) {
      sendBatch(queue, batch);
    }
  }

  /// Deletes messages that were dealt with.
  public void delete(QueueName queue, List<Received> messages) {
    try {
      for (int from = 0; from < messages.size(); from += BATCH) {
        List<Received> batch = messages.subList(from, Math.min(from + BATCH, messages.size()));
        List<DeleteMessageBatchRequestEntry> entries =
            IntStream.range(0, batch.size())
                .mapToObj(
                    index ->
                        DeleteMessageBatchRequestEntry.builder()
                            .id(Integer.toString(index))
                            .receiptHandle(batch.get(index).receipt())
                            .build())
                .toList();
        // An entry that is refused is a message that somebody else has by now, and will delete.
        client.deleteMessageBatch(request -> request.queueUrl(url(queue)).entries(entries));
      }
    } catch (SdkException e) {
      throw unavailable("delete from", queue, e);
    }
  }

  /// Hides a message for so long from now, rounded up to a second; zero gives it back at once.
  public Received hide(QueueName queue, Received message, Duration wait) {
    int seconds = (int) wait.plusMillis(999).toSeconds();
    try {
      long hiddenUntil = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      client.changeMessageVisibility(
          request ->
              request
                  .queueUrl(url(queue))
                  .receiptHandle(message.receipt())
                  .visibilityTimeout(seconds));
      return new Received(message.body(), message.receipt(), message.attempt(), hiddenUntil);
    } catch (SdkException e) {
      throw unavailable("hide a message of", queue, e);
    }
  }

  /// How many messages the queue holds: those to be received, those in the hands of workers and
  /// those delayed.
  public long depth(QueueName queue) {
    try {
      return client
          .getQueueAttributes(
              request ->
                  request
                      .queueUrl(url(queue))
                      .attributeNames(
                          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
          .attributes()
          .values()
          .stream()
          .mapToLong(Long::parseLong)
          .sum();
    } catch (SdkException e) {
      throw unavailable("count", queue, e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private void sendBatch(QueueName queue, List<String> bodies) {
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, bodies.size())
            .mapToObj(
                index ->
                    SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(index))
                        .messageBody(bodies.get(index))
                        .build())
            .toList();
    try {
      SendMessageBatchResponse response =
          client.sendMessageBatch(request -> request.queueUrl(url(queue)).entries(entries));
      if (response.hasFailed() && !response.failed().isEmpty()) {
        throw new QueueUnavailable(
            "cannot send to " + queue.label() + ": " + response.failed().getFirst().code(), null);
      }
    } catch (SdkException e) {
      throw unavailable("send to", queue, e);
    }
  }

  private String url(QueueName queue) {
    return server + "/000000000000/" + queue.label();
  }

  private static int attempt(Message message) {
    return Integer.parseInt(
        message
            .attributes()
            .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
  }

  private static QueueUnavailable unavailable(String action, QueueName queue, SdkException e) {
    return new QueueUnavailable(
        "cannot " + action + " " + queue.label() + ": " + e.getMessage(), e);
  }
}
