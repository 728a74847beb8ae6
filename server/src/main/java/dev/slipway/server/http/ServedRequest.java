package dev.slipway.server.http;

import java.time.Duration;

/// A request that was answered, for those who count.
///
/// @param route the route's pattern, such as `/v2/apps/<id>`, or `none`: one of few
/// @param status what was answered
public record ServedRequest(String method, String route, int status, Duration duration) {
  public static final String NO_ROUTE = "none";
}
