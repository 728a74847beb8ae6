package dev.slipway.server.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.TokenFile;
import dev.slipway.server.link.LinkedArtifacts.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LinkedArtifactsTest {
  private static final byte[] BYTES = "the artifact's bytes".getBytes(UTF_8);
  private static final String SHA256 = "5".repeat(64);
  private static final String OTHER = "6".repeat(64);

  @TempDir Path data;

  private final HttpClient client = HttpClient.newHttpClient();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Optional<LinkedArtifacts> links = Optional.empty();
  private Optional<HttpServer> server = Optional.empty();

  /// On all addresses, so that whoever has no link is asked for a token.
  @BeforeEach
  void start() throws IOException {
    var made = new LinkedArtifacts(LinkKey.in(data), LinkedArtifactsTest::open, () -> now);
    links = Optional.of(made);
    var token = TokenFile.loadOrCreate(data.resolve(TokenFile.NAME));
    var settings =
        new HttpSettings("0.0.0.0", 0, Optional.of(token.hash()), HttpSettings.DEFAULT.limits());
    server = Optional.of(HttpServer.start(settings, List.of(made)));
  }

  private static Optional<Content> open(String sha256) {
    return sha256.equals(SHA256) || sha256.equals("7".repeat(64))
        ? Optional.of(new Content(new ByteArrayInputStream(BYTES), BYTES.length))
        : Optional.empty();
  }

  @AfterEach
  void stop() {
    server.ifPresent(HttpServer::close);
  }

  private URI link(String sha256) {
    return links.orElseThrow().link(server.orElseThrow().uri(), sha256);
  }

  private HttpResponse<byte[]> get(URI uri) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private int status(String uri) throws IOException, InterruptedException {
    return get(URI.create(uri)).statusCode();
  }

  @Test
  void aLinkGivesTheBytesWithoutAToken() throws Exception {
    HttpResponse<byte[]> answer = get(link(SHA256));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(BYTES);
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(BYTES.length);
    assertThat(answer.headers().firstValue("ETag")).contains("\"" + SHA256 + "\"");
  }

  @Test
  void aLinkGivesNothingElse() throws Exception {
    String link = link(SHA256).toString();
    assertThat(status(link.replace(SHA256, "7".repeat(64)))).isEqualTo(403);
    assertThat(status(link.replaceAll("expires=[0-9]+", "expires=99999999999"))).isEqualTo(403);
    assertThat(status(link.replaceAll("signature=.", "signature=!"))).isEqualTo(403);
    assertThat(status(link.replaceAll("&signature.*", ""))).isEqualTo(403);
    assertThat(status(link.replaceAll("\\?.*", ""))).isEqualTo(403);
    assertThat(status(link + "&more=1")).isEqualTo(403);
    assertThat(status(link.replace("/api/v1/", "/api//v1/"))).isEqualTo(401);
    assertThat(status(link.replace("linked-artifacts", "artifacts"))).isEqualTo(401);
  }

  @Test
  void aLinkEnds() throws Exception {
    URI link = link(SHA256);
    now = now.plus(LinkedArtifacts.VALIDITY);
    assertThat(get(link).statusCode()).isEqualTo(200);
    now = now.plusSeconds(1);
    assertThat(get(link).statusCode()).isEqualTo(410);
  }

  @Test
  void aLinkToWhatWasRemovedSaysSo() throws Exception {
    assertThat(get(link(OTHER)).statusCode()).isEqualTo(404);
  }

  @Test
  void whoGuessesIsAnsweredNoMoreButALinkStillHolds() throws Exception {
    String wrong = link(OTHER).toString().replace(OTHER, SHA256);
    for (int i = 0; i < 10; i++) {
      assertThat(status(wrong)).isEqualTo(403);
    }
    HttpResponse<byte[]> refused = get(URI.create(wrong));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(get(link(SHA256)).statusCode()).isEqualTo(200);
  }

  @Test
  void theKeyIsItsOwnersAloneAndSurvivesARestart() throws Exception {
    Path file = data.resolve(LinkKey.NAME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(LinkKey.in(data).sign("text")).isEqualTo(LinkKey.in(data).sign("text"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> LinkKey.in(data))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("can be read by others");
  }

  @Test
  void aDamagedKeyIsRefusedAndNotReplaced() throws Exception {
    Path file = data.resolve(LinkKey.NAME);
    Files.writeString(file, "short\n");
    assertThatThrownBy(() -> LinkKey.in(data))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not hold a key");
    assertThat(file).hasContent("short");
  }
}
