package dev.slipway.server.marathon;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.UnreadableJson;
import dev.slipway.server.marathon.json.Faults;
import dev.slipway.server.marathon.json.Fields;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A request, apart from how it came in.
///
/// @param uri path and query as sent
/// @param path the parts of the path after `/v2`, decoded; empty ones are left out, since clients
/// send
///     double and trailing slashes, and an encoded slash parts like any other
/// @param body reads the body
/// @param clientIp who asks
record Call(
    Method method,
    String uri,
    List<String> path,
    Query query,
    Supplier<byte[]> body,
    String clientIp) {
  enum Method {
    GET,
    POST,
    PUT,
    PATCH,
    DELETE
  }

  private static final Pattern PLUS = Pattern.compile("+", Pattern.LITERAL);

  /// Takes a path apart.
  ///
  /// @throws Rejected with 404 when it has `.` or `..` in it, or is wrongly encoded
  static List<String> parts(String rawPath) {
    List<String> parts = new ArrayList<>();
    for (String raw : rawPath.split("/", -1)) {
      for (String part : decoded(raw).split("/", -1)) {
        if (part.equals(".") || part.equals("..")) {
          throw Rejected.notFound("URI not found: " + rawPath);
        }
        if (!part.isEmpty()) {
          parts.add(part);
        }
      }
    }
    return parts;
  }

  private static String decoded(String raw) {
    try {
      // In a path, unlike in a query, a plus is a plus.
      return URLDecoder.decode(PLUS.matcher(raw).replaceAll("%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Rejected.notFound("URI not found: " + raw);
    }
  }

  JsonNode json() {
    try {
      return Json.read(body.get());
    } catch (UnreadableJson e) {
      throw Rejected.unreadable(e.details());
    }
  }

  /// The body, which has to be an object.
  Fields object() {
    var faults = new Faults();
    return Fields.of(json(), faults).orElseThrow(() -> Rejected.faulty(faults));
  }

  /// Parts of the path as the path of an app or a group.
  ///
  /// @throws Rejected with 404 when no app or group can have that path
  static PathId pathId(List<String> parts, String kind) {
    try {
      return new PathId(parts);
    } catch (IllegalArgumentException e) {
      throw Rejected.notFound("%s '/%s' does not exist".formatted(kind, String.join("/", parts)));
    }
  }

  boolean force() {
    return query.flag("force");
  }

  /// The terms of a wish: `force`, and Slipway's own `queue`, which waits for deployments that hold
  /// the apps instead of answering 409, and `allowUnknownDependencies`, which passes over
  /// dependencies that nothing answers to, as Marathon does.
  Input.Terms terms() {
    return terms(force());
  }

  /// The same, forced or not whatever the query says.
  Input.Terms terms(boolean force) {
    return new Input.Terms(force, query.flag("queue"), query.flag("allowUnknownDependencies"));
  }
}
