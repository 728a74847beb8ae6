package dev.slipway.server.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"a", "db_password", "shop/db/password", "A-1.b/_x", "a/b/c/d/e/f/g/h/i/j", "0"})
  void pathsAreNames(String text) {
    assertThat(SecretName.parse(text)).contains(new SecretName(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        "..",
        "a/../b",
        ".a",
        "-a",
        "a b",
        "a\n",
        "a%2Fb",
        "\u00e4",
        "a/b/c/d/e/f/g/h/i/j/k",
        "a\u0000"
      })
  void otherTextsAreNone(String text) {
    assertThat(SecretName.parse(text)).isEmpty();
  }

  @Test
  void aNameHasALimit() {
    assertThat(SecretName.parse("a".repeat(SecretName.MAX_LENGTH))).isPresent();
    assertThat(SecretName.parse("a".repeat(SecretName.MAX_LENGTH + 1))).isEmpty();
  }
}
