package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretCommandTest {
  private static final String STORED =
      "{\"created\":[\"shop/db\"],\"replaced\":[],\"apps\":[\"/shop/web\"]}";

  private final ScriptedServer server = new ScriptedServer();
  @TempDir Path directory;

  @AfterEach
  void close() {
    server.close();
  }

  private Run with(String input, String... arguments) {
    return Run.with(Run.PIPE, Map.of("SLIPWAY_URL", server.url()), input, arguments);
  }

  @Test
  void theValueComesFromTheStandardInputWithoutTheEndOfItsLine() {
    server.on("PUT /api/v1/secrets/shop/db", 201, STORED);
    Run run = with("hunter2\n", "secret", "set", "shop/db");

    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("shop/db is set\n");
    assertThat(run.err()).contains("slipway restart /shop/web");
    var request = server.request("PUT /api/v1/secrets/shop/db");
    assertThat(request.body()).isEqualTo("hunter2");
    assertThat(request.headers().get("Content-type")).containsExactly("application/octet-stream");
    assertThat(run.out() + run.err()).doesNotContain("hunter2");
  }

  @Test
  void onlyOneEndOfALineIsLeftOut() {
    server.on("PUT /api/v1/secrets/a", STORED);
    with("x\n\n", "secret", "set", "a");
    assertThat(server.request("PUT /api/v1/secrets/a").body()).isEqualTo("x\n");
  }

  @Test
  void aFileIsTakenAsItIs() throws IOException {
    Path file = Files.writeString(directory.resolve("tls.key"), "key\n");
    server.on("PUT /api/v1/secrets/shop/tls.key", STORED);
    Run run = with("", "secret", "set", "shop/tls.key", "--from-file", file.toString());
    assertThat(run.code()).isZero();
    assertThat(server.request("PUT /api/v1/secrets/shop/tls.key").body()).isEqualTo("key\n");
  }

  @Test
  void aValueIsNeverAnArgument() {
    Run run = with("", "secret", "set", "shop/db", "hunter2");
    assertThat(run.code()).isEqualTo(Exit.USAGE.code());
    assertThat(server.lines()).isEmpty();
  }

  @Test
  void whatIsEmptyOrTooLargeIsNotSent() {
    assertThat(with("\n", "secret", "set", "a").code()).isEqualTo(Exit.USAGE.code());
    Run large = with("x".repeat(64 * 1024 + 3), "secret", "set", "a");
    assertThat(large.code()).isEqualTo(Exit.USAGE.code());
    assertThat(large.err()).contains("larger than");
    Run missing = with("", "secret", "set", "a", "--from-file", directory + "/none");
    assertThat(missing.err()).contains("There is no file");
    assertThat(server.lines()).isEmpty();
  }

  @Test
  void theListNamesTheAppsThatUseASecret() {
    server.on(
        "GET /api/v1/secrets",
        """
        {"secrets":[{"name":"shop/db","createdAt":"2026-03-01T10:00:00.000Z",
         "changedAt":"2026-03-01T10:00:00.000Z","apps":["/shop/api","/shop/web"]},
         {"name":"unused","createdAt":"2026-03-01T10:00:00.000Z",
         "changedAt":"2026-03-01T10:00:00.000Z","apps":[]}]}
        """);
    Run run = Run.of(server, "secret", "list");
    assertThat(run.lines().getFirst()).startsWith("NAME").endsWith("USED BY");
    assertThat(run.lines().get(1)).startsWith("shop/db").endsWith("/shop/api /shop/web");
    assertThat(run.lines().get(2)).startsWith("unused").endsWith("-");
    assertThat(Run.of(server, "secret", "list", "--json").json().at("secrets").items()).hasSize(2);

    server.on("GET /api/v1/secrets", "{\"secrets\":[]}");
    assertThat(Run.of(server, "secret", "list").out()).contains("slipway secret set NAME");
  }

  @Test
  void aSecretThatIsUsedIsRemovedByForceAlone() {
    String line = "DELETE /api/v1/secrets/shop/db";
    server
        .on(line, 409, "{\"title\":\"Conflict\",\"detail\":\"Secret 'shop/db' is used by /web\"}")
        .on(line + "?force=true", 204, "");
    Run refused = Run.of(server, "secret", "remove", "shop/db");
    assertThat(refused.code()).isEqualTo(Exit.REFUSED.code());
    assertThat(refused.err()).contains("is used by /web");
    Run removed = Run.of(server, "secret", "remove", "shop/db", "--force");
    assertThat(removed.code()).isZero();
    assertThat(removed.out()).isEqualTo("shop/db is removed\n");
  }

  @Test
  void aVaultIsDecryptedHereAndSentAtOnce() throws IOException {
    Path password =
        Files.writeString(
            directory.resolve("password"), VaultFileTest.PASSWORD + "\n", StandardCharsets.UTF_8);
    server.on(
        "POST /api/v1/secrets",
        "{\"created\":[\"shop/multi\"],\"replaced\":[\"shop/db_password\"],\"apps\":[]}");
    Run run =
        with(
            "",
            "secret",
            "import",
            VaultFileTest.FILES.resolve("format-1.2.yml").toString(),
            "--prefix",
            "shop/",
            "--vault-password-file",
            password.toString());

    assertThat(run.code()).isZero();
    assertThat(run.lines()).containsExactly("shop/multi is set", "shop/db_password is replaced");
    Json sent =
        Json.read(server.request("POST /api/v1/secrets").body().getBytes(StandardCharsets.UTF_8));
    assertThat(sent.at("secrets").fields().keySet())
        .containsExactly("shop/api/token", "shop/db_password", "shop/multi");
    assertThat(sent.at("secrets").at("shop/db_password").text()).isEqualTo("hunter2 \u00e4\u20ac");
    assertThat(run.out() + run.err()).doesNotContain("hunter2");
  }

  @Test
  void anImportNeedsThePasswordAndSendsNothingOtherwise() throws IOException {
    String vault = VaultFileTest.FILES.resolve("format-1.1.yml").toString();
    Run untyped = with("", "secret", "import", vault);
    assertThat(untyped.code()).isEqualTo(Exit.USAGE.code());
    assertThat(untyped.err()).contains("--vault-password-file");

    for (String text : List.of("", "\n", "wrong")) {
      Path password = Files.writeString(directory.resolve("password"), text);
      Run run = with("", "secret", "import", vault, "--vault-password-file", password.toString());
      assertThat(run.code()).isEqualTo(Exit.USAGE.code());
    }
    assertThat(server.lines()).isEmpty();
  }

  @Test
  void theKeyIsRotated() {
    server.on("POST /api/v1/secret-key/rotate", "{\"key\":\"0123456789abcdef\",\"resealed\":12}");
    Run run = Run.of(server, "secret", "rotate-key");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("12 secrets").contains("0123456789abcdef");
    assertThat(run.err()).contains("secret.key");
  }

  @Test
  void withoutAVerbTheUsageIsTold() {
    assertThat(Run.of(server, "secret").code()).isEqualTo(Exit.USAGE.code());
  }
}
