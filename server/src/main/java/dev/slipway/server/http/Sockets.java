package dev.slipway.server.http;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/// Takes the requests that want to speak WebSocket, and leaves the others to the next handler.
///
/// Paths are compared as they were written, as in the [Gate]. Jetty's part for WebSockets is made
/// when the first client asks for one: most servers never load it.
final class Sockets extends Handler.Wrapper {
  private final List<SocketRoute> routes;

  Sockets(List<SocketRoute> routes, Handler next) {
    super(next);
    this.routes = List.copyOf(routes);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!"websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
      return super.handle(request, response, callback);
    }
    String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("");
    for (SocketRoute route : routes) {
      Matcher matcher = route.path().matcher(path);
      if (matcher.matches()) {
        var call = new SocketRoute.Call(matcher.toMatchResult(), query(request), remote(request));
        return container()
            .upgrade(
                (asked, answered, done) -> route.endpoint().open(call),
                request,
                response,
                callback);
      }
    }
    return super.handle(request, response, callback);
  }

  private synchronized ServerWebSocketContainer container() {
    ServerWebSocketContainer container = ServerWebSocketContainer.ensure(getServer());
    LifeCycle.start(container);
    return container;
  }

  private static Map<String, List<String>> query(Request request) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      query.put(field.getName(), List.copyOf(field.getValues()));
    }
    return query;
  }

  private static String remote(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "unknown";
  }
}
