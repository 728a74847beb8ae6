package dev.slipway.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The server, as the command asks it: one blocking HTTP request at a time.
///
/// Over `HttpURLConnection`: the first request of a process takes 60 ms with it and 390 ms with
/// `java.net.http`. Redirects are not followed, so that the token goes only where the person sent
/// it. Every answer but 2xx is a [Complaint] with the exit code that fits; [#ask] leaves a 404 to
/// the caller.
public final class Api {
  private static final int CONNECT_MILLISECONDS = 5_000;
  private static final int READ_MILLISECONDS = 60_000;
  private static final int LARGEST_ANSWER = 256 * 1024 * 1024;
  private static final int LARGEST_PROBLEM = 1024 * 1024;

  private final URI server;
  private final @Nullable String token;

  /// What the server answered to a request that it carried out.
  public static final class Answer {
    private final int status;
    private final byte[] body;
    private final @Nullable String tag;

    Answer(int status, byte[] body, @Nullable String tag) {
      this.status = status;
      this.body = body;
      this.tag = tag;
    }

    /// What tells this version from others (`ETag`), where the server says it.
    @Nullable String tag() {
      return tag;
    }

    /// The bytes as they came; not to be changed.
    byte[] body() {
      return body;
    }

    public boolean found() {
      return status != HttpURLConnection.HTTP_NOT_FOUND;
    }

    public Json json() {
      try {
        return Json.read(body);
      } catch (tools.jackson.core.JacksonException e) {
        throw Complaint.of(Exit.FAILED, "The answer is no JSON: is this a Slipway server?");
      }
    }
  }

  /// A server that demands no token.
  public static Api of(URI server) {
    return new Api(server, null);
  }

  Api(URI server, @Nullable String token) {
    this.server = server;
    this.token = token;
    // A POST whose connection broke is not sent a second time behind our back.
    System.setProperty("sun.net.http.retryPost", "false");
  }

  public URI server() {
    return server;
  }

  public Answer get(String path) {
    return required(ask("GET", path, null), path);
  }

  public Answer post(String path, @Nullable Json body) {
    return required(ask("POST", path, body), path);
  }

  public Answer put(String path, Json body) {
    return required(ask("PUT", path, body), path);
  }

  /// Puts what was read and changed back in its place, unless another one did meanwhile.
  ///
  /// @param tag of what was read; without one it is replaced in any case
  Answer replace(String path, Json body, @Nullable String tag) {
    return required(ask("PUT", path, body, tag), path);
  }

  public Answer delete(String path) {
    return required(ask("DELETE", path, null), path);
  }

  /// Like the others, but a 404 is an answer: the caller knows what was not found.
  public Answer ask(String method, String path, @Nullable Json body) {
    return ask(method, path, body, null);
  }

