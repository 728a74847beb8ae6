package dev.slipway.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Talks to a command in a task: the first byte of each message says what follows (0 input, 1
/// output, 2 errors, 3 a JSON object), as docs/http.md says.
final class ExecClient {
  private static final byte INPUT = 0;
  private static final byte OUTPUT = 1;
  private static final byte ERRORS = 2;
  private static final byte CONTROL = 3;
  private static final int PART = 16 * 1024;

  private final Api api;
  private final Surroundings surroundings;
  private final ReentrantLock sending = new ReentrantLock();

  ExecClient(Api api, Surroundings surroundings) {
    this.api = api;
    this.surroundings = surroundings;
  }

  /// Runs until the command ends.
  ///
  /// @return the command's exit code
  int run(String path, @Nullable Keyboard keyboard) {
    surroundings.out().flush();
    var incoming = new Incoming(surroundings.out(), surroundings.err());
    WebSocket socket = connected(path, incoming);
    if (keyboard != null) {
      keyboard.onResize(
          () -> {
            var size =
                Map.<String, Object>of("columns", keyboard.columns(), "rows", keyboard.rows());
            byte[] json = Json.object(size).write().getBytes(StandardCharsets.UTF_8);
            send(socket, CONTROL, json, json.length);
          });
    }
    Thread.ofPlatform().name("exec-input").daemon().start(() -> copy(surroundings.in(), socket));
    try {
      Json last = incoming.last.get();
      String error = last.at("error").text();
      if (!error.isEmpty()) {
        throw Complaint.of(Exit.FAILED, "The command was not run: " + Words.printable(error));
      }
      return (int) last.at("exitCode").whole();
    } catch (ExecutionException lost) {
      throw Complaint.of(Exit.UNAVAILABLE, "The connection to the command is lost")
          .mend("The server ends the command; look whether it is still there.");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw Complaint.of(Exit.DETACHED, "Interrupted");
    } finally {
      socket.abort();
    }
  }

  private WebSocket connected(String path, Incoming incoming) {
    return connected(api.socket(path), incoming, true);
  }

  /// @param mayBeSentOn whether to follow the server to the one that leads
  private WebSocket connected(URI address, Incoming incoming, boolean mayBeSentOn) {
    WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
    api.authorize(builder::header);
    try {
      return builder.buildAsync(address, incoming).join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof WebSocketHandshakeException refused) {
        Optional<URI> leader = sentOn(refused.getResponse());
        if (mayBeSentOn && leader.isPresent()) {
          return connected(leader.get(), incoming, false);
        }
        throw Complaint.of(
                Exit.REFUSED,
                "The server refuses the connection (HTTP "
                    + refused.getResponse().statusCode()
                    + ")")
            .mend("Is the token right, and does a proxy between let WebSockets through?");
      }
      throw Complaint.of(Exit.UNAVAILABLE, "No server answers at " + api.server());
    }
  }

  /// Where the leader takes the connection, if the server that was asked says so.
  private static Optional<URI> sentOn(HttpResponse<?> refusal) {
    return refusal.statusCode() == 307
        ? refusal
            .headers()
            .firstValue("Location")
            .map(address -> URI.create(address.replaceFirst("^http", "ws")))
        : Optional.empty();
  }

  private void copy(InputStream input, WebSocket socket) {
    byte[] part = new byte[PART];
    try {
      int length = input.read(part);
      while (length >= 0) {
        send(socket, INPUT, part, length);
        length = input.read(part);
      }
    } catch (IOException closed) {
      // The same as its end.
      send(socket, INPUT, part, 0);
      return;
    }
    send(socket, INPUT, part, 0);
  }

  private void send(WebSocket socket, byte kind, byte[] bytes, int length) {
    ByteBuffer message = ByteBuffer.allocate(length + 1).put(kind).put(bytes, 0, length).flip();
    sending.lock();
    try {
      socket.sendBinary(message, true).join();
    } catch (CompletionException gone) {
      // Whoever waits for the end is told why.
      return;
    } finally {
      sending.unlock();
    }
  }

  /// What the server sends, on the HTTP client's threads, one message at a time.
  private static final class Incoming implements WebSocket.Listener {
    private final CompletableFuture<Json> last = new CompletableFuture<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final PrintStream out;
    private final PrintStream err;

    Incoming(PrintStream out, PrintStream err) {
      this.out = out;
      this.err = err;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean whole) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      message.writeBytes(part);
      if (whole) {
        take(message.toByteArray());
        message.reset();
      }
      socket.request(1);
      return null;
    }

    private void take(byte[] bytes) {
      if (bytes.length == 0) {
        return;
      }
      switch (bytes[0]) {
        case OUTPUT -> show(out, bytes);
        case ERRORS -> show(err, bytes);
        case CONTROL -> last.complete(Json.read(Arrays.copyOfRange(bytes, 1, bytes.length)));
        default -> last.completeExceptionally(new IOException("an unknown message"));
      }
    }

    private static void show(PrintStream stream, byte[] bytes) {
      stream.write(bytes, 1, bytes.length - 1);
      stream.flush();
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      last.completeExceptionally(new IOException("closed by the server"));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      last.completeExceptionally(error);
    }
  }
}
