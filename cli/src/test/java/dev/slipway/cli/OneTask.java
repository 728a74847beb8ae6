package dev.slipway.cli;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Observed;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.engine.local.LocalEngine;
import dev.slipway.engine.local.LocalEngineSettings;
import dev.slipway.engine.local.LocalMachine;
import dev.slipway.server.exec.ExecRoutes;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.RouteGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A server with one task, `/web`'s, which sleeps on this machine. It tells of such tasks as the
/// test says, and lets clients talk to commands beside the one.
final class OneTask implements AutoCloseable {
  private final LocalEngine engine;
  private final TaskId id = new TaskId(Answers.task("web", Answers.UUID_A));
  private final HttpServer server;
  private final Observed observed = new Observed();
  private volatile String tasks = "";

  /// @param directory for the engine
  OneTask(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<Node> nodes = LocalMachine.probe(directory).nodes(1, Map.of());
    engine =
        LocalEngine.open(
            LocalEngineSettings.of(directory, nodes, (artifacts, sandbox, user) -> {}));
    engine.start(observed);
    engine.launch(launch(nodes.getFirst().id()));
    observed.awaitRunning(id);
    RouteGroup known =
        routes ->
            routes.get(
                "/api/v1/tasks", context -> context.contentType("application/json").result(tasks));
    server =
        HttpServer.start(
            HttpSettings.DEFAULT.at("127.0.0.1", 0), List.of(known, new ExecRoutes(() -> engine)));
  }

  private TaskLaunch launch(NodeId node) {
    return new TaskLaunch(
        id,
        PathId.of("/web"),
        node,
        new Epoch(1),
        new Command.Shell("sleep 1000"),
        new TreeMap<>(),
        Resources.of(0.1, 64, 0, 0),
        List.of(),
        Optional.empty(),
        List.of());
  }

  /// What the server tells of tasks from now on.
  OneTask telling(String... told) {
    tasks = Answers.tasks(told);
    return this;
  }

  String url() {
    return server.uri().toString();
  }

  Run exec(String input, String... arguments) {
    return Run.with(Run.PIPE, Map.of("SLIPWAY_URL", url()), input, arguments);
  }

  /// Whether the task's sandbox has a file whose name ends so.
  boolean hasFile(String name) throws IOException {
    return engine.sandbox(id).orElseThrow().list("").stream()
        .anyMatch(entry -> entry.path().endsWith(name));
  }

  void stopServer() {
    server.close();
  }

  @Override
  public void close() {
    server.close();
    engine.kill(id, Duration.ZERO, new Epoch(1));
    try {
      observed.awaitEnd(id);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      engine.close();
    }
  }
}
