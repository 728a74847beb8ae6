package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.instance.TaskId;
import dev.slipway.server.http.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FilesTest {
  private static final String TASK = "a.instance-00000000-0000-3000-8000-000000000001._app.1";
  private static final String FILES = "/api/v1/tasks/" + TASK + "/files";

  @TempDir Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    Path sandbox = Files.createDirectory(directory.resolve("sandbox"));
    Files.writeString(directory.resolve("secret"), "swordfish");
    Files.writeString(sandbox.resolve("stdout"), "gr\u00fc\u00dfe\n");
    Files.createDirectory(sandbox.resolve("inner"));
    Files.writeString(sandbox.resolve("inner/page.html"), "<script>alert(1)</script>");
    Files.createSymbolicLink(sandbox.resolve("link"), directory.resolve("secret"));
    api = new ApiFixture(new World());
    api.sandboxes.put(new TaskId(TASK), new DirectorySandbox(sandbox));
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void directoriesAreListed() {
    JsonNode listing = api.json(FILES);

    assertThat(listing.get("path").asString()).isEmpty();
    assertThat(listing.get("entries").valueStream().map(entry -> entry.get("path").asString()))
        .containsExactly("inner", "link", "stdout");
    JsonNode inner = listing.get("entries").get(0);
    assertThat(inner.get("directory").asBoolean()).isTrue();
    assertThat(inner.get("mode").asString()).isEqualTo("drwxr-xr-x");
    assertThat(inner.get("modified").asString()).isEqualTo("2026-03-01T09:00:00.000Z");
    assertThat(api.json(FILES + "?path=inner").get("entries").get(0).get("path").asString())
        .isEqualTo("inner/page.html");
  }

  @Test
  void withoutOffsetOnlyTheSizeIsTold() {
    for (String query : new String[] {"", "&offset=-1"}) {
      JsonNode piece = api.json(FILES + "/read?path=stdout" + query);

      assertThat(piece.get("data").asString()).isEmpty();
      assertThat(piece.get("offset").asLong()).isEqualTo(8);
      assertThat(piece.get("size").asLong()).isEqualTo(8);
    }
  }

  @Test
  void textIsReadInPiecesThatEndBetweenCharacters() {
    JsonNode first = api.json(FILES + "/read?path=stdout&offset=0&length=5");
    assertThat(first.get("data").asString()).isEqualTo("gr\u00fc");
    assertThat(first.get("next").asLong()).isEqualTo(4);

    JsonNode second = api.json(FILES + "/read?path=stdout&offset=4&length=100");
    assertThat(second.get("data").asString()).isEqualTo("\u00dfe\n");
    assertThat(second.get("next").asLong()).isEqualTo(8);

    JsonNode end = api.json(FILES + "/read?path=stdout&offset=8");
    assertThat(end.get("data").asString()).isEmpty();
    assertThat(end.get("next").asLong()).isEqualTo(8);
    assertThat(api.json(FILES + "/read?path=stdout&offset=999").get("next").asLong())
        .isEqualTo(999);
  }

  @Test
  void oneReadGivesAtMostSixtyFourKibibytes() throws IOException {
    Files.writeString(directory.resolve("sandbox/stdout"), "x".repeat(200_000));
    JsonNode piece = api.json(FILES + "/read?path=stdout&offset=0&length=1000000");

    assertThat(piece.get("data").asString()).hasSize(65536);
    assertThat(piece.get("size").asLong()).isEqualTo(200_000);
  }

  @Test
  void aDownloadIsNeverShownAsPage() {
    var answer = api.client.get(FILES + "/download?path=inner/page.html");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("<script>alert(1)</script>");
    assertThat(answer.header("content-type").orElse("")).startsWith("application/octet-stream");
    assertThat(answer.header("content-disposition")).contains("attachment; filename=\"page.html\"");
    assertThat(answer.header("content-security-policy").orElse("")).startsWith("sandbox");
    assertThat(answer.header("x-content-type-options")).contains("nosniff");
  }

  @Test
  void bytesAreDownloadedAsTheyAre() throws IOException {
    byte[] bytes = "\u20ac".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    Files.write(directory.resolve("sandbox/odd \"name\r\n"), bytes);
    var answer = api.client.get(FILES + "/download?path=odd%20%22name%0d%0a");

    assertThat(answer.header("content-disposition"))
        .contains("attachment; filename=\"odd__name__\"");
    assertThat(answer.headers()).doesNotContainKey("x");
  }

  @ParameterizedTest
  @CsvSource({
    "?path=missing, 404",
    "?path=stdout, 400",
    "?path=.., 403",
    "?path=..%2f, 403",
    "?path=/etc, 403",
    "?path=inner/../.., 403",
    "/read?path=missing&offset=0, 404",
    "/read?path=inner&offset=0, 400",
    "/read?path=../secret&offset=0, 403",
    "/read?path=%2e%2e%2fsecret&offset=0, 403",
    "/read?path=link&offset=0, 403",
    "/read?path=/etc/passwd&offset=0, 403",
    "/read, 400",
    "/read?path=stdout&offset=x, 400",
    "/read?path=stdout&offset=0&length=99999999999999999999, 400",
    "/download?path=link, 403",
    "/download?path=../secret, 403",
    "/download?path=inner, 400",
    "/download, 400",
  })
  void whatIsNotTheTasksIsRefused(String rest, int status) {
    RawClient.Answer answer = api.client.get(FILES + rest);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("swordfish");
    assertThat(answer.header("content-type").orElse("")).startsWith("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "..",
        "a.instance-00000000-0000-3000-8000-000000000001._app.1%2f..",
        "a.instance-00000000-0000-3000-8000-000000000002._app.1"
      })
  void onlyTasksHaveFiles(String task) {
    assertThat(api.client.get("/api/v1/tasks/" + task + "/files").status()).isIn(400, 404);
  }
}
