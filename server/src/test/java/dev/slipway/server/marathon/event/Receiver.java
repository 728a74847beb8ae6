package dev.slipway.server.marathon.event;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// Somebody who is called back, and answers as a test says.
final class Receiver implements AutoCloseable {
  final List<String> types = new CopyOnWriteArrayList<>();
  final List<String> bodies = new CopyOnWriteArrayList<>();
  final CountDownLatch held = new CountDownLatch(1);
  volatile int status = 200;
  volatile boolean holding;
  private final HttpServer server;

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          if (holding) {
            waitForEver();
          }
          if (status == 200) {
            bodies.add(new String(body, java.nio.charset.StandardCharsets.UTF_8));
            types.add(Json.read(body).path("eventType").asString(""));
          }
          exchange.getResponseHeaders().add("Location", url());
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  private void waitForEver() {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/callback?token=t";
  }

  @Override
  public void close() {
    held.countDown();
    server.stop(0);
  }
}
