package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The channels of one running `exec`: each message of the connection begins with the channel's
/// number (Kubernetes' `v4.channel.k8s.io`).
///
/// The next message is asked for only when the receiver is done with the one before, so that a
/// command that writes faster than its output is read is held back and memory stays bounded. Calls
/// come from the HTTP client's threads, one at a time.
final class ExecChannels implements WebSocket.Listener {
  static final String PROTOCOL = "v4.channel.k8s.io";
  static final byte INPUT = 0;
  static final byte OUTPUT = 1;
  static final byte ERRORS = 2;
  static final byte STATUS = 3;
  static final byte RESIZE = 4;

  private static final int NORMAL_CLOSE = 1000;

  /// Takes the bytes of a channel and calls `more` once it can take others.
  @FunctionalInterface
  interface Receiver {
    void received(byte channel, ByteBuffer bytes, Runnable more);
  }

  private final Receiver receiver;
  private final KubernetesSerialization serialization;
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
  private @Nullable WebSocket socket;
  private boolean closed;

  ExecChannels(Receiver receiver, KubernetesSerialization serialization) {
    this.receiver = receiver;
    this.serialization = serialization;
  }

  /// Completes with the exit code when the command has ended and all that it wrote was received,
  /// exceptionally when that will not be known.
  CompletableFuture<Integer> exitCode() {
    return exitCode;
  }

  /// Waits until the API server has taken the command.
  void awaitOpen(Duration timeout)
      throws ExecutionException, InterruptedException, TimeoutException {
    opened.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onOpen(WebSocket connected) {
    boolean late;
    synchronized (this) {
      socket = connected;
      late = closed;
    }
    opened.complete(connected);
    if (late) {
      connected.sendClose(NORMAL_CLOSE, "");
    }
  }

  @Override
  public void onMessage(WebSocket from, ByteBuffer message) {
    if (message.remaining() < 2) {
      // The API server announces each channel by an empty message.
      from.request();
      return;
    }
    byte channel = message.get();
    if (channel == STATUS) {
      // The server closes now, which has to be asked for like a message.
      synchronized (this) {
        closed = true;
      }
      from.request();
      ended(UTF_8.decode(message).toString());
      return;
    }
    receiver.received(channel, message, from::request);
  }

  @Override
  public void onMessage(WebSocket from, String message) {
    onMessage(from, ByteBuffer.wrap(message.getBytes(UTF_8)));
  }

  @Override
  public void onClose(WebSocket from, int code, String reason) {
    failed(new IOException("the connection ended before the command did"));
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    failed(error);
  }

  void failed(Throwable error) {
    opened.completeExceptionally(error);
    exitCode.completeExceptionally(error);
  }

  /// Sends bytes on a channel; messages of more callers than one do not mix.
  ///
  /// @throws IOException when the connection does not take them
  void send(byte channel, byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(length + 1);
    message.put(channel).put(bytes, offset, length).flip();
    WebSocket open;
    synchronized (this) {
      open = socket;
    }
    if (open == null || exitCode.isDone() || !open.send(message)) {
      throw new IOException("the command takes no input any more");
    }
  }

  /// Bytes that were sent and have not left this machine yet.
  synchronized long unsent() {
    return socket == null ? 0 : socket.queueSize();
  }

  /// Leaves the command. It is not ended by that: the API has no means to end what it started.
  void close() {
    WebSocket open;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      open = socket;
    }
    if (open != null) {
      open.sendClose(NORMAL_CLOSE, "");
    }
  }

  private void ended(String status) {
    try {
      exitCode.complete(ExecStatus.exitCode(serialization.unmarshal(status, Status.class)));
    } catch (IOException | RuntimeException unreadable) {
      failed(unreadable);
    }
  }
}
