package dev.slipway.server;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// An engine whose tasks are web servers of this process, each at a loopback address of its own,
/// with the host ports that lead to it at the node's. A server says at which of its addresses it
/// was asked, and with 200 also whether it is ready. Tasks outlive the platform's server.
final class LoopbackEngine implements Engine {
  static final Node NODE =
      new Node(
          new NodeId("n1"),
          "localhost",
          "127.0.0.1",
          Resources.of(4, 4096, 4096, 0),
          new PortRange(33000, 33999),
          new PortRange(1024, 32999),
          new TreeMap<>(),
          new TreeSet<>(EnumSet.of(NodeFeature.CONTAINER_NETWORK, NodeFeature.BRIDGE_NETWORK)));

  private record Task(TaskLaunch launch, String address, List<HttpServer> servers) {
    void stop() {
      servers.forEach(server -> server.stop(0));
    }
  }

  private final Map<TaskId, Task> tasks = new ConcurrentHashMap<>();
  private final AtomicInteger addresses = new AtomicInteger();
  private volatile Optional<EngineListener> listener = Optional.empty();

  @Override
  public synchronized void start(EngineListener hearing) {
    listener = Optional.of(hearing);
    List<TaskObservation> seen =
        tasks.values().stream()
            .map(task -> observation(task.launch().id(), running(task)))
            .toList();
    hearing.picture(new EnginePicture(List.of(NODE), seen, Instant.now()));
  }

  @Override
  public synchronized void launch(TaskLaunch launch) {
    if (tasks.containsKey(launch.id())) {
      return;
    }
    tell(launch.id(), new Status.Staging());
    try {
      begin(launch);
    } catch (IOException taken) {
      var end = TaskEnd.of(TaskEnd.Reason.PORT_IN_USE, String.valueOf(taken.getMessage()));
      tell(launch.id(), new Status.Ended(end));
    }
  }

  /// Gives a task another address, at which it is from now on.
  synchronized void move(TaskId id) throws IOException {
    Task task = Objects.requireNonNull(tasks.remove(id));
    task.stop();
    begin(task.launch());
  }

  String address(TaskId id) {
    return Objects.requireNonNull(tasks.get(id)).address();
  }

  private void begin(TaskLaunch launch) throws IOException {
    String address = "127.0.1." + addresses.incrementAndGet();
    List<HttpServer> servers = new ArrayList<>();
    var task = new Task(launch, address, servers);
    try {
      for (int port : launch.hostPorts()) {
        servers.add(serve(NODE.address(), port));
      }
      for (var mapping :
          launch.surroundings().container().map(Container::portMappings).orElse(List.of())) {
        if (mapping.containerPort() != 0) {
          servers.add(serve(address, mapping.containerPort()));
        }
      }
    } catch (IOException taken) {
      task.stop();
      throw taken;
    }
    tasks.put(launch.id(), task);
    tell(launch.id(), running(task));
  }

  private static HttpServer serve(String address, int port) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getLocalAddress().toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Status running(Task task) {
    return new Status.Running(List.of(task.address()));
  }

  @Override
  public synchronized void kill(TaskId id, Duration grace, Epoch epoch) {
    Task task = Objects.requireNonNull(tasks.remove(id));
    if (task != null) {
      task.stop();
    }
    tell(id, new Status.Ended(TaskEnd.of(TaskEnd.Reason.KILLED, "killed")));
  }

  private void tell(TaskId id, Status status) {
    listener.ifPresent(hearing -> hearing.taskSeen(observation(id, status)));
  }

  private static TaskObservation observation(TaskId id, Status status) {
    return new TaskObservation(id, NODE.id(), Instant.now(), status);
  }

  @Override
  public Optional<Sandbox> sandbox(TaskId task) {
    return Optional.empty();
  }

  @Override
  public CommandOutcome execute(TaskId task, Command command, Duration timeout) {
    throw new UnsupportedOperationException("these tasks run no commands");
  }

  @Override
  public void close() {
    listener = Optional.empty();
  }

  /// Ends all tasks.
  synchronized void end() {
    tasks.values().forEach(Task::stop);
    tasks.clear();
  }
}
