package dev.slipway.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
  @TempDir Path directory;

  @Test
  void theTokenIsMadeOnceAndOnlyItsHashIsKept() throws IOException {
    Path file = directory.resolve(TokenFile.NAME);
    var first = TokenFile.loadOrCreate(file);
    var second = TokenFile.loadOrCreate(file);
    String token = first.made().orElseThrow().value();

    assertThat(token).matches("[A-Za-z0-9_-]{43}");
    assertThat(second.made()).isEmpty();
    assertThat(second.hash().matches(token)).isTrue();
    assertThat(second.hash().matches(token + "x")).isFalse();
    assertThat(Files.readString(file)).doesNotContain(token).matches("sha256:[0-9a-f]{64}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(first.toString()).doesNotContain(token);
  }

  @Test
  void twoServersHaveDifferentTokens() throws IOException {
    var one = TokenFile.loadOrCreate(directory.resolve("one")).made().orElseThrow();
    var other = TokenFile.loadOrCreate(directory.resolve("other")).made().orElseThrow();

    assertThat(one.value()).isNotEqualTo(other.value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sha256:", "sha256:abc", "sha256:zz", "plain-token"})
  void aDamagedFileIsRefusedAndKept(String text) throws IOException {
    Path file = directory.resolve(TokenFile.NAME);
    Files.writeString(file, text);

    assertThatThrownBy(() -> TokenFile.loadOrCreate(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path elsewhere = directory.resolve("elsewhere");
    TokenFile.loadOrCreate(elsewhere);
    Path file = Files.createSymbolicLink(directory.resolve(TokenFile.NAME), elsewhere);

    assertThatThrownBy(() -> TokenFile.loadOrCreate(file)).isInstanceOf(IOException.class);
  }
}
