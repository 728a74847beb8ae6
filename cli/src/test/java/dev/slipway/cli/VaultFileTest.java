package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files were made by `ansible-vault encrypt` of Ansible 2.14, the second one with a label.
class VaultFileTest {
  static final Path FILES = Path.of("src", "test", "resources", "vault");
  static final String PASSWORD = "correct horse b\u00e4ttery";

  private static byte[] file(String name) throws IOException {
    return Files.readAllBytes(FILES.resolve(name));
  }

  private static Map<String, String> texts(byte[] file, String password) {
    return VaultFile.texts(file, password.getBytes(StandardCharsets.UTF_8), "vault.yml");
  }

  private static void isRefused(byte[] file, String password, String why) {
    assertThatThrownBy(() -> texts(file, password))
        .isInstanceOfSatisfying(
            Complaint.class,
            complaint -> {
              assertThat(complaint.exit()).isEqualTo(Exit.USAGE);
              assertThat(complaint.what()).contains("vault.yml").contains(why);
              assertThat(complaint.what() + complaint.details() + complaint.advice())
                  .doesNotContain("hunter2")
                  .doesNotContain(PASSWORD);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"format-1.1.yml", "format-1.2.yml"})
  void whatAnsibleEncryptedIsRead(String name) throws IOException {
    assertThat(texts(file(name), PASSWORD))
        .containsExactly(
            Map.entry("api/token", "abc123"),
            Map.entry("db_password", "hunter2 \u00e4\u20ac"),
            Map.entry("multi", "line one\nline two\n"));
  }

  @Test
  void lineEndsOfWindowsDoNotMatter() throws IOException {
    String text = new String(file("format-1.1.yml"), StandardCharsets.US_ASCII);
    assertThat(texts(text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII), PASSWORD))
        .hasSize(3);
  }

  @Test
  void anotherPasswordIsRefused() throws IOException {
    isRefused(file("format-1.1.yml"), PASSWORD + " ", "does not open with this password");
  }

  @Test
  void noDigitCanBeChangedUnseen() throws IOException {
    byte[] sound = file("format-1.1.yml");
    int heading = new String(sound, StandardCharsets.US_ASCII).indexOf('\n') + 1;
    for (int at = heading; at < sound.length - 1; at += 61) {
      byte[] changed = sound.clone();
      changed[at] = (byte) (changed[at] == '1' ? '2' : '1');
      isRefused(changed, PASSWORD, "");
    }
  }

  @Test
  void whatIsNoVaultIsRefused() throws IOException {
    for (String text : List.of("", "db_password: hunter2\n", "\u00e4")) {
      isRefused(text.getBytes(StandardCharsets.UTF_8), PASSWORD, "is no file of ansible-vault");
    }
    String sound = new String(file("format-1.1.yml"), StandardCharsets.US_ASCII);
    for (String heading :
        List.of("$ANSIBLE_VAULT;1.0;AES", "$ANSIBLE_VAULT;1.1", "$ANSIBLE_VAULT;1.1;DES")) {
      isRefused(
          sound.replace("$ANSIBLE_VAULT;1.1;AES256", heading).getBytes(StandardCharsets.US_ASCII),
          PASSWORD,
          "format");
    }
    for (String body : List.of("", "zz", "6161", "610a610a61", "0a0a", "610a610a610a61")) {
      isRefused(
          ("$ANSIBLE_VAULT;1.1;AES256\n" + body).getBytes(StandardCharsets.US_ASCII), PASSWORD, "");
    }
  }

  @Test
  void onlyTextsBecomeSecrets() throws IOException {
    assertThatThrownBy(() -> texts(file("no-strings.yml"), PASSWORD))
        .isInstanceOfSatisfying(
            Complaint.class,
            complaint -> {
              assertThat(complaint.what()).contains("nothing of vault.yml was imported");
              assertThat(complaint.details())
                  .containsExactly("numbers is a number", "nested is a map");
            });
  }
}
