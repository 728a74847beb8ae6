package dev.slipway.server.http;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way in: every request, for whatever path, passes here before anything looks at where it
/// wants to go. Decides whether it is let through, sets the headers that every answer has, and
/// tells of every request that was answered.
///
/// Paths are compared as the client wrote them, which is what routes are matched against, too:
/// there is no second spelling that one takes for something else than the other.
final class Gate extends Handler.Wrapper {
  private static final Logger ACCESS = LoggerFactory.getLogger("dev.slipway.access");
  private static final int MAX_LOGGED_PATH = 300;

  private static final Map<String, String> ANSWER_HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Cache-Control", "no-store");

  private final HttpLimits limits;
  private final Callers callers;
  private final Optional<Login> login;
  private final ProofCheck proofs;
  private final BodyRule bodies;
  private final SlowHeaders slowHeaders;
  private final Consumer<ServedRequest> observer;
  private final Semaphore room;

  Gate(
      HttpSettings settings,
      List<String> uploads,
      ProofCheck proofs,
      SlowHeaders slowHeaders,
      Consumer<ServedRequest> observer) {
    this.limits = settings.limits();
    this.callers = new Callers(settings.isLoopback());
    this.login = settings.token().map(Login::new);
    this.proofs = proofs;
    this.bodies = new BodyRule(limits.bodyBytes(), uploads);
    this.slowHeaders = slowHeaders;
    this.observer = observer;
    this.room = new Semaphore(limits.requests());
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    var exchange = new Exchange(request.getConnectionMetaData().getConnection());
    slowHeaders.begin(exchange.connection());
    boolean entered = room.tryAcquire();
    Request.addCompletionListener(
        request,
        failure -> {
          if (entered) {
            room.release();
          }
          slowHeaders.end(exchange.connection());
          tell(request, response, exchange);
        });
    ANSWER_HEADERS.forEach((name, value) -> response.getHeaders().put(name, value));
    Optional<Refusal> refusal = entered ? check(request) : Optional.of(busy());
    if (refusal.isPresent()) {
      refuse(request, response, callback, refusal.get());
      return true;
    }
    request.setAttribute(Exchange.ATTRIBUTE, exchange);
    return super.handle(metered(request), response, callback);
  }

  private Optional<Refusal> check(Request request) {
    HttpFields headers = request.getHeaders();
    String method = request.getMethod();
    String path = path(request);
    if (request.getHttpURI().getPathQuery().length() > limits.targetBytes()) {
      return Optional.of(
          new Refusal(414, "the address is longer than " + limits.targetBytes() + " characters"));
    }
    return callers
        .check(headers)
        .or(() -> proofOrToken(request, path))
        .or(() -> bodies.check(method, path, headers));
  }

  private Optional<Refusal> proofOrToken(Request request, String path) {
    if (proofs.covers(path)) {
      String query = request.getHttpURI().getQuery();
      return proofs.check(path, query == null ? "" : query, remote(request));
    }
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return login.flatMap(asked -> asked.check(path, remote(request), authorization));
  }

  private Refusal busy() {
    return new Refusal(
        503,
        "%d requests are being handled; try again".formatted(limits.requests()),
        Map.of("Retry-After", "1"));
  }

  private Request metered(Request request) {
    boolean upload = bodies.isUpload(request.getMethod(), path(request));
    return new MeteredBody(request, upload ? Long.MAX_VALUE : limits.bodyBytes(), limits);
  }

  /// A refused body is not read: the connection ends with the answer.
  private static void refuse(
      Request request, Response response, Callback callback, Refusal refusal) {
    response.setStatus(refusal.status());
    refusal.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    if (request.getLength() != 0) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    var body = ErrorBody.of(path(request), refusal.status(), refusal.text());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, body.contentType());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.bytes().length);
    ByteBuffer bytes = ByteBuffer.wrap(body.bytes());
    response.write(true, bytes, callback);
  }

  /// One line a changing request: who did what, and how it ended. No query, body or header is
  /// logged: they may hold secrets.
  private void tell(Request request, Response response, Exchange exchange) {
    var duration = Duration.ofNanos(System.nanoTime() - exchange.begin());
    if (BodyRule.isChanging(request.getMethod())) {
      String path = path(request);
      ACCESS.info(
          "http.request method={} path={} status={} remote={} ms={}",
          request.getMethod(),
          path.substring(0, Math.min(path.length(), MAX_LOGGED_PATH)),
          response.getStatus(),
          remote(request),
          duration.toMillis());
    }
    observer.accept(
        new ServedRequest(request.getMethod(), exchange.route(), response.getStatus(), duration));
  }

  private static String path(Request request) {
    String path = request.getHttpURI().getPath();
    return path == null ? "" : path;
  }

  private static String remote(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "unknown";
  }
}
