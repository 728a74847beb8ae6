package dev.slipway.endtoend.harness;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Ports that nobody listens on, below those that the kernel and Slipway hand out themselves:
/// nobody takes them by chance.
public final class FreePort {
  private static final int FIRST = 21_000;
  private static final int LAST = 24_000;
  private static final int FIRST_FOR_LONG = 24_000;
  private static final int LAST_FOR_LONG = 25_000;

  private FreePort() {}

  public static int find() {
    return insteadOf(FIRST, Set.of());
  }

  /// One that nobody else takes either while its listener is away for a moment.
  public static int findForLong() {
    int port = ThreadLocalRandom.current().nextInt(FIRST_FOR_LONG, LAST_FOR_LONG);
    return isFree(port) ? port : findForLong();
  }

  /// That port if it is free, else another one.
  ///
  /// @param taken ports that do not count as free
  static int insteadOf(int wanted, Collection<Integer> taken) {
    if (isFree(wanted) && !taken.contains(wanted)) {
      return wanted;
    }
    for (int port = FIRST; port < LAST; port++) {
      if (!taken.contains(port) && isFree(port)) {
        return port;
      }
    }
    throw new AssertionError("no port is free");
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException inUse) {
      return false;
    }
  }
}
