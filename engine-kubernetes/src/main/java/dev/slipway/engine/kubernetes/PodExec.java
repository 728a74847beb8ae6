package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.TerminalSize;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs commands in the task's container of pods through the API's `exec`.
///
/// Each command is one WebSocket to the API server and holds no thread of its own: the caller's
/// waits. May be called from any thread.
final class PodExec {
  /// Output of a command that is kept; what comes after it is read and dropped, so that the
  /// command is not blocked. As much as the engine of one machine keeps.
  static final int LARGEST_OUTPUT = 64 * 1024;

  /// Readings of files that run at once. They have places of their own, so that people who look
  /// into sandboxes never hold up health checks.
  static final int CAPTURES_AT_ONCE = 16;

  private static final int LARGEST_ERRORS = 8 * 1024;

  /// How long a session may take to begin, and to be ended in its pod.
  private static final Duration SESSION_PATIENCE = Duration.ofSeconds(20);

  private static final Logger LOG = LoggerFactory.getLogger(PodExec.class);

  private final KubernetesClient client;
  private final String namespace;
  private final PodTrouble trouble;
  private final ExecPlaces commands;
  private final ExecPlaces captures = new ExecPlaces(CAPTURES_AT_ONCE);

  /// @param commandsAtOnce commands, most of them health checks, that run at once; others wait for
  ///     their turn as long as they have time
  PodExec(KubernetesClient client, String namespace, int commandsAtOnce) {
    this.client = client;
    this.namespace = namespace;
    this.commands = new ExecPlaces(commandsAtOnce);
    this.trouble = new PodTrouble(client, namespace);
  }

  /// What a command wrote.
  ///
  /// @param cut whether it wrote more than was asked for; the rest was dropped
  /// @param errors the first 8 KiB of its standard error
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Output(byte[] bytes, boolean cut, String errors, int exitCode) {}

  /// Runs a command and waits for it. A shell command that runs longer is ended in the pod, a
  /// second later than here; one without a shell may go on there.
  ///
  /// @throws IOException when the task does not run, the command cannot be started or runs longer
  /// than `timeout`, or the connection is lost
  CommandOutcome run(String podName, List<String> argv, Duration timeout)
      throws IOException, InterruptedException {
    var both = new Kept(LARGEST_OUTPUT);
    int code = wait(podName, argv, timeout, commands, (channel, bytes) -> both.add(bytes));
    return new CommandOutcome(code, both.text());
  }

  /// Runs a command for the bytes that it writes.
  ///
  /// @param mostBytes how many of them are kept
  /// @throws IOException as of [#run]
  Output capture(String podName, List<String> argv, int mostBytes, Duration timeout)
      throws IOException, InterruptedException {
    var output = new Kept(mostBytes);
    var errors = new Kept(LARGEST_ERRORS);
    int code =
        wait(
            podName,
            argv,
            timeout,
            captures,
            (channel, bytes) -> (channel == ExecChannels.OUTPUT ? output : errors).add(bytes));
    return new Output(output.bytes(), output.cut(), errors.text(), code);
  }

  /// Starts a command that is talked to. Nobody counts these: the caller limits how many there are.
  /// The image needs `/bin/sh`, and `tr`, `grep` and `base64` to end it early and to end its input.
  ///
  /// @throws IOException as of [#run]
  ExecSession session(String podName, List<String> argv, Optional<TerminalSize> terminal)
      throws IOException, InterruptedException {
    Mark mark = Mark.next();
    boolean tty = terminal.isPresent();
    var output = new ExecStream();
    var errors = new ExecStream();
    ExecChannels channels =
        open(
            new ExecRequest(podName, mark.over(argv, tty), true, tty),
            (channel, bytes, more) ->
                (channel == ExecChannels.OUTPUT ? output : errors).received(bytes, more),
            SESSION_PATIENCE);
    var _ =
        channels
            .exitCode()
            .whenComplete(
                (code, failed) -> {
                  output.end();
                  errors.end();
                });
    try {
      channels.awaitOpen(SESSION_PATIENCE);
      return new PodSession(channels, output, errors, terminal, new Ending(podName, mark));
    } catch (ExecutionException refused) {
      throw trouble.explained(podName, refused);
    } catch (TimeoutException late) {
      channels.close();
      throw new IOException("the API server did not answer in time", late);
    }
  }

  /// Ends the processes of a session that was left.
  private final class Ending implements PodSession.Ending {
    private final String podName;
    private final Mark mark;

    Ending(String podName, Mark mark) {
      this.podName = podName;
      this.mark = mark;
    }

    @Override
    public void end() {
      Thread.ofVirtual()
          .name("kubernetes-exec-end")
          .start(
              () -> {
                try {
                  run(podName, mark.ending(), SESSION_PATIENCE);
                } catch (IOException gone) {
                  LOG.info("exec_not_ended pod={} reason=\"{}\"", podName, gone.getMessage());
                } catch (InterruptedException stopped) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    @Override
    public IOException explained(Throwable failed) {
      return trouble.explained(podName, failed);
    }
  }

  private ExecChannels open(ExecRequest request, ExecChannels.Receiver receiver, Duration timeout) {
    var channels = new ExecChannels(receiver, client.getKubernetesSerialization());
    var _ =
        client
            .getHttpClient()
            .newWebSocketBuilder()
            .subprotocol(ExecChannels.PROTOCOL)
            .uri(request.uri(client.getMasterUrl(), namespace))
            .connectTimeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS)
            .buildAsync(channels)
            .whenComplete(
                (socket, error) -> {
                  if (error != null) {
                    channels.failed(error);
                  }
                });
    return channels;
  }

  private interface Taker {
    void take(byte channel, ByteBuffer bytes);
  }

  private int wait(
      String podName, List<String> argv, Duration timeout, ExecPlaces places, Taker taker)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!places.enter(podName, deadline)) {
      throw new IOException("too many commands run in pods at once; try again later");
    }
    try {
      Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
      var request = ExecRequest.reading(podName, Watchdog.over(argv, left));
      ExecChannels channels =
          open(
              request,
              (channel, bytes, more) -> {
                taker.take(channel, bytes);
                more.run();
              },
              left);
      try {
        return channels.exitCode().get(left.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException late) {
        throw new IOException(late(argv, timeout), late);
      } catch (ExecutionException failed) {
        throw trouble.explained(podName, failed);
      } finally {
        channels.close();
      }
    } finally {
      places.leave(podName);
    }
  }

  private static String late(List<String> argv, Duration timeout) {
    String told = "the command did not end within " + timeout.toMillis() + " ms";
    return Watchdog.watches(argv)
        ? told
        : told + "; it runs without a shell and may go on in the pod";
  }

  /// The first bytes of what is added. The last reader may be later than the caller who gave up.
  private static final class Kept {
    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean cut;

    Kept(int most) {
      this.most = most;
    }

    synchronized void add(ByteBuffer more) {
      int length = Math.min(more.remaining(), most - bytes.size());
      cut |= length < more.remaining();
      byte[] part = new byte[length];
      more.get(part);
      bytes.writeBytes(part);
    }

    synchronized byte[] bytes() {
      return bytes.toByteArray();
    }

    synchronized boolean cut() {
      return cut;
    }

    synchronized String text() {
      return bytes.toString(UTF_8);
    }
  }
}
