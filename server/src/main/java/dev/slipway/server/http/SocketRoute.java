package dev.slipway.server.http;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.eclipse.jetty.websocket.api.Session;

/// A path where clients speak WebSocket. The gate lets through only who may, and no page of
/// another origin.
///
/// @param path as the client wrote it, with groups for the parts that differ
/// @param endpoint what talks on one connection
public record SocketRoute(Pattern path, Endpoint endpoint) {
  /// Makes what talks on a connection that a client asks for.
  @FunctionalInterface
  public interface Endpoint {
    Session.Listener open(Call call);
  }

  /// What a client asked for.
  ///
  /// @param path the groups of the path
  /// @param query the parameters, decoded
  /// @param remote the client's address
  public record Call(MatchResult path, Map<String, List<String>> query, String remote) {}
}
