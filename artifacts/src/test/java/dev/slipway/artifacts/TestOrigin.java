package dev.slipway.artifacts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/// An HTTP server that answers byte for byte as a test says, so that it can do what servers must
/// not. One request a connection, which ends when the answer is written.
final class TestOrigin implements AutoCloseable {
  record Request(int number, String path, Map<String, String> headers) {
    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  interface Answer {
    void write(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ServerSocket listener;
  private final Answer answer;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  TestOrigin(Answer answer) throws IOException {
    this(answer, ServerSocketFactory.getDefault());
  }

  TestOrigin(Answer answer, ServerSocketFactory sockets) throws IOException {
    this.answer = answer;
    listener = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.add(Thread.ofVirtual().start(this::accept));
  }

  /// Serves one body, with headers, to every request.
  static TestOrigin serving(byte[] body, String... headers) throws IOException {
    return new TestOrigin((request, out) -> ok(out, body, headers));
  }

  /// Answers by path; what is null is not found.
  static TestOrigin byPath(Function<String, Optional<byte[]>> bodies) throws IOException {
    return new TestOrigin(
        (request, out) -> {
          Optional<byte[]> body = bodies.apply(request.path());
          if (body.isPresent()) {
            ok(out, body.get());
          } else {
            status(out, "404 Not Found");
          }
        });
  }

  String uri(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  int port() {
    return listener.getLocalPort();
  }

  static void ok(OutputStream out, byte[] body, String... headers) throws IOException {
    head(out, "200 OK", body.length, headers);
    out.write(body);
  }

  static void status(OutputStream out, String status, String... headers) throws IOException {
    head(out, status, 0, headers);
  }

  static void head(OutputStream out, String status, long length, String... headers)
      throws IOException {
    var text = new StringBuilder("HTTP/1.1 " + status + "\r\n");
    text.append("Content-Length: ").append(length).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        threads.add(Thread.ofVirtual().start(() -> serve(socket)));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String first = in.readLine();
      if (first == null) {
        return;
      }
      var headers = new TreeMap<String, String>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      Request request;
      synchronized (this) {
        request = new Request(requests.size() + 1, first.split(" ")[1], headers);
        requests.add(request);
      }
      answer.write(request, socket.getOutputStream());
      socket.getOutputStream().flush();
    } catch (IOException | InterruptedException e) {
      // The other side has gone, or the test is over.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.forEach(Thread::interrupt);
  }
}
