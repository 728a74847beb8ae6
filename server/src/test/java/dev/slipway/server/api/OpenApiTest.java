package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.server.exec.ExecRoutes;
import dev.slipway.server.exec.TalkingEngine;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.SocketRoute;
import dev.slipway.server.link.LinkKey;
import dev.slipway.server.link.LinkedArtifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The description in docs/openapi.yaml, held against what the server does.
class OpenApiTest {
  private static final Path DESCRIPTION = Path.of("..", "docs", "openapi.yaml");
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private static final String POLICY =
      """
      {"headroom":{"large":{"count":2,"cpus":0.5,"mem":64,"constraints":[["rack","IS","r1"]]}}}\
      """;

  private final JsonNode description = new YAMLMapper().readTree(DESCRIPTION.toFile());
  private World world;
  private ApiFixture api;
  @TempDir Path sandbox;

  @BeforeEach
  void start() {
    world = World.withNodes(2, 1);
    api = new ApiFixture(world);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void everyRouteIsDescribedAndEveryDescriptionIsARoute() throws Exception {
    Set<String> registered = registered(api.server);
    registered.addAll(registeredForPods());
    for (SocketRoute socket : new ExecRoutes(TalkingEngine::new).sockets()) {
      registered.add("GET " + socket.path().pattern().replace("([^/]+)", "{taskId}"));
    }
    var described = new TreeSet<String>();
    for (var path : description.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        if (METHODS.contains(operation.getKey())) {
          described.add(
              operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
        }
      }
    }

    assertThat(described).isEqualTo(registered).hasSize(37);
  }

  /// What a server serves besides whose tasks are pods.
  private Set<String> registeredForPods() throws IOException {
    var links =
        new LinkedArtifacts(
            LinkKey.in(sandbox), checksum -> Optional.empty(), InstantSource.system());
    try (var server = HttpServer.start(HttpSettings.DEFAULT.at("127.0.0.1", 0), List.of(links))) {
      return registered(server);
    }
  }

  private static Set<String> registered(HttpServer server) {
    var registered = new TreeSet<String>();
    for (var route : server.routes()) {
      if (route.pattern().startsWith("/api/v1/")) {
        registered.add(route.method() + " " + route.pattern().replace('<', '{').replace('>', '}'));
      }
    }
    return registered;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/info",
        "/api/v1/servers",
        "/api/v1/nodes",
        "/api/v1/nodes/{id}",
        "/api/v1/volumes",
        "/api/v1/placement/policy",
        "/api/v1/placement/headroom",
        "/api/v1/placement/rebalance",
        "/api/v1/apps/{id}/explain",
        "/api/v1/deployments",
        "/api/v1/deployments/{id}",
        "/api/v1/tasks",
        "/api/v1/tasks/{taskId}/files",
        "/api/v1/tasks/{taskId}/files/read",
        "/api/v1/artifacts",
        "/api/v1/secrets"
      })
  void answersAreAsDescribed(String path) throws Exception {
    Instance instance = somethingOfEverything();
    String deployment = world.state().deployments().keys().iterator().next().value();
    String target =
        path.replace("apps/{id}", "apps/a")
                .replace("nodes/{id}", "nodes/n1")
                .replace("deployments/{id}", "deployments/" + deployment)
                .replace("{taskId}", instance.id().task().value())
            + (path.endsWith("read") ? "?path=stdout&offset=0" : "");
    JsonNode schema =
        description
            .get("paths")
            .get(path)
            .at("/get/responses/200/content")
            .get("application/json")
            .get("schema");

    check(api.json(target), schema, path);
  }

  /// A state that has a value for nearly every field.
  private Instance somethingOfEverything() throws Exception {
    api.client.send("PUT", "/api/v1/placement/policy", POLICY, "Content-Type: application/json");
    world.put(World.app("/a", 1, 2), World.app("/big", 5, 1));
    Instance failed = world.instance("/a");
    world.running(failed);
    world.ended(
        failed, new TaskEnd(TaskEnd.Reason.SIGNALED, Optional.of(1), Optional.of(9), "killed"));
    Instance running =
        world.instances("/a").stream()
            .filter(one -> one.place().isPresent())
            .findFirst()
            .orElseThrow();
    world.running(running);
    TaskId task = running.id().task();
    world.usage.take(List.of(new UsageSample(task, world.now(), 1, 2, 3, 4)));
    Files.writeString(sandbox.resolve("stdout"), "text");
    api.sandboxes.put(task, new DirectorySandbox(sandbox));
    api.shelf.put("code.tgz", java.io.InputStream.nullInputStream());
    api.client.send(
        "PUT", "/api/v1/secrets/shop/db", "value", "Content-Type: application/octet-stream");
    return running;
  }

  private void check(JsonNode value, JsonNode schema, String where) {
    if (schema.has("$ref")) {
      check(value, description.at(schema.get("$ref").asString().substring(1)), where);
      return;
    }
    JsonNode type = schema.get("type");
    List<String> types =
        type.isArray()
            ? type.valueStream().map(JsonNode::asString).toList()
            : List.of(type.asString());
    assertThat(types).as(where).contains(typeOf(value, types));
    if (value.isObject()) {
      checkObject(value, schema, where);
    }
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      check(value.get(i), schema.get("items"), where + "[" + i + "]");
    }
    if (schema.has("enum")) {
      assertThat(schema.get("enum").valueStream().map(JsonNode::asString))
          .as(where)
          .contains(value.asString());
    }
  }

  private void checkObject(JsonNode value, JsonNode schema, String where) {
    if (schema.has("required")) {
      schema
          .get("required")
          .valueStream()
          .forEach(name -> assertThat(value.has(name.asString())).as(where + "." + name).isTrue());
    }
    for (var field : value.properties()) {
      JsonNode known =
          schema.has("properties")
              ? schema.get("properties").get(field.getKey())
              : schema.get("additionalProperties");
      assertThat(known).as(where + "." + field.getKey() + " is described").isNotNull();
      check(field.getValue(), known, where + "." + field.getKey());
    }
  }

  private static String typeOf(JsonNode value, List<String> allowed) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      case NUMBER -> value.isIntegralNumber() && allowed.contains("integer") ? "integer" : "number";
      case BINARY, MISSING, POJO -> "none";
    };
  }
}
