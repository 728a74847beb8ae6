package dev.slipway.server.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealingKeyTest {
  private static final SecretName NAME = new SecretName("shop/db/password");
  private static final byte[] VALUE = "hunter2".getBytes(StandardCharsets.UTF_8);

  private final SealingKey key = SealingKey.random();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 1000, SecretStore.MAX_VALUE_BYTES})
  void whatIsSealedOpensAgain(int length) {
    byte[] value = new byte[length];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) i;
    }

    assertThat(key.open(NAME, key.seal(NAME, value)).orElseThrow()).isEqualTo(value);
  }

  @Test
  void noByteCanBeChanged() {
    byte[] sealed = Base64.getDecoder().decode(key.seal(NAME, VALUE));
    for (int at = 0; at < sealed.length; at++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] changed = sealed.clone();
        changed[at] ^= (byte) (1 << bit);
        assertThat(key.open(NAME, Base64.getEncoder().encodeToString(changed)))
            .as("bit %d of byte %d", bit, at)
            .isEmpty();
      }
    }
  }

  @Test
  void nothingCanBeCutOffOrAdded() {
    byte[] sealed = Base64.getDecoder().decode(key.seal(NAME, VALUE));
    for (int length = 0; length <= sealed.length + 1; length++) {
      byte[] changed = java.util.Arrays.copyOf(sealed, length);
      assertThat(key.open(NAME, Base64.getEncoder().encodeToString(changed)).isPresent())
          .as("%d bytes", length)
          .isEqualTo(length == sealed.length);
    }
    assertThat(key.open(NAME, "no base64 \u00e4")).isEmpty();
  }

  @Test
  void aValueOpensUnderItsOwnNameAndKeyAlone() {
    String sealed = key.seal(NAME, VALUE);

    assertThat(key.open(new SecretName("shop/db/passworc"), sealed)).isEmpty();
    assertThat(SealingKey.random().open(NAME, sealed)).isEmpty();
  }

  @Test
  void noNonceComesTwice() {
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      nonces.add(key.seal(NAME, VALUE).substring(0, 16));
    }

    assertThat(nonces).hasSize(2000);
  }

  @Test
  void itsTextFormDoesNotGiveItAway() {
    assertThat(key.toString()).isEqualTo("key " + key.id()).doesNotContain(key.encoded());
  }
}
