package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactStoreTest {
  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path directory;
  private ArtifactStore store;

  @BeforeEach
  void open() throws IOException {
    store = ArtifactStore.open(directory, ArtifactLimits.DEFAULT.withStoreBytes(1000));
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private StoredArtifact put(String name, String text) throws IOException {
    return store.put(bytes(text), Optional.of(name), 1000);
  }

  private String content(String nameOrSha256) throws IOException {
    try (InputStream in = store.open(nameOrSha256).orElseThrow()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private ArtifactRefused.Reason refusalOf(Callable<?> put) {
    return catchThrowableOfType(ArtifactRefused.class, put::call).reason();
  }

  private List<Path> filesIn(String name) throws IOException {
    try (var files = Files.list(directory.resolve(name))) {
      return files.toList();
    }
  }

  @Test
  void anArtifactIsFoundByNameAndByChecksum() throws IOException {
    StoredArtifact artifact = put("a.txt", "abc");

    assertThat(artifact).isEqualTo(new StoredArtifact(SHA256_OF_ABC, 3, Optional.of("a.txt")));
    assertThat(content("a.txt")).isEqualTo("abc");
    assertThat(content(SHA256_OF_ABC)).isEqualTo("abc");
    assertThat(store.resolve(SHA256_OF_ABC)).contains(artifact);
    assertThat(store.resolve("b.txt")).isEmpty();
    assertThat(store.open("b.txt")).isEmpty();
  }

  @Test
  void aNameMovesOnAndTheOldArtifactStays() throws IOException {
    put("a.txt", "abc");
    put("a.txt", "new");

    assertThat(content("a.txt")).isEqualTo("new");
    assertThat(content(SHA256_OF_ABC)).isEqualTo("abc");
    assertThat(store.list())
        .extracting(artifact -> artifact.name().orElse("-"))
        .containsExactly("a.txt", "-");
  }

  @Test
  void allIsThereAfterAReopenAndLeftoversAreNot() throws IOException {
    put("a.txt", "abc");
    put("b.txt", "abc");
    store.put(bytes("unnamed"), Optional.empty(), 1000);
    List<StoredArtifact> before = store.list();
    Files.writeString(directory.resolve("incoming/incoming-1"), "half an upl");
    Files.writeString(directory.resolve("names/.new-c.txt"), "half a na");

    open();

    assertThat(store.list()).isEqualTo(before).hasSize(3);
    assertThat(store.storedBytes()).isEqualTo(3 + 7);
    assertThat(filesIn("incoming")).isEmpty();
    assertThat(filesIn("names")).hasSize(2);
  }

  @Test
  void aNameWhoseArtifactIsGoneIsIgnored() throws IOException {
    put("a.txt", "abc");
    Files.delete(directory.resolve("blobs").resolve(SHA256_OF_ABC));

    open();

    assertThat(store.list()).isEmpty();
    assertThat(store.resolve("a.txt")).isEmpty();
  }

  @Test
  void anUploadThatBreaksLeavesNothing() throws IOException {
    var broken =
        new InputStream() {
          private int left = 10;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("connection reset");
            }
            return 'x';
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            buffer[offset] = (byte) read();
            return 1;
          }
        };

    assertThatThrownBy(() -> store.put(broken, Optional.of("a.txt"), 1000))
        .hasMessage("connection reset");

    assertThat(store.list()).isEmpty();
    assertThat(filesIn("incoming")).isEmpty();
    assertThat(filesIn("blobs")).isEmpty();
    // The room that it had claimed is free again.
    put("big", "x".repeat(1000));
  }

  @Test
  void oneThatIsTooLargeIsRefusedAndLeavesNothing() throws IOException {
    assertThat(refusalOf(() -> store.put(bytes("12345"), Optional.of("a"), 4)))
        .isEqualTo(ArtifactRefused.Reason.TOO_LARGE);
    assertThat(filesIn("incoming")).isEmpty();
    assertThat(store.put(bytes("1234"), Optional.of("a"), 4).size()).isEqualTo(4);
  }

  @Test
  void aFullStoreRefusesUntilSomethingIsRemoved() throws IOException {
    put("a", "x".repeat(600));

    assertThat(refusalOf(() -> put("b", "y".repeat(401))))
        .isEqualTo(ArtifactRefused.Reason.STORE_FULL);
    assertThat(filesIn("incoming")).isEmpty();
    assertThat(store.remove("a")).isTrue();

    assertThat(put("b", "y".repeat(401)).size()).isEqualTo(401);
    assertThat(filesIn("blobs")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "../a", "a/b", ".a", "-a", "a b", "a\0", "ä", "a\n", SHA256_OF_ABC})
  void whatIsNoNameIsRefused(String name) throws IOException {
    assertThat(refusalOf(() -> put(name, "abc"))).isEqualTo(ArtifactRefused.Reason.NAME);
    assertThat(store.list()).isEmpty();
  }

  @Test
  void removingANameKeepsTheArtifactWhileItHasAnother() throws IOException {
    put("a", "abc");
    put("b", "abc");

    assertThat(store.remove("a")).isTrue();
    assertThat(content("b")).isEqualTo("abc");
    assertThat(store.remove("b")).isTrue();
    assertThat(store.resolve(SHA256_OF_ABC)).isEmpty();
    assertThat(store.remove("b")).isFalse();
    assertThat(store.storedBytes()).isZero();
  }

  @Test
  void removingAChecksumRemovesItsNames() throws IOException {
    put("a", "abc");
    put("b", "abc");

    assertThat(store.remove(SHA256_OF_ABC)).isTrue();

    assertThat(store.list()).isEmpty();
    assertThat(filesIn("names")).isEmpty();
  }

  @Test
  void whatIsBeingReadStaysReadableWhenRemoved() throws IOException {
    put("a", "abc");
    try (InputStream in = store.open("a").orElseThrow()) {
      store.remove("a");

      assertThat(in.readAllBytes()).isEqualTo("abc".getBytes(UTF_8));
    }
  }

  @Test
  void manyPutsOfTheSameAtOnceStoreItOnce() throws Exception {
    var start = new CountDownLatch(1);
    var puts = new ArrayList<Future<StoredArtifact>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < ArtifactStore.UPLOADS; i++) {
        puts.add(
            threads.submit(
                () -> {
                  start.await();
                  return put("same", "abc");
                }));
      }
      start.countDown();
      for (Future<StoredArtifact> put : puts) {
        assertThat(put.get().sha256()).isEqualTo(SHA256_OF_ABC);
      }
    }
    assertThat(store.storedBytes()).isEqualTo(3);
    assertThat(filesIn("blobs")).hasSize(1);
    assertThat(filesIn("incoming")).isEmpty();
  }
}
