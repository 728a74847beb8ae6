package dev.slipway.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Stands between a client and a server on this machine and can cut a connection at a chosen place
/// of what goes through it, or all of them.
public final class CuttingProxy implements AutoCloseable {
  /// Where a connection is cut once.
  ///
  /// @param text looked for in what the client sends
  /// @param delivered whether the server still gets it, and only its answer is lost
  public record Cut(String text, boolean delivered) {}

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean taken = new AtomicBoolean(true);
  private volatile Cut armed = new Cut("", false);
  private volatile boolean cut;

  /// @param target the server's port
  public CuttingProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Cuts the next connection on which the text is sent.
  public void arm(Cut cut) {
    this.cut = false;
    armed = cut;
    taken.set(false);
  }

  /// Whether that happened.
  public boolean isCut() {
    return cut;
  }

  /// Cuts all that there are now. New ones are let through.
  public void cutAll() {
    open.forEach(CuttingProxy::end);
  }

  private void accept() {
    try {
      while (true) { // Until it is closed.
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> pass(client, server, true));
        Thread.ofVirtual().start(() -> pass(server, client, false));
      }
    } catch (IOException closed) {
      cutAll();
    }
  }

  private void pass(Socket from, Socket to, boolean asked) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var buffer = new byte[1 << 16];
      int count = in.read(buffer);
      while (count >= 0) {
        Cut wanted = armed;
        boolean now = asked && contains(buffer, count, wanted) && taken.compareAndSet(false, true);
        if (now && wanted.delivered()) {
          end(from); // The answer finds nobody.
        }
        if (!now || wanted.delivered()) {
          out.write(buffer, 0, count);
          out.flush();
        }
        if (now) {
          drain(to, wanted);
          return;
        }
        count = in.read(buffer);
      }
    } catch (IOException gone) {
      end(from);
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /// Lets the server finish before it sees its client gone.
  private void drain(Socket server, Cut done) throws IOException {
    cut = true;
    if (done.delivered()) {
      server.shutdownOutput();
    }
  }

  private static boolean contains(byte[] buffer, int count, Cut cut) {
    return new String(buffer, 0, count, StandardCharsets.ISO_8859_1).contains(cut.text());
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    cutAll();
  }
}
