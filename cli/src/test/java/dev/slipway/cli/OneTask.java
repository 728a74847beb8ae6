package dev.slipway.cli;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.UsageSample;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A server with one task, `/web`'s, which sleeps on this machine. It tells of such tasks as the
/// test says, and lets clients talk to commands beside the one.
final class OneTask implements AutoCloseable {
  private static final long SECONDS = 30;

  private final LocalEngine engine;
  private final TaskId id = new TaskId(Answers.task("web", Answers.UUID_A));
  private final HttpServer server;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile String tasks = "";

  /// @param directory for the engine
  OneTask(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<Node> nodes = LocalMachine.probe(directory).nodes(1, Map.of());
    engine =
        LocalEngine.open(
            LocalEngineSettings.of(directory, nodes, (artifacts, sandbox, user) -> {}));
    var running = new CountDownLatch(1);
    engine.start(new Listener(running, ended));
    engine.launch(launch(nodes.getFirst().id()));
    if (!running.await(SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the task does not run");
    }
    RouteGroup known =
        routes ->
            routes.get(
                "/api/v1/tasks", context -> context.contentType("application/json").result(tasks));
    server =
        HttpServer.start(
            HttpSettings.DEFAULT.at("127.0.0.1", 0), List.of(known, new ExecRoutes(engine)));
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

  Run exec(String input, String... arguments) {
    return Run.with(Run.PIPE, Map.of("SLIPWAY_URL", server.uri().toString()), input, arguments);
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
      if (!ended.await(SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the task does not end");
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      engine.close();
    }
  }

  private record Listener(CountDownLatch running, CountDownLatch ended) implements EngineListener {
    @Override
    public void picture(EnginePicture picture) {}

    @Override
    public void nodeSeen(Node node) {}

    @Override
    public void nodeSilent(NodeId node, String reason) {}

    @Override
    public void nodeGone(NodeId node, String reason) {}

    @Override
    public void taskSeen(TaskObservation observation) {
      switch (observation.status()) {
        case TaskObservation.Status.Staging _ -> {}
        case TaskObservation.Status.Running _ -> running.countDown();
        case TaskObservation.Status.Ended _ -> ended.countDown();
      }
    }

    @Override
    public void usage(List<UsageSample> samples) {}
  }
}
