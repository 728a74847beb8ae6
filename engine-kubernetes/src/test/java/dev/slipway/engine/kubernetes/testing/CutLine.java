package dev.slipway.engine.kubernetes.testing;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A line to a server on this machine that can be cut: a port that passes bytes on in both
/// directions. Cut, it ends all connections and takes no new ones.
public final class CutLine implements AutoCloseable {
  private final int target;
  private final ServerSocket entrance;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  private CutLine(int target) throws IOException {
    this.target = target;
    this.entrance = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  }

  /// @param port where the server listens on 127.0.0.1
  public static CutLine to(int port) throws IOException {
    var line = new CutLine(port);
    Thread.ofVirtual().name("line").start(line::accept);
    return line;
  }

  /// The same configuration, through this line.
  public Config through(Config configuration) {
    return new ConfigBuilder(configuration)
        .withMasterUrl("https://127.0.0.1:" + entrance.getLocalPort())
        .build();
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket near = entrance.accept();
        if (cut) {
          near.close();
          continue;
        }
        join(near);
      } catch (IOException closedOrServerAway) {
        // The next connection is tried anew; a closed line ends the loop.
      }
    }
  }

  private void join(Socket near) throws IOException {
    connections.add(near);
    Socket far;
    try {
      far = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException away) {
      end(near);
      throw away;
    }
    connections.add(far);
    Thread.ofVirtual().start(() -> pass(near, far));
    Thread.ofVirtual().start(() -> pass(far, near));
    if (cut) {
      end(near);
      end(far);
    }
  }

  private void pass(Socket from, Socket to) {
    try (InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // Both ends learn of it below.
    } finally {
      end(from);
      end(to);
    }
  }

  private void end(Socket socket) {
    connections.remove(socket);
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      return;
    }
  }

  /// Ends all connections; new ones end at once.
  public void cut() {
    cut = true;
    Set.copyOf(connections).forEach(this::end);
  }

  public void mend() {
    cut = false;
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    cut();
  }
}
