package dev.slipway.server.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;

/// Asks a task by HTTP. Each question has a connection of its own that is closed after the answer:
/// a kept connection would hold a server that serves one at a time, and might reach another task
/// that has the port by then. Redirects are answers; certificates are not verified.
final class Web {
  /// Bytes of a body that are read at most.
  static final int MAX_BODY = 16 * 1024;

  private Web() {}

  /// @param body empty unless asked for
  record Answer(int status, String contentType, String body) {}

  /// Where a task is asked.
  ///
  /// @param path with a slash in front or not
  /// @throws IOException when that is the path of no URL, as apps may have that are older than the
  ///     rule for it
  static URI uri(boolean tls, Site site, String path) throws IOException {
    String scheme = tls ? "https://" : "http://";
    String slash = path.startsWith("/") ? "" : "/";
    try {
      return new URI(scheme + site + slash + path);
    } catch (URISyntaxException notOne) {
      throw new IOException("the path '" + path + "' is not that of a URL", notOne);
    }
  }

  /// A timeout as sockets take it: at most 24 days, which is as good as for ever.
  static int millis(Duration timeout) {
    return (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
  }

  /// The answer; nothing when it did not come in time.
  static Optional<Answer> get(URI uri, Duration timeout, boolean withBody) throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    if (connection instanceof HttpsURLConnection secure) {
      AnyCertificate.accept(secure);
    }
    int millis = millis(timeout);
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Connection", "close");
    connection.setRequestProperty("User-Agent", "slipway-health-check");
    try (var deadline = Deadline.after(timeout, connection::disconnect)) {
      int status = connection.getResponseCode();
      String body = withBody ? body(connection) : "";
      if (deadline.passed()) {
        return Optional.empty();
      }
      String type = connection.getContentType();
      return Optional.of(new Answer(status, type == null ? "" : type, body));
    } finally {
      connection.disconnect();
    }
  }

  private static String body(HttpURLConnection connection) throws IOException {
    boolean failed = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
    InputStream stream = failed ? connection.getErrorStream() : connection.getInputStream();
    if (stream == null) {
      return "";
    }
    try (stream) {
      return new String(stream.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
    }
  }
}
