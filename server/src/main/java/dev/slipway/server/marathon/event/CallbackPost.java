package dev.slipway.server.marathon.event;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends events over HTTP. Redirects are not followed, and answers' bodies are thrown away.
final class CallbackPost implements Callback.Post, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// As long as Marathon waits before it calls a subscriber slow.
  private static final Duration WHOLE = Duration.ofSeconds(10);

  private final AddressRule rule;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  CallbackPost(AddressRule rule) {
    this.rule = rule;
  }

  @Override
  public void send(URI address, byte[] json) throws IOException, InterruptedException {
    CallbackAddress.check(address, rule);
    var request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .header("User-Agent", "slipway")
            .POST(BodyPublishers.ofByteArray(json))
            .build();
    // The request's own timeout ends with the answer's head; its body may drag on.
    var answer = client.sendAsync(request, BodyHandlers.discarding());
    try {
      int status = answer.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      if (status < 200 || status > 299) {
        throw new IOException("it answered " + status);
      }
    } catch (ExecutionException failure) {
      throw new IOException(String.valueOf(failure.getCause()), failure);
    } catch (TimeoutException late) {
      throw new IOException("no answer within " + WHOLE.toSeconds() + " s", late);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
