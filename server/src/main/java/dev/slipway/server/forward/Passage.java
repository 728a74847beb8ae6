package dev.slipway.server.forward;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes requests on to the leader and its answers back, both as they come, without keeping more
/// than a part of them: an event stream arrives event by event, an artifact of gigabytes takes no
/// memory. Requests under way end when another server leads, since the one that was asked need not
/// notice that its clients wait.
///
/// Each request holds the thread that handles it. Any thread may call.
public final class Passage implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(1);

  /// From the request's begin to the answer's: a leader answers wishes within 30 s.
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /// For bodies that are streamed, such as artifacts.
  private static final Duration LONG_ANSWER = Duration.ofHours(1);

  private static final long LONG = 16L << 20;

  /// How long a client that wrote waits until this server knows of it as well. Beyond that the
  /// answer is given all the same: what was written is written.
  private static final Duration OWN_WRITES = Duration.ofSeconds(2);

  /// What a leader has to answer with that leads no more.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final int PART = 16 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(Passage.class);

  private final Surroundings surroundings;
  private final HttpClient client;
  private final Set<UnderWay> underWay = ConcurrentHashMap.newKeySet();

  /// A request that the leader has.
  private static final class UnderWay {
    final URI leader;
    final CompletableFuture<HttpResponse<InputStream>> answer;

    UnderWay(URI leader, CompletableFuture<HttpResponse<InputStream>> answer) {
      this.leader = leader;
      this.answer = answer;
    }

    void cancel() {
      if (!answer.cancel(true) && !answer.isCompletedExceptionally()) {
        closeQuietly(answer.join().body());
      }
    }
  }

  /// Nothing was answered yet, and this is the answer.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final transient Optional<String> retryAfter;

    Refused(int status, String text, Optional<String> retryAfter) {
      super(text, null, false, false);
      this.status = status;
      this.retryAfter = retryAfter;
    }

    int status() {
      return status;
    }

    String text() {
      return String.valueOf(getMessage());
    }

    Optional<String> retryAfter() {
      return retryAfter;
    }
  }

  /// The answer broke off in the middle; so does the connection to the client.
  static final class Broken extends IOException {
    private static final long serialVersionUID = 1;

    Broken(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  public Passage(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /// Ends what is under way to any other server than this one, unless that ends it soon itself, as
  /// one does that gave the lead away.
  public void leaderIs(Optional<URI> leader) {
    List<UnderWay> left =
        underWay.stream().filter(one -> !leader.equals(Optional.of(one.leader))).toList();
    if (!left.isEmpty()) {
      Thread.ofVirtual().name("forward-end").start(() -> endSoon(left));
    }
  }

  private void endSoon(List<UnderWay> left) {
    try {
      TimeUnit.MILLISECONDS.sleep(LAST_WORDS.toMillis());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    left.stream().filter(underWay::contains).forEach(UnderWay::cancel);
  }

  void pass(URI leader, Request request, Response response) throws Refused, Broken {
    var one =
        new UnderWay(
            leader, client.sendAsync(forwarded(leader, request), BodyHandlers.ofInputStream()));
    underWay.add(one);
    try {
      HttpResponse<InputStream> answer = answer(one);
      try (InputStream body = answer.body()) {
        waitForOwnWrite(request, answer);
        copyHead(answer, response);
        copyBody(body, response);
      } catch (IOException broken) {
        throw new Broken(broken);
      }
    } finally {
      underWay.remove(one);
    }
  }

  private HttpRequest forwarded(URI leader, Request request) {
    long length = request.getLength();
    boolean isLong = length > LONG || (length < 0 && hasBody(request));
    var builder =
        HttpRequest.newBuilder(URI.create(leader + request.getHttpURI().getPathQuery()))
            .timeout(isLong ? LONG_ANSWER : ANSWER)
            .method(request.getMethod(), body(request));
    Set<String> staying = Hops.staying(request.getHeaders());
    for (HttpField field : request.getHeaders()) {
      if (!staying.contains(field.getName().toLowerCase(Locale.ROOT)) && field.getValue() != null) {
        builder.header(field.getName(), field.getValue());
      }
    }
    return builder.header(Forwarding.VIA, Hops.via(surroundings.self())).build();
  }

  private static boolean hasBody(Request request) {
    return request.getLength() > 0 || request.getHeaders().contains("Transfer-Encoding");
  }

  private static BodyPublisher body(Request request) {
    if (!hasBody(request)) {
      return BodyPublishers.noBody();
    }
    BodyPublisher stream =
        BodyPublishers.ofInputStream(() -> Content.Source.asInputStream(request));
    return request.getLength() > 0
        ? BodyPublishers.fromPublisher(stream, request.getLength())
        : stream;
  }

  private static HttpResponse<InputStream> answer(UnderWay one) throws Refused {
    try {
      return one.answer.get();
    } catch (InterruptedException stop) {
      one.cancel();
      Thread.currentThread().interrupt();
      throw new Refused(503, "this server ends; try another one", Optional.of("1"));
    } catch (CancellationException gone) {
      throw lost(one, "it leads no more");
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      if (cause instanceof HttpConnectTimeoutException || cause instanceof ConnectException) {
        throw new Refused(
            503,
            "the leader at %s is not reached; try again".formatted(one.leader),
            Optional.of("1"));
      }
      if (cause instanceof HttpTimeoutException) {
        throw new Refused(
            504,
            "the leader at %s does not answer; look whether it took effect".formatted(one.leader),
            Optional.empty());
      }
      throw lost(one, String.valueOf(cause == null ? "" : cause.getMessage()));
    }
  }

  private static Refused lost(UnderWay one, String why) {
    return new Refused(
        502,
        "the connection to the leader at %s broke (%s); look whether it took effect"
            .formatted(one.leader, why),
        Optional.empty());
  }

  private void waitForOwnWrite(Request request, HttpResponse<InputStream> answer) {
    boolean wrote = !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
    if (!wrote) {
      return;
    }
    answer
        .headers()
        .firstValueAsLong(Forwarding.SEQUENCE)
        .ifPresent(
            sequence -> {
              try {
                var _ = surroundings.await(sequence, OWN_WRITES);
              } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static void copyHead(HttpResponse<InputStream> answer, Response response) {
    response.setStatus(answer.statusCode());
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (Hops.comesBack(name)) {
                response.getHeaders().put(name, values);
              }
            });
  }

  private static void copyBody(InputStream body, Response response) throws IOException {
    byte[] part = new byte[PART];
    int length = body.read(part);
    while (length >= 0) {
      try (Blocker.Callback written = Blocker.callback()) {
        response.write(false, ByteBuffer.wrap(part, 0, length), written);
        written.block();
      }
      length = body.read(part);
    }
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException failure) {
      LOG.debug("forward.close reason=\"{}\"", failure.getMessage());
    }
  }

  @Override
  public void close() {
    underWay.forEach(UnderWay::cancel);
    client.shutdownNow();
  }
}
