package dev.slipway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testing.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PostgresBellTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private PostgresServer server;

  @BeforeEach
  void find() {
    var shared = PostgresServer.shared();
    Assumptions.assumeTrue(shared.isPresent(), "PostgreSQL is not installed");
    server = shared.orElseThrow();
  }

  @Test
  void aConnectionThatIsMadeWhileTheListenerIsClosedIsNotKept() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (var gate = new ServerSocket(0, 1, here)) {
      Bell.Listener ear = ear("127.0.0.1:" + gate.getLocalPort());
      FutureTask<Boolean> waiting = waiting(ear);
      try (Socket client = gate.accept();
          Socket database = new Socket(here, server.port())) {
        ear.close();
        client.setSoTimeout(60_000);
        Thread answers = Thread.ofVirtual().start(() -> pass(database, client));
        // Ends when the client hangs up.
        pass(client, database);
        answers.join();
      }
      assertThat(waiting.get(60, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void whoWaitsIsLetGoWhenTheListenerIsClosed() throws Exception {
    Bell.Listener ear = ear("127.0.0.1:" + server.port());
    assertThat(ear.await(LONG)).as("it listens from now on").isFalse();
    FutureTask<Boolean> waiting = waiting(ear);
    ear.close();
    assertThat(waiting.get(60, TimeUnit.SECONDS)).isFalse();
    assertThat(ear.await(LONG)).as("once it is closed").isFalse();
  }

  private static Bell.Listener ear(String host) {
    return new PostgresBell(Places.of(PostgresServer.newSchema(), host, "")).listen();
  }

  private static FutureTask<Boolean> waiting(Bell.Listener ear) {
    var waiting = new FutureTask<>(() -> ear.await(LONG));
    Thread.ofVirtual().start(waiting);
    return waiting;
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
