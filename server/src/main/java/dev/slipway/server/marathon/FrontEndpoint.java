package dev.slipway.server.marathon;

import dev.slipway.server.http.Accept;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// What a person finds who opens the server's address in a browser, and `/ping`.
final class FrontEndpoint {
  private static final String TEXT = "text/plain";
  private static final String JSON = "application/json";

  /// There is no script and no style in it: the content policy allows none.
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <title>Slipway</title>
      <h1>Slipway</h1>
      <p>There is no web interface yet. This server answers here, and to the <code>slipway</code> command:</p>
      <ul>
      <li><a href="/v2/apps?embed=apps.counts">Apps</a>, <a href="/v2/groups">groups</a>,
      <a href="/v2/tasks">tasks</a></li>
      <li><a href="/v2/deployments">Deployments</a>, <a href="/v2/queue">the queue</a></li>
      <li><a href="/api/v1/nodes">Nodes</a>, <a href="/api/v1/info">the server</a>,
      <a href="/health">its health</a>, <a href="/metrics">its metrics</a></li>
      </ul>
      </html>
      """;

  private FrontEndpoint() {}

  static void register(RoutesConfig routes) {
    routes.get("/ping", FrontEndpoint::ping);
    routes.get("/", context -> context.redirect("/ui/"));
    routes.get("/ui", context -> context.contentType("text/html; charset=utf-8").result(PAGE));
  }

  /// In the form that is asked for, as Marathon answers: text, a JSON string, or nothing at all.
  private static void ping(Context context) {
    var accept = Accept.of(context.header("Accept"));
    double text = accept.quality(TEXT);
    double json = accept.quality(JSON);
    if (text == 0 && json == 0) {
      context.status(204);
    } else if (json > text) {
      context.contentType(JSON).result("\"pong\"");
    } else {
      context.contentType(TEXT).result("pong");
    }
  }
}
