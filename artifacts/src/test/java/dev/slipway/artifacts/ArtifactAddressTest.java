package dev.slipway.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactAddressTest {
  @Test
  void userInformationBecomesBasicAuthenticationAndIsNeverShown() throws Exception {
    var web = (ArtifactAddress.Web) ArtifactAddress.parse("https://joe:s%40cret@h.example/a.tgz");

    String credentials = web.authorization().orElseThrow().substring("Basic ".length());
    assertThat(new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8))
        .isEqualTo("joe:s@cret");
    assertThat(web.shown()).isEqualTo("https://h.example/a.tgz");
    assertThat(web.uri().toString()).doesNotContain("joe").doesNotContain("cret");
    assertThat(web).hasToString("https://h.example/a.tgz");
  }

  @Test
  void theQueryIsSentAndPartOfTheNameAsInMesosButNotShown() throws Exception {
    var web = (ArtifactAddress.Web) ArtifactAddress.parse("http://h:81/x/app.tar.gz?sig=abc#f");

    assertThat(web.uri()).hasToString("http://h:81/x/app.tar.gz?sig=abc");
    assertThat(web.shown()).isEqualTo("http://h:81/x/app.tar.gz?...");
    assertThat(web.lastPart()).isEqualTo("app.tar.gz?sig=abc");
    assertThat(web.nameWithoutQuery()).isEqualTo("app.tar.gz");
    assertThat(web.withoutSecrets("conflict at \"app.tar.gz?sig=abc\""))
        .isEqualTo("conflict at \"app.tar.gz?...\"");
  }

  @Test
  void aNameThatNoFileSystemHoldsLosesItsQuery() throws Exception {
    var web = (ArtifactAddress.Web) ArtifactAddress.parse("http://h/app.zip?" + "s".repeat(300));

    assertThat(web.lastPart()).isEqualTo("app.zip");
  }

  @Test
  void whatComesAfterTheLastSlashIsTheNameEvenWithinTheQuery() throws Exception {
    assertThat(ArtifactAddress.parse("http://h/a.zip?next=/b/c").lastPart()).isEqualTo("c");
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/a/b%20c.zip, b%20c.zip",
    "http://h/a+b.zip, a+b.zip",
    "http://h/a/, ''",
    "http://h, ''",
    "file:///opt/x.jar, x.jar",
    "/opt/x.jar, x.jar",
    "file:/opt/a%20b, a b",
    "slipway://crawler.tar.gz, crawler.tar.gz",
    "'  http://h/leading-blanks.txt', leading-blanks.txt"
  })
  void theLastPartOfThePathIsTheName(String uri, String name) throws Exception {
    assertThat(ArtifactAddress.parse(uri).lastPart()).isEqualTo(name);
  }

  @Test
  void aStoredArtifactMayBeGivenAFileName() throws Exception {
    String sha256 = "a".repeat(64);

    var stored = (ArtifactAddress.Stored) ArtifactAddress.parse("slipway://" + sha256 + "/c.tgz");

    assertThat(stored.reference()).isEqualTo(sha256);
    assertThat(stored.lastPart()).isEqualTo("c.tgz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name.txt",
        "../x",
        "ftp://h/x",
        "s3://b/x",
        "hdfs://n/x",
        "javascript:alert(1)",
        "http:///x",
        "http:x",
        "http://h:99999/x",
        "http://h:0/x",
        "http://h/a b",
        "http://h/a\\b",
        "http://h/it's",
        "http://h/a\nHost: evil",
        "http://h/\0",
        "file://other.example/etc/passwd",
        "file:relative",
        "slipway:x",
        "slipway://",
        "slipway://../x",
        "slipway://.hidden",
        "http://h/%zz"
      })
  void whatIsNoAddressOfASupportedSchemeIsRefused(String uri) {
    assertThatThrownBy(() -> ArtifactAddress.parse(uri)).isInstanceOf(ArtifactProblem.class);
  }

  @Test
  void aMalformedAddressIsNotQuotedSinceItMayHoldAPassword() {
    assertThatThrownBy(() -> ArtifactAddress.parse("http://joe:hunter2@h/a b"))
        .isInstanceOf(ArtifactProblem.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void anAddressLongerThanMarathonsIsRefused() {
    assertThatThrownBy(() -> ArtifactAddress.parse("http://h/" + "a".repeat(1016)))
        .hasMessageContaining("1024");
  }

  @Test
  void credentialsFollowARedirectWithinTheOriginOnly() throws Exception {
    var web = (ArtifactAddress.Web) ArtifactAddress.parse("https://joe:x@h.example/a");

    assertThat(web.redirectedTo("/b").authorization()).isPresent();
    assertThat(web.redirectedTo("https://h.example:443/b").authorization()).isPresent();
    assertThat(web.redirectedTo("https://h.example:444/b").authorization()).isEmpty();
    assertThat(web.redirectedTo("https://other.example/b").authorization()).isEmpty();
    assertThatThrownBy(() -> web.redirectedTo("http://h.example/b"))
        .hasMessageContaining("from https to http");
    assertThatThrownBy(() -> web.redirectedTo("file:///etc/passwd"))
        .isInstanceOf(ArtifactProblem.class);
  }

  @Test
  void theEndOfTheNameTellsTheFormat() {
    assertThat(ArchiveFormat.ofName("a.tgz")).contains(ArchiveFormat.TAR_GZ);
    assertThat(ArchiveFormat.ofName("A.TAR.GZ")).contains(ArchiveFormat.TAR_GZ);
    assertThat(ArchiveFormat.ofName("a.gz")).contains(ArchiveFormat.GZ);
    assertThat(ArchiveFormat.ofName("a.txz")).contains(ArchiveFormat.TAR_XZ);
    assertThat(ArchiveFormat.ofName("a.jar")).isEmpty();
    assertThat(ArchiveFormat.ofName(".gz")).isEmpty();
    assertThat(ArchiveFormat.ofName("tar")).isEmpty();
  }

  @Test
  void fileAddressesAreNormalised() throws Exception {
    var file = (ArtifactAddress.LocalFile) ArtifactAddress.parse("file:///opt/../etc/x");

    assertThat(file.path()).isEqualTo(Path.of("/etc/x"));
    assertThat(Optional.of(file.shown())).contains("file:///etc/x");
  }
}
