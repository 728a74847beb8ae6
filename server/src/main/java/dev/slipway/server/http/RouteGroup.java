package dev.slipway.server.http;

import io.javalin.config.RoutesConfig;
import java.util.List;

/// Routes that belong together, such as all of one API. The server has them registered before it
/// starts.
///
/// Handlers run on virtual threads and may block. Who is asked for a token, and which bodies are
/// taken, is decided before a handler is called.
@FunctionalInterface
public interface RouteGroup {
  /// Adds this group's routes, and handlers for the exceptions that only they throw.
  void register(RoutesConfig routes);

  /// The beginnings of paths under which bodies of any kind and size are streamed: their handlers
  /// enforce a limit of their own.
  default List<String> uploads() {
    return List.of();
  }

  /// Addresses of this group that prove themselves, so that nobody is asked for a token.
  default List<Proofs> proofs() {
    return List.of();
  }

  /// The paths of this group where clients speak WebSocket.
  default List<SocketRoute> sockets() {
    return List.of();
  }
}
