package dev.slipway.artifacts;

import static java.nio.file.StandardOpenOption.WRITE;

import dev.slipway.artifacts.AddressPolicy.RefusedAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MessageConstraintException;

/// One download into one file: redirects followed by hand, broken connections taken up where they
/// broke, everything bounded. What failed for a reason that may pass (no connection, a broken one,
/// 408, 429, 5xx) is tried again; what the server decided is not.
///
/// For one virtual thread, whose interruption closes the connection.
final class Download {
  /// As browsers' and curl's order of magnitude; a longer chain is a loop or somebody's game.
  static final int REDIRECTS = 5;

  /// A connection that brought this much before it stalled is worth taking up again.
  private static final int WORTH_RESUMING_BYTES = 64 * 1024;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/.*");

  sealed interface Outcome {
    /// The file is complete.
    record Complete(long size, String sha256, Validators validators) implements Outcome {}

    /// The server says that what is known is still what it has.
    record Unchanged() implements Outcome {}
  }

  private final WebClient client;
  private final Patience patience;
  private final ArtifactAddress.Web address;
  private final Validators known;
  private final long limit;
  private final long deadlineNanos;

  private MessageDigest digest = Sha256.digest();
  private long received;
  private Validators current = Validators.NONE;

  /// @param known the version that need not be sent again
  /// @param limit in bytes
  /// @param deadlineNanos by System.nanoTime
  Download(
      WebClient client,
      Patience patience,
      ArtifactAddress.Web address,
      Validators known,
      long limit,
      long deadlineNanos) {
    this.client = client;
    this.patience = patience;
    this.address = address;
    this.known = known;
    this.limit = limit;
    this.deadlineNanos = deadlineNanos;
  }

  /// @param file is empty, and holds the bytes after it
  Outcome into(Path file) throws IOException, InterruptedException {
    try (var channel = FileChannel.open(file, WRITE)) {
      for (int attempt = 1; ; attempt++) {
        try {
          return attempt(channel);
        } catch (Passing e) {
          if (attempt >= patience.attempts()) {
            throw new ArtifactProblem(e.getMessage() + " (tried " + attempt + " times)");
          }
          pause(attempt, e.wanted);
        }
      }
    }
  }

  private void pause(int attempt, Duration wanted) throws ArtifactProblem, InterruptedException {
    Duration ours = patience.pauseAfter(attempt, ThreadLocalRandom.current().nextDouble());
    Duration longest = patience.longestPause();
    Duration asked = wanted.compareTo(longest) > 0 ? longest : wanted;
    Duration pause = asked.compareTo(ours) > 0 ? asked : ours;
    if (System.nanoTime() + pause.toNanos() - deadlineNanos > 0) {
      throw tooLong();
    }
    Thread.sleep(pause);
  }

  private ArtifactProblem tooLong() {
    return new ArtifactProblem(
        "it took longer than " + patience.total().toSeconds() + " s, after " + received + " bytes");
  }

  private Outcome attempt(FileChannel file) throws IOException, Passing, InterruptedException {
    ArtifactAddress.Web here = address;
    for (int redirects = 0; redirects <= REDIRECTS; redirects++) {
      try (var exchange = client.get(here.uri(), headersFor(here))) {
        ClassicHttpResponse response = exchange.response();
        switch (response.getCode()) {
          case 200, 206 -> {
            return receive(response, file);
          }
          case 304 -> {
            return unchanged();
          }
          case 301, 302, 303, 307, 308 -> {
            Optional<String> location = header(response, "Location");
            here =
                here.redirectedTo(
                    location.orElseThrow(
                        () -> new ArtifactProblem("a redirect does not say where to")));
          }
          case 416 -> {
            // What is here is no beginning of what the server has now.
            startAgain(file);
            throw new Passing("the server answered 416", Duration.ZERO);
          }
          case 408, 429, 500, 502, 503, 504 ->
              throw new Passing("the server answered " + response.getCode(), retryAfter(response));
          case 407 -> throw new ArtifactProblem("the proxy's credentials are missing or wrong");
          case 401, 403 ->
              throw new ArtifactProblem(
                  "the server answered " + response.getCode() + ": credentials missing or wrong");
          default -> throw new ArtifactProblem("the server answered " + response.getCode());
        }
      } catch (IOException e) {
        throw classified(e);
      }
    }
    throw new ArtifactProblem("it redirects more than " + REDIRECTS + " times");
  }

  private Map<String, String> headersFor(ArtifactAddress.Web here) {
    var headers = new HashMap<String, String>();
    here.authorization().ifPresent(value -> headers.put("Authorization", value));
    Optional<String> sameBytes = current.forResuming();
    if (received > 0 && sameBytes.isPresent()) {
      headers.put("Range", "bytes=" + received + "-");
      headers.put("If-Range", sameBytes.get());
    } else {
      known.etag().ifPresent(tag -> headers.put("If-None-Match", tag));
      known.lastModified().ifPresent(time -> headers.put("If-Modified-Since", time));
    }
    return headers;
  }

