package dev.slipway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// A server that speaks HTTP and answers as the test scripted it: for "METHOD /path?query", or
/// without the query, one answer after the other; the last one stays. What is not scripted is 404
/// with Marathon's body.
final class ScriptedServer implements AutoCloseable {
  record Request(String line, String body, Map<String, List<String>> headers) {}

  record Reply(int status, String body, String contentType) {}

  /// Writes a whole answer itself: a stream.
  interface Exchange {
    void handle(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final Map<String, Deque<Reply>> replies = new ConcurrentHashMap<>();
  private final Map<String, Exchange> exchanges = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  ScriptedServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  ScriptedServer on(String line, String... bodies) {
    replies.put(line, new ArrayDeque<>());
    for (String body : bodies) {
      then(line, 200, body);
    }
    return this;
  }

  ScriptedServer on(String line, int status, String body) {
    replies.put(line, new ArrayDeque<>());
    return then(line, status, body);
  }

  ScriptedServer then(String line, int status, String body) {
    queue(line).add(new Reply(status, body, "application/json"));
    return this;
  }

  ScriptedServer streaming(String line, Exchange exchange) {
    exchanges.put(line, exchange);
    return this;
  }

  List<String> lines() {
    return requests.stream().map(Request::line).toList();
  }

  Request request(String line) {
    return requests.stream()
        .filter(request -> request.line.equals(line))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + line + " in " + lines()));
  }

  private Deque<Reply> queue(String line) {
    return replies.computeIfAbsent(line, key -> new ArrayDeque<>());
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
    String query = exchange.getRequestURI().getRawQuery();
    String line = query == null ? path : path + "?" + query;
    byte[] sent = exchange.getRequestBody().readAllBytes();
    requests.add(
        new Request(
            line,
            new String(sent, StandardCharsets.UTF_8),
            Map.copyOf(exchange.getRequestHeaders())));
    Exchange special = exchanges.get(exchanges.containsKey(line) ? line : path);
    if (special != null) {
      special.handle(exchange);
      return;
    }
    Reply reply = reply(replies.containsKey(line) ? line : path);
    byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", reply.contentType);
    exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Reply reply(String line) {
    Deque<Reply> queue = replies.get(line);
    if (queue == null || queue.isEmpty()) {
      return new Reply(404, "{\"message\":\"" + line + " does not exist\"}", "application/json");
    }
    synchronized (queue) {
      return queue.size() > 1 ? queue.removeFirst() : queue.getFirst();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
