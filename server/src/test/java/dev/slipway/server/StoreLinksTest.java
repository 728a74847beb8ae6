package dev.slipway.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.artifacts.ArtifactLimits;
import dev.slipway.artifacts.ArtifactStore;
import dev.slipway.artifacts.FetchPolicy;
import dev.slipway.artifacts.Fetcher;
import dev.slipway.artifacts.StoredArtifact;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.link.LinkKey;
import dev.slipway.server.link.LinkedArtifacts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreLinksTest {
  private static final URI SERVER = URI.create("http://server.example:8080/");

  @TempDir Path directory;

  private ArtifactStore store() throws IOException {
    return ArtifactStore.open(directory.resolve("store"), ArtifactLimits.DEFAULT);
  }

  private static StoredArtifact put(ArtifactStore store, String name) throws IOException {
    var bytes = new ByteArrayInputStream(("bytes of " + name).getBytes(UTF_8));
    return store.put(bytes, Optional.of(name), Long.MAX_VALUE);
  }

  private LinkedArtifacts linked(ArtifactStore store) throws IOException {
    return new LinkedArtifacts(
        LinkKey.in(directory), new StoreStock(store), InstantSource.system());
  }

  @Test
  void aNameBecomesALinkToTheBytesThatItNamesNow() throws Exception {
    ArtifactStore store = store();
    StoredArtifact artifact = put(store, "app.tgz");
    var links = new StoreLinks(store, linked(store), Optional.of(SERVER));
    Fetch fetch = links.linked(Fetch.of("slipway://app.tgz"));
    assertThat(fetch.uri())
        .startsWith(
            "http://server.example:8080/api/v1/linked-artifacts/" + artifact.sha256() + "?expires=")
        .hasSizeLessThan(Fetch.MAX_URI_LENGTH);
    assertThat(fetch.destPath()).contains("app.tgz");
    assertThat(fetch.checksum()).contains(artifact.sha256());
    assertThat(links.platform()).contains(SERVER);
  }

  @Test
  void whatTheUserSaysOfTheFileStays() throws Exception {
    ArtifactStore store = store();
    StoredArtifact artifact = put(store, "app.tgz");
    var links = new StoreLinks(store, linked(store), Optional.of(SERVER));
    var asked =
        new Fetch(
            "slipway://" + artifact.sha256() + "/other.zip",
            false,
            true,
            true,
            Optional.empty(),
            Optional.of("0".repeat(64)));
    Fetch fetch = links.linked(asked);
    assertThat(fetch.destPath()).contains("other.zip");
    assertThat(fetch.checksum()).contains("0".repeat(64));
    assertThat(fetch.executable()).isTrue();
    assertThat(fetch.cache()).isTrue();
    assertThat(fetch.extract()).isFalse();
  }

  @Test
  void otherAddressesStayAsTheyAre() throws Exception {
    ArtifactStore store = store();
    var links = new StoreLinks(store, linked(store), Optional.empty());
    Fetch fetch = Fetch.of("https://example.org/a.tgz");
    assertThat(links.linked(fetch)).isSameAs(fetch);
  }

  @Test
  void whatCannotBeLinkedSaysWhyAndWhatToDo() throws Exception {
    ArtifactStore store = store();
    put(store, "app.tgz");
    var links = new StoreLinks(store, linked(store), Optional.empty());
    assertThatThrownBy(() -> links.linked(Fetch.of("slipway://app.tgz")))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining("start it with --kubernetes-server");
    assertThatThrownBy(() -> links.linked(Fetch.of("slipway://none.tgz")))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining("the store has no artifact of this name or checksum");
    assertThatThrownBy(() -> links.linked(Fetch.of("slipway:app.tgz")))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining("a store address is slipway://NAME or slipway://SHA256");
  }

  @Test
  void aFetcherElsewhereFollowsTheLink() throws Exception {
    ArtifactStore store = store();
    put(store, "notes.txt");
    LinkedArtifacts linked = linked(store);
    try (var server = HttpServer.start(HttpSettings.DEFAULT.at("127.0.0.1", 0), List.of(linked));
        var fetcher =
            Fetcher.withoutStore(
                directory.resolve("cache"),
                FetchPolicy.forSharedMachines().withPlatform(Optional.of(server.uri())),
                ArtifactLimits.DEFAULT)) {
      var links = new StoreLinks(store, linked, Optional.of(server.uri()));
      Path sandbox = Files.createDirectory(directory.resolve("sandbox"));
      fetcher.fetch(List.of(links.linked(Fetch.of("slipway://notes.txt"))), sandbox, "user");
      assertThat(sandbox.resolve("notes.txt")).hasContent("bytes of notes.txt");
    }
  }
}
