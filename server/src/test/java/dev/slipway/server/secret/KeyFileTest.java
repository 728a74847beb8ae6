package dev.slipway.server.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.SecretUnreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  @TempDir Path directory;
  private KeyFile file;
  private final SealingKeys keys = new SealingKeys(List.of(SealingKey.random()));

  @BeforeEach
  void place() {
    file = new KeyFile(directory.resolve(KeyFile.NAME));
  }

  private static List<String> ids(SealingKeys keys) {
    return keys.all().stream().map(SealingKey::id).toList();
  }

  private void isRefused(String why) {
    assertThatThrownBy(file::read)
        .isInstanceOf(SecretUnreadable.class)
        .hasMessageContaining(file.path().toString())
        .hasMessageContaining(why)
        .hasMessageNotContaining(keys.current().encoded());
  }

  @Test
  void keysAreReadAsTheyWereWritten() throws IOException {
    assertThat(file.read()).isEmpty();
    file.write(keys);
    SealingKeys two = keys.followedBy(SealingKey.random());
    file.write(two);

    SealingKeys read = file.read().orElseThrow();
    assertThat(ids(read)).isEqualTo(ids(two)).hasSize(2);
    assertThat(read.current().encoded()).isEqualTo(two.current().encoded());
    assertThat(Files.exists(file.unfinished())).isFalse();
  }

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    file.write(keys);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx--x---"})
  void aFileThatOthersMayUseIsRefused(String permissions) throws IOException {
    file.write(keys);
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString(permissions));

    isRefused("chmod 600");

    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("r--------"));
    assertThat(file.read()).isPresent();
  }

  @Test
  void aLinkIsRefusedEvenOneThatLeadsNowhere() throws IOException {
    KeyFile elsewhere = new KeyFile(directory.resolve("elsewhere"));
    Files.createSymbolicLink(file.path(), elsewhere.path());
    isRefused("is a link");
    elsewhere.write(keys);
    isRefused("is a link");
  }

  @Test
  void aDirectoryIsRefused() throws IOException {
    Files.createDirectory(file.path());
    isRefused("no plain file");
  }

  @Test
  void aFileOfAnotherAccountIsRefused() throws IOException {
    Assumptions.assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "only root can give files away");
    file.write(keys);
    Files.setAttribute(file.path(), "unix:uid", 12345);
    isRefused("belongs to another account (uid 12345)");
  }

  @Test
  void noByteOfItCanBeChangedUnseen() throws IOException {
    // Base64 of it ends in a 0, for which a decoder takes a 1, too.
    byte[] spare = new byte[32];
    spare[31] = 0xd;
    file.write(new SealingKeys(List.of(new SealingKey(spare))));
    byte[] sound = Files.readAllBytes(file.path());
    int last = sound.length - 1;
    for (int at = 0; at < last; at++) {
      byte[] changed = sound.clone();
      changed[at] ^= 1;
      Files.write(file.path(), changed);
      isRefused("is damaged");
      Files.write(file.path(), java.util.Arrays.copyOf(sound, at));
      isRefused("is damaged");
    }
    Files.write(file.path(), new byte[100_000]);
    isRefused("too large");
  }

  @Test
  void whatACrashLeftBesideItIsReplaced() throws IOException {
    file.write(keys);
    Files.writeString(file.unfinished(), "half a");

    assertThat(ids(file.read().orElseThrow())).isEqualTo(ids(keys));
    file.write(keys.followedBy(SealingKey.random()));
    assertThat(file.read().orElseThrow().all()).hasSize(2);
    assertThat(Files.exists(file.unfinished())).isFalse();
  }
}
