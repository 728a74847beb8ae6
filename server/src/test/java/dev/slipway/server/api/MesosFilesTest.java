package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.server.http.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Mesos's paths to sandboxes, with its replies and refusals (its src/files/files.cpp).
class MesosFilesTest {
  private static final String TASK = "a.instance-00000000-0000-3000-8000-000000000001._app.1";
  private static final String SHORT = "/tasks/" + TASK;
  private static final String LONG =
      "/var/lib/slipway/slaves/n1/frameworks/platform/executors/" + TASK + "/runs/latest";

  @TempDir Path directory;
  private Path sandbox;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    sandbox = Files.createDirectory(directory.resolve("sandbox"));
    Files.writeString(directory.resolve("secret"), "swordfish");
    Files.writeString(sandbox.resolve("stdout"), "gr\u00fc\u00dfe\n");
    Files.createDirectory(sandbox.resolve("inner"));
    Files.writeString(sandbox.resolve("inner/page.html"), "<script>alert(1)</script>");
    Files.createSymbolicLink(sandbox.resolve("link"), directory.resolve("secret"));
    api = new ApiFixture(World.withNodes(1, 4));
    api.sandboxes.put(new TaskId(TASK), new DirectorySandbox(sandbox));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {SHORT, LONG, SHORT + "/", "/" + LONG + "//"})
  void aDirectoryIsBrowsedAsInMesos(String path) {
    String base = path.replaceAll("/+", "/").replaceAll("/$", "");

    assertThat(api.client.get("/files/browse?path=" + path).body())
        .startsWith("[{\"gid\":\"root\",\"mode\":\"drwxr-xr-x\",\"mtime\":")
        .contains("\"nlink\":1,\"path\":\"" + base + "/inner\",\"size\":")
        .contains("\"path\":\"" + base + "/stdout\",\"size\":8,\"uid\":\"root\"}]");
    assertThat(api.json("/files/browse?path=" + path + "/inner").get(0).get("path").asString())
        .isEqualTo(base + "/inner/page.html");
    assertThat(api.json("/files/browse.json?path=" + path)).hasSize(3);
    assertThat(api.client.get("/files/browse?path=" + path + "/stdout").body()).isEqualTo("[]");
  }

  @Test
  void aFileIsReadAsThePailerReadsIt() {
    String read = "/files/read?path=" + SHORT + "/stdout";

    for (String query : new String[] {"", "&offset=-1", "&offset=-1&length=-1"}) {
      assertThat(api.client.get(read + query).body()).isEqualTo("{\"data\":\"\",\"offset\":8}");
    }
    assertThat(api.client.get(read + "&offset=0").body())
        .isEqualTo("{\"data\":\"gr\u00fc\u00dfe\\n\",\"offset\":0}");
    assertThat(api.client.get(read + "&offset=0&length=2").body())
        .isEqualTo("{\"data\":\"gr\",\"offset\":0}");
    assertThat(api.client.get(read + "&offset=999").body())
        .isEqualTo("{\"data\":\"\",\"offset\":999}");
  }

  @Test
  void oneReadGivesAtMostSixteenPages() throws IOException {
    Files.writeString(sandbox.resolve("stdout"), "x".repeat(200_000));

    JsonNode piece = api.json("/files/read?path=" + LONG + "/stdout&offset=0&length=1000000");

    assertThat(piece.get("data").asString()).hasSize(65536);
  }

  @Test
  void aDownloadNamesItsTypeAndIsNeverShownAsPage() {
    var answer = api.client.get("/files/download?path=" + SHORT + "/inner/page.html");

    assertThat(answer.body()).isEqualTo("<script>alert(1)</script>");
    assertThat(answer.header("content-type").orElse("")).startsWith("text/html");
    assertThat(answer.header("content-disposition")).contains("attachment; filename=page.html");
    assertThat(answer.header("content-security-policy").orElse("")).startsWith("sandbox");
    assertThat(
            api.client
                .get("/files/download?path=" + SHORT + "/stdout")
                .header("content-type")
                .orElse(""))
        .startsWith("application/octet-stream");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "browse|400|Expecting 'path=value' in query.\\n",
        "browse?path=|400|Expecting 'path=value' in query.\\n",
        "read|400|Expecting 'path=value' in query.\\n",
        "download|400|Expecting 'path=value' in query.\\n",
        "read?path=SHORT/stdout&offset=hello|400|Failed to parse offset: Failed to convert 'hello'"
            + " to number.\\n",
        "read?path=SHORT/stdout&offset=0&length=x|400|Failed to parse length: Failed to convert"
            + " 'x' to number.\\n",
        "read?path=SHORT/stdout&offset=-2|400|Negative offset provided: -2.\\n",
        "read?path=SHORT/stdout&offset=0&length=-2|400|Negative length provided: -2.\\n",
        "read?path=SHORT/inner&offset=0|400|Cannot read a directory.\\n",
        "read?path=SHORT&offset=0|400|Cannot read a directory.\\n",
        "download?path=SHORT/inner|400|Cannot download a directory.\\n",
        "read?path=SHORT/missing|404|-",
        "browse?path=/etc|404|-",
        "browse?path=/var/lib/slipway|404|-",
        "browse?path=SHORTx|404|-",
        "read?path=/tasks/a.instance-00000000-0000-3000-8000-000000000002._app.1/stdout|404|-",
        "read?path=SHORT/link&offset=0|400|'SHORT/link' is inaccessible.\\n",
        "read?path=SHORT/../secret&offset=0|400|'SHORT/../secret' is inaccessible.\\n",
        "browse?path=SHORT/..|400|'SHORT/..' is inaccessible.\\n",
        "browse?path=SHORT&jsonp=alert|400|'jsonp' is not supported, since any web page could"
            + " read files with it.\\n",
      })
  void refusalsAreMesosOwn(String request, int status, String text) {
    RawClient.Answer answer = api.client.get("/files/" + request.replace("SHORT", SHORT));

    assertThat(answer.status()).isEqualTo(status);
    String told = text.equals("-") ? "" : text;
    assertThat(answer.body()).isEqualTo(told.replace("SHORT", SHORT).replace("\\n", "\n"));
    assertThat(answer.header("content-type").orElse("")).startsWith("text/plain");
  }

  @Test
  void theOperatorApiListsAndReadsFiles() {
    JsonNode listing =
        post("{\"type\":\"LIST_FILES\",\"list_files\":{\"path\":\"" + SHORT + "\"}}", 200);
    JsonNode file = listing.get("list_files").get("file_infos").get(2);
    assertThat(file.get("path").asString()).isEqualTo(SHORT + "/stdout");
    assertThat(file.get("mode").asInt()).isEqualTo(0100644);
    assertThat(file.get("mtime").get("nanoseconds").asLong()).isPositive();

    JsonNode read =
        post(
            "{\"type\":\"READ_FILE\",\"read_file\":{\"path\":\""
                + SHORT
                + "/stdout\",\"offset\":1,\"length\":1}}",
            200);
    byte[] data = Base64.getDecoder().decode(read.get("read_file").get("data").asString());
    assertThat(new String(data, StandardCharsets.UTF_8)).isEqualTo("r");
    assertThat(read.get("read_file").get("size").asLong()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"GET_FLAGS\"}|501",
        "{}|501",
        "nonsense|400",
        "{\"type\":\"LIST_FILES\"}|400",
        "{\"type\":\"LIST_FILES\",\"list_files\":{\"path\":\"/etc\"}}|404",
        "{\"type\":\"READ_FILE\",\"read_file\":{\"path\":\"/tasks/x\",\"offset\":0}}|404",
        "{\"type\":\"READ_FILE\",\"read_file\":{\"path\":\"/tasks/x\"}}|404"
      })
  void otherCallsAreRefused(String body, int status) {
    assertThat(api.client.send("POST", "/api/v1", body, "Content-Type: application/json").status())
        .isEqualTo(status);
  }

  private JsonNode post(String body, int status) {
    var answer = api.client.send("POST", "/api/v1", body, "Content-Type: application/json");
    assertThat(answer.status()).isEqualTo(status);
    return dev.slipway.server.http.Json.mapper().readTree(answer.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/state", "/slave(1)/state", "/slave%281%29/state", "/state.json"})
  void theAgentsStateLeadsToTheSandboxes(String path) {
    api.world.put(World.app("/shop/cart", 1, 1));
    Instance running = api.world.instance("/shop/cart");
    api.world.running(running);
    api.sandboxes.put(running.id().task(), new DirectorySandbox(sandbox));
    api.ended.add(
        new TaskObservation(
            new TaskId(TASK),
            new NodeId("n1"),
            api.world.now(),
            new TaskObservation.Status.Ended(
                TaskEnd.of(TaskEnd.Reason.FETCH_FAILED, "not found"))));

    JsonNode framework = api.json(path).get("frameworks").get(0);

    JsonNode executor = framework.get("executors").get(0);
    assertThat(executor.get("id").asString()).isEqualTo(running.id().task().value());
    assertThat(executor.get("container").asString()).isEqualTo("latest");
    assertThat(executor.get("tasks").get(0).get("state").asString()).isEqualTo("TASK_RUNNING");
    assertThat(executor.get("tasks").get(0).get("name").asString()).isEqualTo("cart.shop");
    String alive = executor.get("directory").asString();
    assertThat(alive)
        .isEqualTo(
            "/var/lib/slipway/slaves/n1/frameworks/platform/executors/%s/runs/latest"
                .formatted(running.id().task()));
    JsonNode over = framework.get("completed_executors").get(0);
    assertThat(over.get("completed_tasks").get(0).get("state").asString()).isEqualTo("TASK_FAILED");
    for (String found : new String[] {alive, over.get("directory").asString()}) {
      assertThat(api.client.get("/files/browse?path=" + found).status()).isEqualTo(200);
    }
    assertThat(api.json("/files/debug").get(alive).asString())
        .isEqualTo("/tasks/" + running.id().task());
  }
}
