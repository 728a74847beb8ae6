package dev.slipway.server.http;

import org.eclipse.jetty.io.Connection;

/// One request on its way through the server: what is told about it once it is answered. The
/// handler's thread writes the route, the one that completes the request reads it.
final class Exchange {
  /// The request's attribute that holds its exchange.
  static final String ATTRIBUTE = Exchange.class.getName();

  private final Connection connection;
  private final long begin = System.nanoTime();
  private volatile String route = ServedRequest.NO_ROUTE;

  Exchange(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  long begin() {
    return begin;
  }

  String route() {
    return route;
  }

  void matched(String pattern) {
    route = pattern;
  }
}
