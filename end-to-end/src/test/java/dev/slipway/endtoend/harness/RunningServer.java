package dev.slipway.endtoend.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server as a user runs it: a process of its own, on a data directory of its own. It may be
/// ended hard and started again. Closing it destroys all apps and holds the server to what it
/// promises: nothing is left on the machine, and its log tells of no fault.
public final class RunningServer implements AutoCloseable {
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
  private static final String LOOPBACK = "127.0.0.1:0";
  private static final Pattern TOKEN = Pattern.compile("  (\\S+)");
  private static final Pattern ANNOUNCED = Pattern.compile("listens on (http://\\S+)");
  private static final Path LOGS = Distribution.checkout().resolve("end-to-end/target/logs");
  private static final int LONGEST_STOP_SECONDS = 30;

  /// So many lines of its log are shown of a test that failed.
  private static final int SHOWN = 100;

  private final Path directory;
  private final Path log;
  private final List<String> options;
  private Map<String, String> environment = Map.of();
  private String listen = LOOPBACK;
  private String token = "";
  private @Nullable Process process;
  private @Nullable URI uri;

  private RunningServer(Path below, String name, List<String> options) throws IOException {
    this.directory = Files.createTempDirectory(below, "slipway-test-").toRealPath();
    // Walkable by others, since tasks have accounts of their own.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    this.log = Files.createDirectories(LOGS).resolve(name + ".log");
    Files.deleteIfExists(log);
    this.options = List.copyOf(options);
  }

  /// Starts a server on any free port.
  ///
  /// @param name its log is `end-to-end/target/logs/NAME.log`
  public static RunningServer start(String name, String... options) {
    return start(TEMPORARY, LOOPBACK, name, options);
  }

  /// Starts a server whose directory is made below this one.
  public static RunningServer startIn(Path below, String name) {
    return start(below, LOOPBACK, name);
  }

  /// Starts a server that listens there.
  public static RunningServer startAt(String listen, String name, String... options) {
    return start(TEMPORARY, listen, name, options);
  }

  private static RunningServer start(Path below, String listen, String name, String... options) {
    RunningServer server = prepare(below, listen, name, options);
    server.start();
    return server;
  }

  /// A server that listens there, once it is started.
  public static RunningServer prepareAt(String listen, String name, String... options) {
    return prepare(TEMPORARY, listen, name, options);
  }

