package dev.slipway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The network between a server and what it needs: a port of the loopback address that passes bytes
/// on in both directions.
///
/// Silent, it holds them back, as a network does that loses each packet: nobody is told that the
/// other side is away, and what was sent arrives late, once the line is well again. Cut, it ends
/// all connections and takes no new ones, as a machine does whose program has ended.
public final class Wire implements AutoCloseable {
  public enum Direction {
    /// From the server to what it needs.
    THERE,

    /// From there to the server.
    BACK
  }

  private static final int BUFFER = 16 * 1024;
  private static final int CONNECT_MILLIS = 2_000;

  private volatile InetSocketAddress target;
  private final ServerSocket entrance;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Direction> silent = EnumSet.noneOf(Direction.class);
  private volatile boolean cut;

  private Wire(InetSocketAddress target) throws IOException {
    this.target = target;
    this.entrance = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  }

  public static Wire to(String host, int port) {
    try {
      var wire = new Wire(new InetSocketAddress(host, port));
      Thread.ofVirtual().name("wire").start(wire::accept);
      return wire;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /// Where a server reaches it, on 127.0.0.1.
  public int port() {
    return entrance.getLocalPort();
  }

  /// Leads to another port of the same machine from now on, if it led to this one.
  public void leadTo(int port, int instead) {
    InetSocketAddress now = target;
    if (now.getPort() == instead) {
      target = new InetSocketAddress(now.getAddress(), port);
    }
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket near = entrance.accept();
        if (cut) {
          near.close();
          continue;
        }
        Thread.ofVirtual().start(() -> join(near));
      } catch (IOException closed) {
        // A closed wire ends the loop; anything else concerns one connection alone.
      }
    }
  }

  private void join(Socket near) {
    connections.add(near);
    var far = new Socket();
    connections.add(far);
    try {
      far.connect(target, CONNECT_MILLIS);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
    } catch (IOException away) {
      end(near);
      end(far);
      return;
    }
    Thread.ofVirtual().start(() -> pass(near, far, Direction.THERE));
    Thread.ofVirtual().start(() -> pass(far, near, Direction.BACK));
    if (cut) {
      end(near);
      end(far);
    }
  }

  private void pass(Socket from, Socket to, Direction direction) {
    var buffer = new byte[BUFFER];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitSound(direction);
        out.write(buffer, 0, read);
      }
      // The end of a connection is a packet like any other.
      awaitSound(direction);
    } catch (IOException ended) {
      // Both ends learn of it below.
    } finally {
      end(from);
      end(to);
    }
  }

  private void awaitSound(Direction direction) {
    lock.lock();
    try {
      while (silent.contains(direction) && !cut) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
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

  /// Nothing arrives any more.
  public void silence() {
    silence(Direction.THERE);
    silence(Direction.BACK);
  }

  /// Nothing arrives in this direction any more.
  public void silence(Direction direction) {
    lock.lock();
    try {
      silent.add(direction);
    } finally {
      lock.unlock();
    }
  }

  /// Ends all connections; new ones end at once.
  public void cut() {
    cut = true;
    wake();
    Set.copyOf(connections).forEach(this::end);
  }

  /// All is well again: what was held back arrives.
  public void mend() {
    cut = false;
    lock.lock();
    try {
      silent.clear();
    } finally {
      lock.unlock();
    }
    wake();
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      entrance.close();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } finally {
      cut();
    }
  }
}
