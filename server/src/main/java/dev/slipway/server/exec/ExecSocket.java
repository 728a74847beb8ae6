package dev.slipway.server.exec;

import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.TerminalSize;
import dev.slipway.server.control.Unavailable;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.SocketRoute;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// One connection on which a client talks to a command. Messages are binary; the first byte says
/// what follows: 0 input (nothing after it: its end), 1 output, 2 errors, 3 a JSON object. From the
/// client that is `{"columns":80,"rows":24}`; from the server, as its last message,
/// `{"exitCode":0}`, or `{"error":"..."}` when the command was not run.
///
/// The next message of the client is asked for once the command took the one before, and output is
/// read once what was read before has left, so that memory stays bounded on both ways. Public for
/// Jetty alone, which calls it by method handles.
public final class ExecSocket implements Session.Listener {
  /// How long a session may go on without a byte either way.
  static final Duration IDLE = Duration.ofHours(1);

  /// The largest message that a client may send.
  static final int LARGEST_MESSAGE = 64 * 1024;

  private static final int PART = 16 * 1024;
  private static final byte INPUT = 0;
  private static final byte OUTPUT = 1;
  private static final byte ERRORS = 2;
  private static final byte CONTROL = 3;
  private static final int NORMAL = 1000;
  private static final Logger LOG = LoggerFactory.getLogger(ExecSocket.class);

  private final Supplier<Engine> engine;
  private final Semaphore places;
  private final SocketRoute.Call call;
  private final long number;
  private final ReentrantLock sending = new ReentrantLock();
  private volatile @Nullable ExecSession running;
  private volatile @Nullable Session connection;
  private volatile boolean left;

  ExecSocket(Supplier<Engine> engine, Semaphore places, SocketRoute.Call call, long number) {
    this.engine = engine;
    this.places = places;
    this.call = call;
    this.number = number;
  }

  @Override
  public void onWebSocketOpen(Session session) {
    connection = session;
    session.setIdleTimeout(IDLE);
    session.setMaxBinaryMessageSize(LARGEST_MESSAGE);
    session.setMaxTextMessageSize(1);
    Thread.ofVirtual().name("exec-" + number).start(() -> serve(session));
  }

  private void serve(Session session) {
    if (!places.tryAcquire()) {
      end(
          session,
          Map.of(
              "error",
              ExecRoutes.SESSIONS
                  + " commands are talked to already; end one, or try again later"));
      return;
    }
    try {
      end(session, talk(session, ExecWish.of(call)));
    } catch (IOException | IllegalArgumentException | Unavailable refused) {
      end(session, Map.of("error", String.valueOf(refused.getMessage())));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      places.release();
    }
  }

  private Map<String, Object> talk(Session session, ExecWish wish)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    String ended = "left";
    try (ExecSession exec = engine.get().exec(wish.task(), wish.command(), wish.terminal())) {
      LOG.info(
          "exec.begin number={} task={} program={} terminal={} remote={}",
          number,
          wish.task(),
          wish.command().getFirst(),
          wish.terminal().isPresent(),
          call.remote());
      running = exec;
      if (left) {
        return Map.of("error", "the client left");
      }
      session.demand();
      Thread errors =
          Thread.ofVirtual()
              .name("exec-errors-" + number)
              .start(() -> pump(session, exec.errors(), ERRORS));
      pump(session, exec.output(), OUTPUT);
      errors.join();
      int code = exec.exitCode();
      ended = left ? "left" : "exit-" + code;
      return Map.of("exitCode", code);
    } finally {
      LOG.info(
          "exec.end number={} task={} end={} ms={}",
          number,
          wish.task(),
          ended,
          Duration.ofNanos(System.nanoTime() - begin).toMillis());
    }
  }

  private void pump(Session session, InputStream from, byte kind) {
    byte[] part = new byte[PART];
    try {
      int length = from.read(part);
      while (length >= 0) {
        send(session, kind, part, length);
        length = from.read(part);
      }
    } catch (IOException gone) {
      // The command ended or the client left: whoever waits for the end says which.
      LOG.debug("exec.stream.gone number={}", number);
    }
  }

  private void send(Session session, byte kind, byte[] bytes, int length) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(length + 1).put(kind).put(bytes, 0, length).flip();
    sending.lock();
    try {
      var sent = new Callback.Completable();
      session.sendBinary(message, sent);
      sent.get();
    } catch (ExecutionException failed) {
      throw new IOException("the client is gone", failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while output was sent", stopped);
    } finally {
      sending.unlock();
    }
  }

  private void end(Session session, Map<String, Object> last) {
    byte[] json = Json.mapper().writeValueAsBytes(last);
    try {
      send(session, CONTROL, json, json.length);
    } catch (IOException gone) {
      LOG.debug("exec.client.gone number={}", number);
    }
    session.close(NORMAL, "", Callback.NOOP);
  }

  /// A command may take its time to read, so that is waited for on a thread of its own.
  @Override
  public void onWebSocketBinary(ByteBuffer message, Callback callback) {
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    callback.succeed();
    ExecSession exec = running;
    Session session = connection;
    if (exec != null && session != null) {
      Thread.ofVirtual()
          .name("exec-input-" + number)
          .start(
              () -> {
                take(exec, bytes);
                session.demand();
              });
    }
  }

  private void take(ExecSession exec, byte[] bytes) {
    try {
      if (bytes.length > 0 && bytes[0] == CONTROL) {
        JsonNode size = Json.read(Arrays.copyOfRange(bytes, 1, bytes.length));
        exec.resize(new TerminalSize(size.path("columns").asInt(0), size.path("rows").asInt(0)));
      } else if (bytes.length == 1 && bytes[0] == INPUT) {
        exec.input().close();
      } else if (bytes.length > 1 && bytes[0] == INPUT) {
        exec.input().write(bytes, 1, bytes.length - 1);
      }
    } catch (IOException | RuntimeException notTaken) {
      // A command need not read its input, nor a client know the sizes of terminals.
      LOG.debug("exec.input.dropped number={} reason=\"{}\"", number, notTaken.getMessage());
    }
  }

  @Override
  public void onWebSocketClose(int code, String reason, Callback callback) {
    leave();
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    LOG.debug("exec.connection.broken number={} reason=\"{}\"", number, cause.toString());
    leave();
  }

  private void leave() {
    left = true;
    ExecSession exec = running;
    if (exec != null) {
      exec.close();
    }
  }
}
