package dev.slipway.bench;

import dev.slipway.cli.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real server in a process of its own, on a directory of its own. It may be ended hard and
/// started again. Closing it ends all its tasks and the server.
final class ServerProcess implements AutoCloseable {
  private static final Pattern ANNOUNCED = Pattern.compile("listens on (http://\\S+)");
  private static final Duration START_DEADLINE = Duration.ofMinutes(1);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
  private static final Duration ANSWER_DEADLINE = Duration.ofMinutes(1);
  private static final int LOG_TAIL = 1_500;

  private final Starter starter;
  private final Path directory;
  private final Tasks tasks;
  private final ReentrantLock closing = new ReentrantLock();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_DEADLINE)
          .build();
  private @Nullable Process process;
  private @Nullable BufferedReader output;
  private @Nullable URI uri;
  private boolean closed;

  /// Makes the process to be from the arguments of `slipway`.
  interface Starter {
    ProcessBuilder process(List<String> arguments) throws IOException, InterruptedException;
  }

  /// What becomes of the tasks when it is closed.
  enum Tasks {
    ENDED,

    /// Where they are is thrown away as a whole.
    LEFT
  }

  ServerProcess(Starter starter, Path directory, Tasks tasks) {
    this.starter = starter;
    this.directory = directory;
    this.tasks = tasks;
  }

  /// Starts the server, which must not run.
  ///
  /// @return the time from the start of its process to the first answer of `GET /v2/apps`
  Duration start() throws InterruptedException {
    String listen = uri == null ? "127.0.0.1:0" : "127.0.0.1:" + uri.getPort();
    List<String> words = List.of("server", "--data", data().toString(), "--listen", listen);
    try {
      ProcessBuilder builder =
          starter.process(words).redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
      long began = System.nanoTime();
      Process started = builder.start();
      process = started;
      output = started.inputReader();
      uri = announced(started, output);
      get("/v2/apps");
      return Duration.ofNanos(System.nanoTime() - began);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads what the server says until it tells where it listens, which is once the API answers.
  private URI announced(Process started, BufferedReader reader)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_DEADLINE.toNanos();
    while (System.nanoTime() < deadline) {
      if (!reader.ready()) {
        if (!started.isAlive()) {
          break;
        }
        Thread.sleep(1);
        continue;
      }
      Matcher matcher = ANNOUNCED.matcher(String.valueOf(reader.readLine()));
      if (matcher.find()) {
        return URI.create(matcher.group(1));
      }
    }
    throw new IllegalStateException("the server does not start: " + tail());
  }

  /// Where everything of the server is.
  Path data() {
    return directory.resolve("data");
  }

  URI uri() {
    return Objects.requireNonNull(uri, "the server was not started");
  }

  long pid() {
    return process().pid();
  }

  /// The processor time that the server itself has used.
  Duration processorTime() {
    return process().info().totalCpuDuration().orElseThrow();
  }

  /// Memory of the server's process that is in RAM, in bytes.
  long residentBytes() {
    String text = Machine.field("/proc/" + pid() + "/status", "VmRSS", "0 kB");
    return Machine.kibibytes(text) * 1024;
  }

  /// What a GET answers; anything but success is an error.
  Json get(String path) throws InterruptedException {
    return Json.read(expectSuccess("GET " + path, ask("GET", path, "")));
  }

  /// The size of what a GET answers, which is read and not looked into.
  int fetch(String path) throws InterruptedException {
    return expectSuccess("GET " + path, ask("GET", path, "")).length;
  }

  /// What the engine of a simulated server counts.
  SimulatedServer.Counts counts() {
    try {
      var input = process().outputWriter();
      input.write("counts\n");
      input.flush();
      String line = Objects.requireNonNull(output, "the server was not started").readLine();
      return SimulatedServer.Counts.read(String.valueOf(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Json put(String path, Json body) throws InterruptedException {
    return Json.read(expectSuccess("PUT " + path, ask("PUT", path, body.write())));
  }

  Json post(String path, Json body) throws InterruptedException {
    return Json.read(expectSuccess("POST " + path, ask("POST", path, body.write())));
  }

  void delete(String path) throws InterruptedException {
    expectSuccess("DELETE " + path, ask("DELETE", path, ""));
  }

  private static byte[] expectSuccess(String what, HttpResponse<byte[]> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          what + ": status " + answer.statusCode() + ", " + Json.read(answer.body()).write());
    }
    return answer.body();
  }

  private HttpResponse<byte[]> ask(String method, String path, String body)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri().resolve(path))
            .timeout(ANSWER_DEADLINE)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException silent) {
      throw new UncheckedIOException(method + " " + path + ": " + silent, silent);
    }
  }

  /// `kill -9`. Its tasks go on.
  void killHard() throws InterruptedException {
    process().destroyForcibly();
    awaitEnd(process());
  }

  /// Sends a signal: `STOP` lets it stand still, `CONT` go on.
  void signal(String name) throws InterruptedException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  private static void awaitEnd(Process process) throws InterruptedException {
    if (!process.waitFor(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the server does not end");
    }
  }

  private Process process() {
    return Objects.requireNonNull(process, "the server was not started");
  }

  /// Ends the tasks by way of the platform, then the platform; only then what should not be there.
  @Override
  public void close() {
    closing.lock();
    try {
      if (!closed && process != null) {
        closed = true;
        end(process);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closing.unlock();
      http.shutdownNow();
    }
  }

  private void end(Process running) throws InterruptedException {
    try {
      if (!running.isAlive() && uri != null && tasks == Tasks.ENDED) {
        // Tasks that outlived their server are the platform's to end.
        start();
      }
      if (uri != null && tasks == Tasks.ENDED) {
        ask("DELETE", "/v2/groups?force=true", "");
        Wait.until(
            "all tasks have ended", STOP_DEADLINE, () -> TaskProcesses.below(data()).isEmpty());
      }
      process().destroy();
      awaitEnd(process());
    } finally {
      process().destroyForcibly();
      TaskProcesses.killAll(data());
    }
  }

  private Path log() {
    return directory.resolve("server.log");
  }

  /// When the server logged lines that hold a text, by its own clock.
  List<Instant> logged(String text) {
    try (Stream<String> lines = Files.lines(log())) {
      return lines
          .filter(line -> line.contains(text))
          .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String tail() throws IOException {
    String text = Files.readString(log());
    return text.substring(Math.max(0, text.length() - LOG_TAIL));
  }
}