  private static RunningServer prepare(Path below, String listen, String name, String... options) {
    try {
      var server = new RunningServer(below, name, List.of(options));
      server.listen = listen;
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the process finds in its environment from its next start on.
  public void environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
  }

  /// Starts the server, which must not run, where it was before.
  public void start() {
    List<String> words = new ArrayList<>(List.of("server", "--data", data().toString()));
    words.addAll(List.of("--listen", listen));
    words.addAll(options);
    try {
      Process started =
          Distribution.process(words, environment)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process = started;
      uri = announced(started);
      listen = listen.substring(0, listen.lastIndexOf(':') + 1) + uri.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads what the server says until it tells where it listens.
  private URI announced(Process started) throws IOException {
    // The reader stays open: what is said later goes nowhere, but must not fill the pipe.
    BufferedReader reader = started.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      Matcher shown = TOKEN.matcher(line);
      token = shown.matches() ? shown.group(1) : token;
      Matcher matcher = ANNOUNCED.matcher(line);
      if (matcher.find()) {
        return URI.create(matcher.group(1));
      }
    }
    throw new AssertionError("the server does not start:\n" + tail());
  }

  /// Where everything of the server is.
  public Path data() {
    return directory.resolve("data");
  }

  public URI uri() {
    if (uri == null) {
      throw new IllegalStateException("the server was not started");
    }
    return uri;
  }

  public Client client() {
    return new Client(uri(), token);
  }

  /// The token that the server printed on its first start; empty if it did not.
  public String announcedToken() {
    return token;
  }

  /// Runs the command against this server.
  public CommandRun slipway(String... arguments) {
    return CommandRun.of(environment(), arguments);
  }

  /// Begins to run the command against this server, in a window of this size.
  public Terminal slipwayAt(int columns, int rows, String... arguments) {
    return Terminal.open(columns, rows, environment(), List.of(arguments));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(Map.of("SLIPWAY_URL", uri().toString()));
    if (!token.isEmpty()) {
      environment.put("SLIPWAY_TOKEN", token);
    }
    return environment;
  }

  /// A file beside the data directory, with this content.
  public Path file(String name, Object content) {
    try {
      return Files.writeString(directory.resolve(name), content.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `kill -9`.
  public void killHard() {
    Process running = running();
    running.destroyForcibly();
    awaitEnd(running);
  }

  /// `kill`: the server ends in order, its tasks go on.
  public void stop() {
    Process running = running();
    running.destroy();
    awaitEnd(running);
  }

  private void awaitEnd(Process running) {
    try {
      if (!running.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly();
        throw new AssertionError("the server does not end:\n" + tail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Sends a signal to the process: `STOP` lets it stand still, `CONT` go on.
  public void signal(String name) {
    List<String> words = List.of("kill", "-" + name, Long.toString(running().pid()));
    try {
      assertThat(new ProcessBuilder(words).start().waitFor()).as(words.toString()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("the server was not started");
    }
    return process;
  }

  /// Creates an app; the deployment's id.
  public String create(App app) {
    return client().post("/v2/apps", app).expect(201).deployment();
  }

  /// Creates an app and waits until its deployment has succeeded.
  public void createAndAwait(App app) {
    awaitSuccess(create(app));
  }

  /// Changes an app; the deployment's id.
  public String change(App app) {
    return client().put("/v2/apps" + app.id(), app).expect(200).deployment();
  }

  public void awaitSuccess(String deployment) {
    assertThat(awaitEnd(deployment)).as("end of deployment " + deployment).isEqualTo("succeeded");
  }

  /// Waits until a deployment has ended; how it did.
  public String awaitEnd(String deployment) {
    Eventually.soDespiteSilence(
        "deployment " + deployment + " ends", () -> !stateOf(deployment).equals("running"));
    return stateOf(deployment);
  }

  private String stateOf(String deployment) {
    return client().json("/api/v1/deployments/" + deployment).path("state").asString();
  }

  public Tasks tasks(String app) {
    return Tasks.of(client(), app);
  }

  /// The programs that run now, by task.
  public Map<String, Program> programs() {
    return Machine.programs(data());
  }

  /// The program of a task that runs.
  public Program program(String task) {
    Program program = programs().get(task);
    if (program == null) {
      throw new AssertionError(task + " does not run");
    }
    return program;
  }

  /// What the server has logged.
  public String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Prints what it has logged last, where a test has failed.
  public void showLog() {
    List<String> lines = log().lines().toList();
    lines.stream().skip(Math.max(0, lines.size() - SHOWN)).forEach(System.out::println);
  }

  /// Destroys all apps and waits until no task of theirs is left.
  public void destroyAll() {
    Answer answer = client().delete("/v2/groups?force=true");
    assertThat(answer.status()).as(answer.body()).isIn(200, 404);
    Eventually.so(
        "all tasks have ended",
        () -> client().json("/api/v1/tasks").path("tasks").isEmpty() && programs().isEmpty());
  }

  @Override
  public void close() {
    try {
      destroyAll();
      stop();
      Eventually.holds(
          "nothing is left of the server", () -> assertThat(Machine.leftovers(data())).isEmpty());
      assertThat(faults()).as("faults in the server's log").isEmpty();
    } finally {
      running().destroyForcibly();
      Machine.clean(data());
      removeFiles();
    }
  }

  /// Ends the server and leaves its apps, which others look after. Its log tells of no fault.
  public void leave() {
    try {
      if (isAlive()) {
        stop();
      }
      assertThat(faults()).as("faults in the server's log").isEmpty();
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      removeFiles();
    }
  }

  /// Lines that tell of a bug. That a disk is full is an error, but none of the server's.
  private List<String> faults() {
    return log()
        .lines()
        .filter(line -> line.contains(" ERROR ") || line.startsWith("\tat "))
        .filter(line -> !line.contains(" journal.full "))
        .toList();
  }

  private void removeFiles() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String tail() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }
}
