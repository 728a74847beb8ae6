package dev.slipway.example.crawler.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// A small HTTP server on the JDK's own: GET and HEAD, one virtual thread a request, at most
/// [#CONCURRENT] at once.
public final class WebServer implements AutoCloseable {
  private static final int CONCURRENT = 256;
  private static final int BACKLOG = 256;
  private static final Answer BUSY = Answer.text(503, "too many requests at once");
  private static final Answer METHOD = Answer.text(405, "only GET and HEAD");
  private static final Answer FAULT = Answer.text(500, "internal error");

  static {
    // Without this a small answer waits 40 ms for the client's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(CONCURRENT);
  private final EventLog log;

  private WebServer(HttpServer server, EventLog log) {
    this.server = server;
    this.log = log;
  }

  /// An answer to a request.
  @SuppressWarnings("ArrayRecordComponent") // written once, never compared
  public record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
    public static Answer of(int status, String contentType, String body) {
      return new Answer(status, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public static Answer text(int status, String body) {
      return of(status, "text/plain; charset=utf-8", body + "\n");
    }

    public static Answer json(String body) {
      return of(200, "application/json", body);
    }

    public static Answer health(Progress.Health health) {
      if (health.good()) {
        return text(200, health.reason());
      }
      return text(503, health.reason());
    }

    public Answer with(String header, String value) {
      return new Answer(status, contentType, body, Map.of(header, value));
    }
  }

  /// Starts to listen.
  ///
  /// @param bind the address, `0.0.0.0` for all of this machine
  /// @param port the port, 0 for any free one
  /// @param answers the answer for a path with its query
  public static WebServer start(
      String bind, int port, EventLog log, Function<URI, Answer> answers) {
    try {
      WebServer web =
          new WebServer(HttpServer.create(new InetSocketAddress(bind, port), BACKLOG), log);
      web.server.createContext("/", exchange -> web.serve(exchange, answers));
      web.server.setExecutor(web.threads);
      web.server.start();
      return web;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + bind + ":" + port, e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange, Function<URI, Answer> answers) throws IOException {
    try (exchange) {
      write(exchange, answer(exchange, answers));
    }
  }

  private Answer answer(HttpExchange exchange, Function<URI, Answer> answers) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return METHOD;
    }
    if (!places.tryAcquire()) {
      return BUSY;
    }
    try {
      return answers.apply(exchange.getRequestURI());
    } catch (RuntimeException e) {
      log.fact(
          "request-failed",
          "path",
          exchange.getRequestURI().getPath(),
          "error",
          Objects.toString(e));
      return FAULT;
    } finally {
      places.release();
    }
  }

  private static void write(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    if (exchange.getRequestMethod().equals("HEAD") || answer.body().length == 0) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(answer.body());
    }
  }
}
