package dev.slipway.server.marathon;

import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.server.http.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// A platform in memory with the API before it, called without HTTP.
final class Caller {
  final MemoryPlatform platform;
  final Map<InstanceId, List<HealthRecord>> health = new TreeMap<>();
  final AtomicInteger healthReads = new AtomicInteger();
  final MarathonApi api;

  Caller(MemoryPlatform platform) {
    this.platform = platform;
    this.api =
        new MarathonApi(
            platform,
            instance -> {
              healthReads.incrementAndGet();
              return Optional.ofNullable(health.get(instance));
            },
            new ServerInfo("paas.example.org", () -> 8080, "0.1.0"));
    platform.listen(api.transitions());
  }

  static Caller withNodes() {
    return new Caller(MemoryPlatform.withNodes());
  }

  /// What came back.
  record Result(int status, Map<String, String> headers, String text) {
    JsonNode json() {
      return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The text at a JSON pointer; empty where there is nothing.
    String at(String pointer) {
      return json().at(pointer).asString("");
    }
  }

  Result get(String uri) {
    return call(Call.Method.GET, uri, "");
  }

  Result post(String uri, String body) {
    return call(Call.Method.POST, uri, body);
  }

  Result put(String uri, String body) {
    return call(Call.Method.PUT, uri, body);
  }

  Result patch(String uri, String body) {
    return call(Call.Method.PATCH, uri, body);
  }

  Result delete(String uri) {
    return call(Call.Method.DELETE, uri, "");
  }

  /// Creates an app and has the engine run it.
  void running(String app) {
    Result created = post("/v2/apps", app);
    if (created.status() != 201) {
      throw new AssertionError(created.toString());
    }
    platform.settle();
  }

  private Result call(Call.Method method, String uri, String body) {
    Answer answer;
    try {
      int mark = uri.indexOf('?');
      List<String> path = Call.parts(mark < 0 ? uri : uri.substring(0, mark));
      Map<String, List<String>> query = mark < 0 ? Map.of() : query(uri.substring(mark + 1));
      answer =
          api.answer(
              new Call(
                  method,
                  uri,
                  path.subList(1, path.size()),
                  new Query(query),
                  () -> body.getBytes(StandardCharsets.UTF_8),
                  "10.1.2.3"));
    } catch (Rejected rejected) {
      answer = rejected.answer();
    }
    return new Result(answer.status(), answer.headers(), answer.body().map(Json::text).orElse(""));
  }

  private static Map<String, List<String>> query(String text) {
    Map<String, List<String>> result = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String value = parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
      result.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(value);
    }
    return result;
  }
}
