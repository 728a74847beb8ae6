package dev.slipway.cli.demo;

import dev.slipway.cli.Api;
import dev.slipway.cli.AppsReadiness;
import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Json;
import dev.slipway.cli.Readiness;
import dev.slipway.cli.server.Listen;
import dev.slipway.cli.server.Logging;
import dev.slipway.cli.server.Platform;
import dev.slipway.server.Server;
import dev.slipway.server.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.stream.Stream;

/// A platform that lives as long as the demonstration, in a directory of its own. Its end takes all
/// tasks with it, also when Ctrl-C brings it about.
final class DemoPlatform implements AutoCloseable {
  private static final Duration LONGEST_END = Duration.ofSeconds(30);

  /// How far the deployment is.
  ///
  /// @param apps each app with its instances, in words
  /// @param failure why it will not come about
  record Deployed(
      String words, Map<String, String> apps, boolean ready, Optional<String> failure) {}

  private final Path directory;
  private final Server server;
  private final Api api;
  private final Thread hook;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicReference<String> stopped;

  private DemoPlatform(Path directory, Server server, AtomicReference<String> stopped) {
    this.directory = directory;
    this.server = server;
    this.stopped = stopped;
    this.api = Api.of(server.uri());
    this.hook = Thread.ofPlatform().name("demo-end").unstarted(this::end);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static DemoPlatform start(Optional<String> listen) {
    Logging.toStandardError(Level.WARNING);
    var stopped = new AtomicReference<>("");
    try {
      Path directory = Files.createTempDirectory("slipway-demo-");
      Listen address = listen.map(Listen::of).orElseGet(DemoPlatform::usualOrFree);
      ServerSettings settings =
          ServerSettings.in(directory.resolve("data")).listening(address.host(), address.port());
      directory.toFile().setExecutable(true, false);
      return new DemoPlatform(directory, Platform.start(settings, stopped::set), stopped);
    } catch (IOException e) {
      throw Complaint.of(Exit.FAILED, "No temporary directory can be made: " + e.getMessage());
    }
  }

  URI uri() {
    return server.uri();
  }

  /// Ends the demonstration with a word if the platform could not go on.
  void check() {
    String reason = stopped.get();
    if (reason != null && !reason.isEmpty()) {
      throw Complaint.of(Exit.FAILED, "The platform stopped: " + reason);
    }
  }

  /// Puts a file into the artifact store, under its own name.
  void store(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      server.artifacts().put(bytes, Optional.of(file.getFileName().toString()), Files.size(file));
    } catch (IOException e) {
      throw Complaint.of(Exit.FAILED, "The example's code cannot be stored: " + e.getMessage())
          .mend("Build it: ./mvnw -q -DskipTests package");
    }
  }

  /// Asks for the group, as any client does; gives the deployment's id.
  String deploy(Json group) {
    return api.put(Api.path("/v2/groups", group.at("id").text()), group)
        .json()
        .at("deploymentId")
        .text();
  }

  Deployed look(String deployment, List<String> appIds) {
    Json now = api.get(Api.path("/api/v1/deployments", deployment)).json();
    Map<String, String> apps = new LinkedHashMap<>();
    for (Readiness app : AppsReadiness.of(api, appIds, Set.of())) {
      apps.put(app.app(), app.words());
    }
    String state = now.at("state").text();
    boolean running = state.equals("running");
    String words =
        running
            ? "deploying: step %d of %d".formatted(now.at("step").whole(), now.at("steps").whole())
            : "deployed";
    Optional<String> failure =
        now.at("failures").items().stream()
            .filter(failed -> running && failed.at("count").whole() >= 3)
            .findFirst()
            .map(failed -> failed.at("app").text() + ": " + failed.at("message").text());
    boolean ready = state.equals("succeeded");
    return new Deployed(words, apps, ready, failure);
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The JVM is ending already, and the hook has done or does the same.
      return;
    }
  }

  /// Ends all tasks, waits for them, then ends the platform and removes its directory.
  private void end() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      api.delete("/v2/groups?force=true");
      long limit = System.nanoTime() + LONGEST_END.toNanos();
      while (hasTasks() && System.nanoTime() < limit) {
        Thread.sleep(50);
      }
    } catch (Complaint unreachable) {
      System.err.println("slipway: tasks may be left: " + unreachable.what());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.close();
      remove(directory);
    }
  }

  private boolean hasTasks() {
    return !server.published().state().instances().isEmpty();
  }

  private static void remove(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      System.err.println("slipway: " + directory + " could not be removed: " + e.getMessage());
    }
  }

  private static Listen usualOrFree() {
    var usual = new Listen(ServerSettings.DEFAULT_HOST, ServerSettings.DEFAULT_PORT);
    try (var socket = new ServerSocket(usual.port(), 1, InetAddress.ofLiteral(usual.host()))) {
      return socket.isBound() ? usual : new Listen(usual.host(), 0);
    } catch (IOException inUse) {
      return new Listen(usual.host(), 0);
    }
  }
}
