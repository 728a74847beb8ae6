package dev.slipway.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;

/// A file that `ansible-vault encrypt` made, of format 1.1, or 1.2 which only adds a label: a
/// heading, then in hexadecimal digits the salt, an HMAC-SHA256 and what AES-256 in counter mode
/// made of the text. The keys and the first counter come of the password by PBKDF2-HMAC-SHA256.
///
/// What cannot be read is refused with a [Complaint] that holds nothing of the content.
///
/// Source: "Ansible Vault payload format" of Ansible's documentation, `VaultAES256` in
/// `lib/ansible/parsing/vault`.
final class VaultFile {
  private static final String HEADING = "$ANSIBLE_VAULT;";
  private static final int ITERATIONS = 10_000;
  private static final int KEY_BYTES = 32;
  private static final int BLOCK_BYTES = 16;

  private VaultFile() {}

  /// The texts in the file, by name.
  ///
  /// @param shown what the file is called in complaints
  static Map<String, String> texts(byte[] file, byte[] password, String shown) {
    byte[] plain = decrypted(file, password, shown);
    try {
      return texts(tree(plain, shown), shown);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  static byte[] decrypted(byte[] file, byte[] password, String shown) {
    List<String> lines = new String(file, StandardCharsets.ISO_8859_1).lines().toList();
    checkHeading(lines.isEmpty() ? "" : lines.getFirst().strip(), shown);
    var body = new StringBuilder();
    lines.stream().skip(1).forEach(line -> body.append(line.strip()));
    try {
      String[] parts =
          new String(HexFormat.of().parseHex(body), StandardCharsets.ISO_8859_1).split("\n", -1);
      if (parts.length != 3) {
        throw damaged(shown);
      }
      byte[] salt = HexFormat.of().parseHex(parts[0]);
      byte[] tag = HexFormat.of().parseHex(parts[1]);
      byte[] encrypted = HexFormat.of().parseHex(parts[2]);
      return opened(salt, tag, encrypted, characters(password, shown), shown);
    } catch (IllegalArgumentException noHexadecimalDigits) {
      throw damaged(shown);
    }
  }

  private static void checkHeading(String heading, String shown) {
    if (!heading.startsWith(HEADING)) {
      throw Complaint.of(Exit.USAGE, shown + " is no file of ansible-vault")
          .mend("Encrypt it first: ansible-vault encrypt FILE");
    }
    String[] fields = heading.split(";", -1);
    boolean known =
        fields.length >= 3
            && (fields[1].equals("1.1") || fields[1].equals("1.2"))
            && fields[2].equals("AES256");
    if (!known) {
      throw Complaint.of(
              Exit.USAGE,
              shown + " is of a format of ansible-vault that is not 1.1 or 1.2 with AES256")
          .mend("Write it anew with a newer Ansible: ansible-vault rekey FILE");
    }
  }

  /// Nothing is decrypted before the HMAC was found to be right.
  private static byte[] opened(
      byte[] salt, byte[] tag, byte[] encrypted, char[] password, String shown) {
    if (salt.length == 0 || encrypted.length == 0) {
      throw damaged(shown);
    }
    try {
      var derivation =
          new PBEKeySpec(password, salt, ITERATIONS, Byte.SIZE * (2 * KEY_BYTES + BLOCK_BYTES));
      byte[] keys =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(derivation)
              .getEncoded();
      derivation.clearPassword();
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(keys, KEY_BYTES, KEY_BYTES, "HmacSHA256"));
      if (!MessageDigest.isEqual(tag, mac.doFinal(encrypted))) {
        throw Complaint.of(Exit.USAGE, shown + " does not open with this password, or is damaged")
            .mend("`ansible-vault view " + shown + "` tells whether the password is right.");
      }
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(keys, 0, KEY_BYTES, "AES"),
          new IvParameterSpec(keys, 2 * KEY_BYTES, BLOCK_BYTES));
      return withoutPadding(cipher.doFinal(encrypted), shown);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has these algorithms", impossible);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  /// The padding of PKCS #7 (RFC 5652, section 6.3).
  private static byte[] withoutPadding(byte[] padded, String shown) {
    int padding = padded[padded.length - 1];
    if (padding < 1 || padding > BLOCK_BYTES || padding > padded.length) {
      throw damaged(shown);
    }
    return Arrays.copyOf(padded, padded.length - padding);
  }

  private static char[] characters(byte[] password, String shown) {
    try {
      var decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
      char[] characters = new char[decoded.remaining()];
      decoded.get(characters);
      return characters;
    } catch (CharacterCodingException notText) {
      throw Complaint.of(Exit.USAGE, "The password for " + shown + " is no text in UTF-8");
    }
  }

  /// What the parser says may quote the text, so only the line is told.
  private static Json tree(byte[] plain, String shown) {
    try {
      return YamlTree.read(plain);
    } catch (JacksonException e) {
      var location = e.getLocation();
      String line = location == null ? "" : " (line " + location.getLineNr() + ")";
      throw Complaint.of(Exit.USAGE, "What " + shown + " holds is no YAML" + line);
    } catch (Complaint refused) {
      throw Complaint.of(
          Exit.USAGE,
          "The YAML in " + shown + " names something twice, or has aliases that lead nowhere");
    }
  }

  private static Map<String, String> texts(Json tree, String shown) {
    if (!tree.isObject() || tree.fields().isEmpty()) {
      throw Complaint.of(
          Exit.USAGE, shown + " does not hold names and values, like `password: ...`");
    }
    Map<String, String> texts = new TreeMap<>();
    List<String> others = new java.util.ArrayList<>();
    tree.fields()
        .forEach(
            (name, field) -> {
              if (field.value() instanceof String text && !text.isEmpty()) {
                texts.put(name, text);
              } else {
                others.add(Words.printable(name) + " is " + kind(field));
              }
            });
    if (!others.isEmpty()) {
      throw Complaint.of(
              Exit.USAGE, "Only texts become secrets; nothing of " + shown + " was imported")
          .because(others)
          .mend(
              "Put numbers and the like in quotes, and write nested names out as shop/db/password.");
    }
    return texts;
  }

  private static String kind(Json field) {
    if (field.isObject()) {
      return "a map";
    }
    if (field.isArray()) {
      return "a list";
    }
    if (field.value() instanceof Number) {
      return "a number";
    }
    if (field.value() instanceof Boolean) {
      return "true or false";
    }
    return "empty";
  }

  private static Complaint damaged(String shown) {
    return Complaint.of(Exit.USAGE, shown + " is damaged: it is not what ansible-vault writes");
  }
}
