package dev.slipway.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// Sends requests letter by letter, as no HTTP library would, and reads one answer a connection.
public final class RawClient {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// An answer; names of headers in lower case.
  public record Answer(int status, TreeMap<String, String> headers, String body) {
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  private final int port;

  public RawClient(int port) {
    this.port = port;
  }

  /// A connection to write on as a test likes.
  public Socket connect() {
    try {
      var socket = new Socket();
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Answer get(String target, String... headers) {
    return send("GET", target, Optional.empty(), headers);
  }

  public Answer send(String method, String target, String body, String... headers) {
    return send(method, target, Optional.of(body), headers);
  }

  /// @param headers lines such as `Accept: text/plain`; a `Host` line replaces the usual one
  public Answer send(String method, String target, Optional<String> body, String... headers) {
    var text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    boolean hosted = false;
    for (String header : headers) {
      text.append(header).append("\r\n");
      hosted |= header.toLowerCase(Locale.ROOT).startsWith("host:");
    }
    if (!hosted) {
      text.append("Host: localhost:").append(port).append("\r\n");
    }
    body.ifPresent(
        bytes ->
            text.append("Content-Length: ")
                .append(bytes.getBytes(StandardCharsets.UTF_8).length)
                .append("\r\n"));
    text.append("Connection: close\r\n\r\n");
    body.ifPresent(text::append);
    return raw(text.toString());
  }

  /// Sends text as it is.
  public Answer raw(String text) {
    try (Socket socket = connect()) {
      try {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
      } catch (IOException refusedEarly) {
        // The answer may be there although not everything was taken.
      }
      return read(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads an answer up to the end of the connection.
  public static Answer read(InputStream stream) throws IOException {
    String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IOException("no answer, but '" + text + "'");
    }
    String[] lines = text.substring(0, end).split("\r\n");
    var headers = new TreeMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    int status = Integer.parseInt(lines[0].split(" ")[1]);
    return new Answer(status, headers, text.substring(end + 4));
  }
}
