package dev.slipway.engine.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.OptionalInt;

/// Whether ports are free, found by binding them for a moment.
///
/// They are bound without listening: a process that is being forked meanwhile holds a copy of every
/// socket for some milliseconds, and a copy that listens would keep the port after we closed ours.
final class PortCheck {
  private static final List<String> ADDRESSES = List.of("0.0.0.0", "127.0.0.1");

  private PortCheck() {}

  /// The first port that somebody else listens on.
  static OptionalInt firstInUse(List<Integer> ports) {
    for (int port : ports) {
      for (String address : ADDRESSES) {
        try (var socket = new Socket()) {
          // As servers do: a connection that is still winding down does not count.
          socket.setReuseAddress(true);
          socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        } catch (IOException inUse) {
          return OptionalInt.of(port);
        }
      }
    }
    return OptionalInt.empty();
  }
}
