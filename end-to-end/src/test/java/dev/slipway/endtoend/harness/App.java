package dev.slipway.endtoend.harness;

import dev.slipway.endtoend.task.Responder;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/// An app's description, as JSON: `App.sleeping("/nap").with("instances", 3)`.
public final class App {
  private static final String RESPONDER = Responder.class.getName().replace('.', '/') + ".class";

  private final ObjectNode json = Answer.JSON.createObjectNode();

  private App(String id) {
    json.put("id", id);
  }

  /// An app that runs a shell line; so small that many fit.
  public static App running(String id, String line) {
    return new App(id)
        .with("cmd", line)
        .with("cpus", 0.01)
        .with("mem", 32)
        .with("backoffSeconds", 0.2)
        .with("taskKillGracePeriodSeconds", 5);
  }

  /// An app that does nothing, for long.
  public static App sleeping(String id) {
    return running(id, "exec sleep 3600");
  }

  /// A web server that answers its version, with a health check.
  public static App web(String id, String version) {
    String line =
        "exec \"$JAVA_HOME/bin/java\" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"
            + " -Xmx16m -cp . "
            + Responder.class.getName();
    return running(id, line)
        .with("mem", 128)
        .with("env", Map.of("VERSION", version))
        .with("portDefinitions", List.of(Map.of("port", 0, "name", "http")))
        .with("fetch", List.of(Map.of("uri", responder(), "destPath", RESPONDER, "extract", false)))
        .with("healthChecks", List.of(httpCheck()));
  }

  /// A check that finds out fast, and gives up after three failures.
  public static Map<String, Object> httpCheck() {
    return Map.of(
        "protocol",
        "HTTP",
        "path",
        "/",
        "gracePeriodSeconds",
        20,
        "intervalSeconds",
        0.2,
        "timeoutSeconds",
        5,
        "maxConsecutiveFailures",
        3);
  }

  /// The same app with one field more, or another value for it.
  public App with(String field, Object value) {
    json.set(field, Answer.JSON.valueToTree(value));
    return this;
  }

  /// Any description as JSON.
  public static String json(Object description) {
    return Answer.JSON.writeValueAsString(description);
  }

  public String id() {
    return json.path("id").asString();
  }

  public ObjectNode json() {
    return json;
  }

  @Override
  public String toString() {
    return json.toString();
  }

  private static String responder() {
    URL url = Objects.requireNonNull(Responder.class.getClassLoader()).getResource(RESPONDER);
    try {
      return "file://" + Path.of(Objects.requireNonNull(url).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
