package dev.slipway.endtoend.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Speaks HTTP with a server. A server that does not answer is an [UncheckedIOException].
///
/// @param token sent if it is not empty
/// @param patience how long an answer may take
public record Client(URI server, String token, Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  public Client(URI server) {
    this(server, "");
  }

  public Client(URI server, String token) {
    this(server, token, PATIENCE);
  }

  public Client waitingFor(Duration atMost) {
    return new Client(server, token, atMost);
  }

  public Answer get(String path) {
    return ask("GET", path, "");
  }

  /// What a GET that has to succeed answers.
  public JsonNode json(String path) {
    return get(path).expect(200).json();
  }

  public Answer post(String path, Object body) {
    return ask("POST", path, body.toString());
  }

  public Answer put(String path, Object body) {
    return ask("PUT", path, body.toString());
  }

  public Answer delete(String path) {
    return ask("DELETE", path, "");
  }

  private Answer ask(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(patience)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      var response = HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Answer(
          method + " " + path, response.statusCode(), response.body(), response.headers());
    } catch (IOException silent) {
      throw new UncheckedIOException(method + " " + path + ": " + silent, silent);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stop);
    }
  }
}
