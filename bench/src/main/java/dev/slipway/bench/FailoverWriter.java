package dev.slipway.bench;

import dev.slipway.cli.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Clients that write all the time through any of the servers, each an app of its own, and turn to
/// the next server when one refuses or is silent. They note when writes were accepted.
final class FailoverWriter implements AutoCloseable {
  private static final int CLIENTS = 4;

  /// Who stands still is left alone soon, so that this wait does not count as the platform's.
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final Duration LAST_READS = Duration.ofSeconds(20);
  private static final long PAUSE_NANOSECONDS = 10_000_000;

  private final List<URI> servers;
  private final List<Client> clients = new ArrayList<>();
  private final ConcurrentSkipListSet<Long> accepted = new ConcurrentSkipListSet<>();
  private final AtomicLong failed = new AtomicLong();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private volatile boolean closed;

  private FailoverWriter(List<URI> servers) {
    this.servers = servers;
  }

  /// Begins to write.
  static FailoverWriter through(List<URI> servers) {
    var writer = new FailoverWriter(servers);
    for (int number = 0; number < CLIENTS; number++) {
      writer.clients.add(writer.new Client("/written/by-" + number, number));
    }
    writer.clients.forEach(client -> client.thread.start());
    return writer;
  }

  /// One after another writes ever higher numbers.
  private final class Client {
    private final String app;
    private final Thread thread;
    private int turn;
    private volatile long tried;
    private volatile long lastAccepted;

    Client(String app, int turn) {
      this.app = app;
      this.turn = turn % servers.size();
      this.thread = Thread.ofVirtual().name("writes " + app).unstarted(this::write);
    }

    private void write() {
      while (!closed) {
        long number = tried + 1;
        tried = number;
        try {
          if (ask(servers.get(turn), PATIENCE, "PUT", body(number)).statusCode() / 100 == 2) {
            lastAccepted = number;
            accepted.add(System.nanoTime());
            LockSupport.parkNanos(PAUSE_NANOSECONDS);
            continue;
          }
        } catch (IOException silent) {
          // Counted as what failed: it may have come about, or not.
        } catch (InterruptedException stop) {
          return;
        }
        failed.incrementAndGet();
        turn = (turn + 1) % servers.size();
        LockSupport.parkNanos(PAUSE_NANOSECONDS);
      }
    }

    private String body(long number) {
      return Json.object(Map.of("cmd", "sleep 3600", "instances", 0, "mem", 16))
          .with("labels", Json.object(Map.of("number", Long.toString(number))))
          .write();
    }

    private HttpResponse<byte[]> ask(URI server, Duration atMost, String method, String body)
        throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(server.resolve("/v2/apps" + app + "?force=true"))
              .timeout(atMost)
              .header("Content-Type", "application/json")
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build();
      return http.send(request, BodyHandlers.ofByteArray());
    }

    /// How many writes that were accepted are not there.
    private long lost(URI leader) throws IOException, InterruptedException {
      Json read = Json.read(ask(leader, LAST_READS, "GET", "").body());
      long there = Long.parseLong(read.at("app").at("labels").at("number").text("0"));
      if (there > tried) {
        throw new IllegalStateException(app + " holds what nobody wrote: " + there);
      }
      return Math.max(0, lastAccepted - there);
    }
  }

  /// Waits until a write is accepted from now on.
  void awaitAccepted() throws InterruptedException {
    long now = System.nanoTime();
    Wait.until("a write is accepted", Duration.ofMinutes(2), () -> accepted.ceiling(now) != null);
  }

  /// The longest time without a write that was accepted, from a moment on until now, in
  /// milliseconds.
  double longestGapSince(long moment) {
    long before = moment;
    long longest = 0;
    for (long each : accepted.tailSet(moment)) {
      longest = Math.max(longest, each - before);
      before = each;
    }
    return longest / 1e6;
  }

  /// How many writes were refused, or never answered, since this was asked last.
  double failedSinceLastAsked() {
    return failed.getAndSet(0);
  }

  /// Ends the writing.
  ///
  /// @return how many writes that were accepted are not there
  double lost(URI leader) throws IOException, InterruptedException {
    stop();
    long lost = 0;
    for (Client client : clients) {
      lost += client.lost(leader);
    }
    return lost;
  }

  private void stop() throws InterruptedException {
    closed = true;
    for (Client client : clients) {
      client.thread.join();
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