  private Outcome unchanged() throws ArtifactProblem {
    if (!known.isPresent()) {
      throw new ArtifactProblem("the server answered 304 to a question that was not asked");
    }
    return new Outcome.Unchanged();
  }

  private Outcome receive(ClassicHttpResponse response, FileChannel file)
      throws IOException, Passing, InterruptedException {
    if (response.getCode() == 206 && !continues(response)) {
      startAgain(file);
      current = Validators.NONE;
      throw new Passing("the server sent a part that was not asked for", Duration.ZERO);
    }
    if (response.getCode() == 200) {
      startAgain(file);
    }
    current = new Validators(header(response, "ETag"), header(response, "Last-Modified"));
    var entity = response.getEntity();
    long announced = entity == null ? 0 : Math.max(0, entity.getContentLength());
    if (announced > limit - received) {
      throw tooLarge();
    }
    if (entity != null) {
      // Not closed here: the exchange is, and does not wait for the rest.
      copy(entity.getContent(), file);
    }
    return new Outcome.Complete(received, Sha256.hex(digest), current);
  }

  private boolean continues(ClassicHttpResponse response) {
    Matcher range = CONTENT_RANGE.matcher(header(response, "Content-Range").orElse(""));
    return received > 0 && range.matches() && Long.parseLong(range.group(1)) == received;
  }

  private void startAgain(FileChannel file) throws IOException {
    file.truncate(0);
    file.position(0);
    received = 0;
    digest = Sha256.digest();
  }

  private void copy(InputStream body, FileChannel file)
      throws IOException, Passing, InterruptedException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long startedWith = received;
    long windowStart = System.nanoTime();
    long windowReceived = received;
    while (true) {
      int read;
      try {
        read = body.read(buffer);
      } catch (SocketTimeoutException e) {
        throw stalled(startedWith);
      }
      if (read < 0) {
        return;
      }
      if (received + read > limit) {
        throw tooLarge();
      }
      write(file, buffer, read);
      long now = System.nanoTime();
      if (now - deadlineNanos > 0) {
        throw tooLong();
      }
      if (now - windowStart >= patience.stall().toNanos()) {
        if (received - windowReceived < patience.minimumBytesPerStall()) {
          throw stalled(startedWith);
        }
        windowStart = now;
        windowReceived = received;
      }
    }
  }

  private void write(FileChannel file, byte[] buffer, int length) throws ArtifactProblem {
    digest.update(buffer, 0, length);
    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      // Told from a broken connection, which would be worth another attempt.
      throw new ArtifactProblem("it cannot be written to the disk: " + e.getMessage());
    }
    received += length;
  }

  private ArtifactProblem tooLarge() {
    return new ArtifactProblem("it is larger than " + limit + " bytes");
  }

  /// A silent server is not asked again for the same silence; one that was doing well is.
  private ArtifactProblem stalled(long startedWith) throws Passing {
    String message =
        "it stalled for "
            + TimeUnit.MILLISECONDS.toSeconds(patience.stall().toMillis())
            + " s after "
            + received
            + " bytes";
    if (received - startedWith >= WORTH_RESUMING_BYTES) {
      throw new Passing(message, Duration.ZERO);
    }
    return new ArtifactProblem(message);
  }

  /// Tells what passes from what stays. The library's own messages may quote addresses, so none of
  /// them is handed on.
  private IOException classified(IOException e) throws Passing, InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    return switch (e) {
      case ArtifactProblem problem -> problem;
      case FileSystemException disk -> disk;
      case RefusedAddress refused ->
          new ArtifactProblem("the address is refused: " + refused.getMessage());
      case UnknownHostException unknown ->
          throw new Passing("the host is not known", Duration.ZERO);
      case ConnectTimeoutException timeout ->
          throw new Passing(
              "no connection within " + patience.connect().toMillis() + " ms", Duration.ZERO);
      case HttpHostConnectException refused ->
          throw new Passing("the connection was refused", Duration.ZERO);
      case SocketTimeoutException timeout -> stalled(received);
      case SSLHandshakeException handshake ->
          new ArtifactProblem("no trusted TLS connection could be made");
      case SSLPeerUnverifiedException peer ->
          new ArtifactProblem("the server's certificate is for another host");
      case MessageConstraintException headers ->
          new ArtifactProblem("the server's answer is not HTTP, or has headers that are too long");
      case ClientProtocolException protocol ->
          new ArtifactProblem("the server's answer is not proper HTTP");
      default ->
          throw new Passing("the connection broke after " + received + " bytes", Duration.ZERO);
    };
  }

  private static Optional<String> header(ClassicHttpResponse response, String name) {
    return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
  }

  private static Duration retryAfter(ClassicHttpResponse response) {
    return header(response, "Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(Duration.ZERO);
  }

  /// Something that may go better the next time.
  private static final class Passing extends Exception {
    private static final long serialVersionUID = 1;

    private final Duration wanted;

    /// @param wanted the pause that the server asks for
    Passing(String message, Duration wanted) {
      super(message);
      this.wanted = wanted;
    }
  }
}