  private Answer ask(String method, String path, @Nullable Json body, @Nullable String tag) {
    try {
      HttpURLConnection connection = connection(method, path, READ_MILLISECONDS);
      if (tag != null) {
        connection.setRequestProperty("If-Match", tag);
      }
      if (body != null) {
        byte[] bytes = body.write().getBytes(StandardCharsets.UTF_8);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(bytes.length);
        try (var out = connection.getOutputStream()) {
          out.write(bytes);
        }
      }
      return answer(connection);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /// Sends a file as it is.
  public Answer upload(String path, Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      HttpURLConnection connection = connection("PUT", path, READ_MILLISECONDS);
      connection.setRequestProperty("Content-Type", "application/octet-stream");
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(Files.size(file));
      try (var out = connection.getOutputStream()) {
        input.transferTo(out);
      } catch (IOException e) {
        // The server may have refused while we were still sending: its answer says more than the
        // broken pipe.
        return required(answer(connection), path);
      }
      return required(answer(connection), path);
    } catch (java.nio.file.NoSuchFileException | java.nio.file.AccessDeniedException e) {
      throw Complaint.of(Exit.USAGE, "The file " + file + " cannot be read");
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /// Sends bytes as they are.
  public Answer upload(String path, byte[] bytes) {
    try {
      HttpURLConnection connection = connection("PUT", path, READ_MILLISECONDS);
      connection.setRequestProperty("Content-Type", "application/octet-stream");
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(bytes.length);
      try (var out = connection.getOutputStream()) {
        out.write(bytes);
      }
      return required(answer(connection), path);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /// Opens an endless answer. `quiet` is the longest silence in milliseconds, after which reading
  /// fails.
  public InputStream stream(String path, String accept, int quiet) {
    try {
      HttpURLConnection connection = connection("GET", path, quiet);
      connection.setRequestProperty("Accept", accept);
      if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
        return connection.getInputStream();
      }
      required(answer(connection), path);
      throw Complaint.of(Exit.FAILED, path + " is no stream");
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /// Where a path is spoken to over WebSocket.
  URI socket(String path) {
    return URI.create(server.toString().replaceFirst("^(?i)http", "ws") + path);
  }

  /// Adds the token, where there is one, as a header.
  void authorize(BiConsumer<String, String> header) {
    if (token != null) {
      header.accept("Authorization", "Bearer " + token);
    }
  }

  private HttpURLConnection connection(String method, String path, int readMilliseconds)
      throws IOException {
    URI uri = URI.create(server + path);
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MILLISECONDS);
    connection.setReadTimeout(readMilliseconds);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Accept", "application/json");
    connection.setRequestProperty("User-Agent", "slipway/" + Version.text());
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    return connection;
  }

  private Answer answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    if (status < 0) {
      throw Complaint.of(Exit.UNAVAILABLE, "What answers at " + server + " speaks no HTTP");
    }
    if (status < HttpURLConnection.HTTP_MULT_CHOICE) {
      try (InputStream body = connection.getInputStream()) {
        return new Answer(status, bounded(body, LARGEST_ANSWER), connection.getHeaderField("ETag"));
      }
    }
    InputStream error = connection.getErrorStream();
    try (InputStream body = error == null ? new ByteArrayInputStream(new byte[0]) : error) {
      byte[] bytes = bounded(body, LARGEST_PROBLEM);
      if (status == HttpURLConnection.HTTP_NOT_FOUND) {
        return new Answer(status, bytes, null);
      }
      String location = connection.getHeaderField("Location");
      throw Refusals.complaint(server, status, bytes, location);
    }
  }

  private Answer required(Answer answer, String path) {
    if (!answer.found()) {
      throw Refusals.notFound(answer.body(), path);
    }
    return answer;
  }

  private static byte[] bounded(InputStream body, int limit) throws IOException {
    byte[] bytes = body.readNBytes(limit);
    if (bytes.length == limit) {
      throw new IOException("the answer is larger than " + Words.bytes(limit));
    }
    return bytes;
  }

  private Complaint unreachable(IOException e) {
    return switch (e) {
      case ConnectException refused ->
          Complaint.of(Exit.UNAVAILABLE, "No server answers at " + server)
              .mend("Start one with `slipway server`, or name another with --url or SLIPWAY_URL.");
      case UnknownHostException unknown ->
          Complaint.of(Exit.UNAVAILABLE, "The host " + server.getHost() + " is not known")
              .mend("Check --url or SLIPWAY_URL.");
      case NoRouteToHostException noRoute ->
          Complaint.of(Exit.UNAVAILABLE, "No network leads to " + server.getHost())
              .mend("Check --url or SLIPWAY_URL.");
      case SocketTimeoutException late ->
          Complaint.of(Exit.UNAVAILABLE, "The server at " + server + " does not answer in time")
              .mend("Look at its log, or try again.");
      case javax.net.ssl.SSLException tls ->
          Complaint.of(
                  Exit.UNAVAILABLE, "No secure connection to " + server + ": " + tls.getMessage())
              .mend("Is it https there, with a certificate that this JDK trusts?");
      default ->
          Complaint.of(
                  Exit.UNAVAILABLE,
                  "The connection to " + server + " broke: " + String.valueOf(e.getMessage()))
              .mend("Whether the request was carried out is not known; look before you repeat it.");
    };
  }

  /// A path of the API for an id with slashes: `/v2/apps` + `/shop/cart`, each segment made safe.
  public static String path(String prefix, String id, String... rest) {
    var path = new StringBuilder(prefix);
    for (String segment : id.split("/")) {
      if (!segment.isEmpty()) {
        path.append('/').append(encoded(segment));
      }
    }
    for (String segment : rest) {
      path.append('/').append(encoded(segment));
    }
    return path.toString();
  }

  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
