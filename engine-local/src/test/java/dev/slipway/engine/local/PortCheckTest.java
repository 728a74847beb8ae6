package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortCheckTest {
  private static final int FORKERS = 3;
  private static final int CHECKS = 2_000;

  @Test
  void aPortThatSomebodyListensOnIsInUseOnWhateverAddress() throws IOException {
    for (String address : List.of("0.0.0.0", "127.0.0.1", "::")) {
      try (var listening = new ServerSocket()) {
        listening.setReuseAddress(true);
        listening.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
        int port = listening.getLocalPort();
        assertThat(PortCheck.firstInUse(List.of(port))).as(address).hasValue(port);
      }
    }
  }

  @Test
  void aFreePortIsFreeHoweverManyProcessesAreBeingStarted() {
    // Below the range from which the kernel takes ports for connections of anybody.
    int port =
        IntStream.range(20_000, 30_000).filter(PortCheckTest::canListen).findAny().orElseThrow();
    var enough = new AtomicBoolean();
    List<Thread> forkers =
        Stream.generate(() -> Thread.ofPlatform().name("forker").start(() -> fork(enough)))
            .limit(FORKERS)
            .toList();
    try {
      long inUse =
          IntStream.range(0, CHECKS)
              .filter(check -> PortCheck.firstInUse(List.of(port)).isPresent())
              .count();
      assertThat(inUse).isZero();
    } finally {
      enough.set(true);
      forkers.forEach(PortCheckTest::join);
    }
  }

  private static boolean canListen(int port) {
    try (var listening = new ServerSocket(port)) {
      return listening.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }

  private static void fork(AtomicBoolean enough) {
    while (!enough.get()) {
      try {
        new ProcessBuilder("/bin/true").start().waitFor();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
