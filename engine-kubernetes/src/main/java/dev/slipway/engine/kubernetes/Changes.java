package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher.Action;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The changes of a collection of objects, as the API server tells them from one version of the
/// collection on: a document in JSON on each line of an answer that goes on until the connection
/// ends ("Efficient detection of changes" in Kubernetes' API concepts).
///
/// Whoever wants the next one reads it, in a thread of its own; any other may close. The client
/// library's own watches are not used. Over WebSockets they miss the end of a connection that
/// breaks while changes come (seen within fifty breaks), and over HTTP they damage characters of
/// several bytes.
final class Changes<T extends HasMetadata> implements AutoCloseable {
  /// Many times the largest object that the store of an API server takes, 1.5 MiB.
  private static final int LONGEST_LINE = 16 * 1024 * 1024;

  private static final int BUFFER = 64 * 1024;

  /// Enough for what a server says of a refusal.
  private static final int LONGEST_REFUSAL = 64 * 1024;

  private final KubernetesSerialization json;
  private final TypeReference<Told<T>> type;
  private final InputStream input;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;

  /// @param object of a bookmark, only its version is set
  record Change<T>(Action action, T object) {}

  /// What a line says of an object of that type. Read as one of any type, as the library's
  /// `WatchEvent` is, each would be taken apart twice.
  record Told<T>(String type, T object) {}

  private Changes(Class<T> type, KubernetesSerialization json, InputStream answer) {
    Type told = json.constructParametricType(Told.class, type);
    this.json = json;
    this.type =
        new TypeReference<>() {
          @Override
          public Type getType() {
            return told;
          }
        };
    this.input = answer;
  }

  /// Asks for them.
  ///
  /// @param address with its query
  /// @throws KubernetesClientException when the server refuses, or does not answer within the time
  ///     that the client grants a request
  static <T extends HasMetadata> Changes<T> of(Class<T> type, KubernetesClient client, URI address)
      throws InterruptedException {
    var request = client.getHttpClient().newHttpRequestBuilder().uri(address).forStreaming();
    var asked = client.getHttpClient().sendAsync(request.build(), InputStream.class);
    KubernetesSerialization json = client.getKubernetesSerialization();
    try {
      HttpResponse<InputStream> answer =
          asked.get(client.getConfiguration().getRequestTimeout(), TimeUnit.MILLISECONDS);
      if (!answer.isSuccessful()) {
        throw refusal(answer, json);
      }
      return new Changes<>(type, json, answer.body());
    } catch (ExecutionException failed) {
      throw new KubernetesClientException("changes cannot be heard", failed.getCause());
    } catch (TimeoutException late) {
      throw new KubernetesClientException("the server does not begin to tell changes", late);
    } finally {
      // Of one that comes after all, nobody would take the answer.
      asked.cancel(true);
    }
  }

  private static KubernetesClientException refusal(
      HttpResponse<InputStream> answer, KubernetesSerialization json) {
    try (InputStream body = answer.body()) {
      String text = new String(body.readNBytes(LONGEST_REFUSAL), UTF_8);
      return new KubernetesClientException(text, answer.code(), status(text, json));
    } catch (IOException broken) {
      return new KubernetesClientException(
          "HTTP " + answer.code(), new UncheckedIOException(broken));
    }
  }

  /// A proxy on the way answers in words of its own.
  private static Status status(String text, KubernetesSerialization json) {
    try {
      return json.unmarshal(text, Status.class);
    } catch (RuntimeException strange) {
      var status = new Status();
      status.setMessage(text);
      return status;
    }
  }

  /// Waits for the next change.
  ///
  /// @return nothing once the server has no more of them, be it that it forgot the version (410)
  /// @throws IOException when the connection broke, or what came is no change
  Optional<Change<T>> next() throws IOException {
    byte[] line = line();
    if (line.length == 0) {
      return Optional.empty();
    }
    try {
      Told<T> told = json.unmarshal(new ByteArrayInputStream(line), type);
      Action action = Action.valueOf(told.type());
      return action == Action.ERROR
          ? Optional.empty()
          : Optional.of(new Change<>(action, Objects.requireNonNull(told.object())));
    } catch (RuntimeException other) {
      if (isEnd(line)) {
        return Optional.empty();
      }
      throw new IOException("a change that cannot be read", other);
    }
  }

  /// What went wrong is told as an object of a type of its own.
  private boolean isEnd(byte[] line) {
    try {
      WatchEvent event = json.unmarshal(new ByteArrayInputStream(line), WatchEvent.class);
      return Action.ERROR.name().equals(event.getType());
    } catch (RuntimeException damaged) {
      return false;
    }
  }

  /// The next whole line; empty at the end.
  private byte[] line() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      if (from == to) {
        from = 0;
        to = Math.max(0, input.read(buffer));
        if (to == 0) {
          return new byte[0];
        }
      }
      int begun = from;
      while (from < to && buffer[from] != '\n') {
        from++;
      }
      if (line.size() + from - begun > LONGEST_LINE) {
        throw new IOException("a change is longer than " + LONGEST_LINE + " bytes");
      }
      line.write(buffer, begun, from - begun);
      if (from < to) {
        from++;
        return line.toByteArray();
      }
    }
  }

  /// Ends the connection; who waits for the next change gets an exception.
  @Override
  public void close() {
    try {
      input.close();
    } catch (IOException alreadyBroken) {
      // It was to end.
      return;
    }
  }
}
