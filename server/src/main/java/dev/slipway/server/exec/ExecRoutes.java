package dev.slipway.server.exec;

import dev.slipway.core.engine.Engine;
import dev.slipway.server.http.RouteGroup;
import dev.slipway.server.http.SocketRoute;
import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Commands in tasks that a client talks to, over WebSocket at `/api/v1/tasks/{taskId}/exec`.
///
/// A session holds three virtual threads and a place among [#SESSIONS].
public final class ExecRoutes implements RouteGroup {
  /// Sessions that go on at once.
  static final int SESSIONS = 32;

  private static final Pattern PATH = Pattern.compile("/api/v1/tasks/([^/]+)/exec");

  private final Supplier<Engine> engine;
  private final Semaphore places = new Semaphore(SESSIONS);
  private final AtomicLong numbers = new AtomicLong();

  /// @param engine the one that tasks run with now; asked for each session
  public ExecRoutes(Supplier<Engine> engine) {
    this.engine = engine;
  }

  @Override
  public void register(RoutesConfig routes) {
    // Only WebSockets are spoken here.
  }

  @Override
  public List<SocketRoute> sockets() {
    return List.of(
        new SocketRoute(
            PATH, call -> new ExecSocket(engine, places, call, numbers.incrementAndGet())));
  }
}
