package dev.slipway.server.several;

import static org.awaitility.Awaitility.await;

import dev.slipway.server.http.RawClient;
import dev.slipway.server.several.Platform.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A client that makes one app after the other, each through the next of some servers, without a
/// pause. What it was told to be accepted has to be there ever after.
final class StandbyWriter implements AutoCloseable {
  private final List<Member> servers;
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  private StandbyWriter(List<Member> servers) {
    this.servers = List.copyOf(servers);
    this.thread = Thread.ofVirtual().name("standby-writer").unstarted(this::run);
  }

  static StandbyWriter through(List<Member> servers) {
    var writer = new StandbyWriter(servers);
    writer.thread.start();
    return writer;
  }

  private void run() {
    for (int number = 0; !closed; number++) {
      String id = "written-" + number;
      RawClient.Answer answer =
          servers
              .get(number % servers.size())
              .client()
              .send("POST", "/v2/apps", Platform.app(id, 0), "Content-Type: application/json");
      if (answer.status() == 201) {
        accepted.add(id);
      }
    }
  }

  /// Waits until so many more were accepted.
  void awaitAccepted(int more) {
    int before = accepted.size();
    await().atMost(Platform.PATIENCE).until(() -> accepted.size() >= before + more);
  }

  /// Writes no more; all that was accepted.
  List<String> stop() {
    close();
    return new ArrayList<>(accepted);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
