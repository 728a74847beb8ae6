package dev.slipway.bench.kubernetes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports of the loopback address that nobody listens on, for programs that cannot choose one. They
/// lie below those that systems give to outgoing connections, which would take them meanwhile.
///
/// Any thread may ask; each is given other ones.
final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() % COUNT));

  private FreePorts() {}

  /// Different ones each time, in turn.
  ///
  /// @throws IllegalStateException when there are not so many
  static List<Integer> find(int count) {
    List<Integer> found = new ArrayList<>();
    for (int tried = 0; tried < COUNT && found.size() < count; tried++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) {
        found.add(port);
      }
    }
    if (found.size() < count) {
      throw new IllegalStateException("there are no " + count + " free ports");
    }
    return found;
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
